from __future__ import annotations

import struct

import pytest
from google_crc32c import value as crc32c
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.boundary.batch_kit import (
    BLOCK,
    CLEAN,
    CODECS,
    CONTROL,
    DELETE_HORIZON,
    DIRTY,
    HIDDEN,
    HIDE,
    LIMITS,
    OUT,
    PLANS,
    TRANSACTIONAL,
    batch,
    detect,
    field,
    plan,
    record,
    record_lists,
    records_of,
    values_of,
    whole,
)
from tests.detect.samples import CARD
from tests.wire import batch_oracles
from zoneproxy.boundary.batches import treat_fetch
from zoneproxy.boundary.facts import Blocked, CacheUsed, Noticed, Scanned
from zoneproxy.boundary.fetch_cache import FetchCache
from zoneproxy.policy.controls import Action
from zoneproxy.wire.batch import HEADER_SIZE, Whole, empty_batch, walk
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.error_codes import ErrorCode

COMMIT, EPOCH = b"\0\0\0\1", bytes(6)


def treat(data, compiled=BLOCK, limits=LIMITS):
    result = treat_fetch(data, compiled, limits, OUT)
    assert result.error == ErrorCode.NONE
    return result


def old_message(magic=1, offset=500):
    """A message as Kafka 0.10 wrote it."""
    value = CARD.encode()
    body = struct.pack(">bb", magic, 0) + (bytes(8) if magic else b"") + struct.pack(">ii", -1, len(value)) + value
    return struct.pack(">qiI", offset, len(body) + 4, 0) + body


def marker(key=COMMIT, value=EPOCH, **fields):
    return batch([record(value, key)], **({"attributes": CONTROL | TRANSACTIONAL} | fields))


# --- what goes on as it came ---------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("compiled", [BLOCK, HIDE])
def test_clean_batches_go_on_as_they_came(codec, compiled):
    data = batch([CLEAN, None], codec) + marker() + batch([CLEAN], attributes=codec | TRANSACTIONAL | DELETE_HORIZON)
    result = treat(data, compiled)
    assert (result.data, result.blocked, result.reason) == (None, 0, "")
    (scanned,) = result.facts
    assert isinstance(scanned, Scanned)
    assert scanned.batches == 2


def test_nothing_is_nothing():
    result = treat(b"")
    assert (result.data, result.facts) == (None, [])


def test_batches_that_compaction_emptied_go_on():
    emptied = empty_batch(whole(batch([CLEAN] * 3)).header)
    no_marker = empty_batch(whole(marker()).header)
    assert treat(emptied + no_marker).data is None


def test_gaps_that_compaction_left_are_no_fault():
    data = batch([record(CLEAN, at=2), record(DIRTY, at=5)], last_offset_delta=9)
    after = treat(data)
    assert [found.offset_delta for found in records_of(after.data)] == [2]
    assert whole(after.data).header.last_offset_delta == 9


# --- what is changed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", CODECS)
def test_redaction(codec):
    data = batch([CLEAN, DIRTY], codec) + batch([CLEAN], codec)
    result = treat(data, HIDE)
    first, second = walk(result.data)
    assert values_of(first.view) == [CLEAN.encode(), HIDDEN.encode()]
    assert bytes(second.view) == batch([CLEAN], codec)
    assert result.blocked == 0
    assert batch_oracles.read_by_kafka_python(bytes(first.view)) == batch_oracles.read_by_us(first.view)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("attributes", [0, TRANSACTIONAL, DELETE_HORIZON, 0x08])
def test_blocked_records_are_taken_out(codec, attributes):
    data = batch([CLEAN, DIRTY, None, CLEAN], codec, attributes=codec | attributes)
    result = treat(data)
    before, after = whole(data).header, whole(result.data).header
    assert after == before._replace(crc=after.crc, batch_length=after.batch_length, records_count=3)
    old = {found.offset_delta: found for found in records_of(data)}
    assert records_of(result.data) == [old[0], old[2], old[3]]
    assert (result.blocked, result.reason) == (1, "finding")
    assert Blocked("no cards", "fetch", "finding", "t", 2, 1) in result.facts


@pytest.mark.parametrize("codec", CODECS)
def test_an_emptied_batch_keeps_its_place(codec):
    data = batch([DIRTY, DIRTY], codec, attributes=codec | TRANSACTIONAL)
    result = treat(data + batch([CLEAN]))
    first, second = walk(result.data)
    assert len(first.view) == HEADER_SIZE
    assert first.header == whole(data).header._replace(
        attributes=TRANSACTIONAL, records_count=0, batch_length=HEADER_SIZE - 12, crc=first.header.crc
    )
    assert crc32c(bytes(first.view[21:])) == first.header.crc
    assert bytes(second.view) == batch([CLEAN])


def test_a_tombstone_with_a_clean_key_stays():
    result = treat(batch([record(None, b"key"), record(None, CARD.encode(), at=1)]))
    assert [found.key for found in records_of(result.data)] == [b"key"]


def test_field_rules():
    result = treat(batch(['{"a":"secret"}', "text", None]), plan(field("$.a")))
    assert values_of(result.data) == [b'{"a":"**cret"}', None]
    assert (result.blocked, result.reason) == (1, "unscannable")


# --- what cannot be looked into ------------------------------------------------------------------------------


def emptied(data, compiled=HIDE, limits=LIMITS):
    """The result of a batch that is replaced by its header, which says ``reason``."""
    result = treat(data, compiled, limits)
    (entry,) = walk(result.data)
    assert isinstance(entry, Whole)
    assert len(entry.view) == HEADER_SIZE
    assert entry.header.records_count == 0
    assert entry.header.codec == 0
    assert crc32c(bytes(entry.view[21:])) == entry.header.crc
    assert result.blocked >= 1
    return result.reason


@pytest.mark.parametrize("codec", CODECS)
def test_a_wrong_checksum(codec):
    data = bytearray(batch([CLEAN], codec))
    data[-1] ^= 1
    assert emptied(data) == "crc"


@pytest.mark.parametrize("codec", [1, 2, 3, 4])
def test_a_bomb(codec):
    assert emptied(batch([b"\0" * 200_000], codec), limits=DecompressionLimits(max_bytes=100_000)) == "bomb"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"attributes": 0x100}, "attributes"),
        ({"records_count": 3, "last_offset_delta": 2}, "truncated"),
        ({"records_count": 1}, "trailing"),
        ({"records_count": 0}, "trailing"),
        ({"records_count": -1}, "count"),
        ({"last_offset_delta": 0}, "offsets"),
    ],
)
def test_records_that_do_not_add_up(fields, reason):
    assert emptied(batch([DIRTY, CLEAN], **fields)) == reason


@pytest.mark.parametrize(
    "data",
    [
        marker(key=b"\0\0\0\2"),
        marker(key=CARD.encode()),
        marker(value=EPOCH + CARD.encode()),
        marker(attributes=CONTROL),
        batch([record(EPOCH, COMMIT, [(b"a", CARD.encode())])], attributes=CONTROL | TRANSACTIONAL),
    ],
)
def test_a_control_batch_that_is_no_marker(data):
    assert emptied(data) == "control"


def test_a_control_batch_without_its_records_but_with_bytes():
    assert emptied(marker(records_count=0)) == "trailing"


@pytest.mark.parametrize("magic", [0, 1])
def test_old_messages_leave_an_empty_batch_at_their_offset(magic):
    result = treat(old_message(magic) + old_message(magic, 501) + batch([CLEAN]))
    first, second, third = walk(result.data)
    assert (first.header.base_offset, second.header.base_offset) == (500, 501)
    assert (first.header.records_count, first.header.last_offset_delta, len(first.view)) == (0, 0, HEADER_SIZE)
    assert bytes(third.view) == batch([CLEAN])
    assert (result.blocked, result.reason) == (2, "unscannable")


@pytest.mark.parametrize("size", [1, 16, 17, 60, 61, 100])
def test_an_incomplete_batch_at_the_end_is_cut_off(size):
    result = treat(batch([CLEAN]) + batch([DIRTY])[:size])
    assert result.data == batch([CLEAN])
    assert Noticed("incomplete_batch_cut") in result.facts
    assert treat(batch([DIRTY])[:size]).data == b""


@pytest.mark.parametrize(("at", "byte", "reason"), [(16, 3, "magic"), (11, 0, "length")])
def test_records_that_cannot_be_told_apart_go_altogether(at, byte, reason):
    data = bytearray(batch([CLEAN]))
    data[at] = byte
    if reason == "length":
        data[8:11] = bytes(3)
    result = treat(data)
    assert (result.data, result.reason, result.blocked) == (b"", reason, 1)
    assert result.facts == [Blocked("", "fetch", reason, "t", 2, 1)]


# --- any bytes -----------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.lists(st.tuples(record_lists(), st.sampled_from(CODECS)), max_size=3), st.sampled_from(PLANS))
def test_any_records(lists, compiled):
    data = b"".join(batch(records, codec) for records, codec in lists)
    result = treat(data, compiled)
    if result.data is not None:
        again = treat(result.data, compiled)
        assert again.blocked == 0
        assert again.data is None or again.data == result.data or compiled.fields  # a hash would be hashed again
        assert len(walk(result.data)) == len(lists)
    else:
        assert result.blocked == 0


@given(
    st.lists(st.binary(max_size=90) | st.just(batch([CLEAN])) | st.just(old_message()), max_size=3),
    st.sampled_from(PLANS),
)
def test_any_bytes_have_an_answer(pieces, compiled):
    treat(b"".join(pieces), compiled)


@given(st.binary(max_size=60), st.binary(min_size=40, max_size=40), st.sampled_from(PLANS))
def test_any_header_has_an_answer(payload, header, compiled):
    data = bytearray(bytes(8) + (len(payload) + 49).to_bytes(4, "big") + bytes(4) + b"\2" + bytes(4) + header + payload)
    data[17:21] = crc32c(bytes(data[21:])).to_bytes(4, "big")
    treat(data, compiled)


def test_what_became_of_a_batch_is_told_again_to_whoever_reads_it_next():
    cache = FetchCache(1 << 20)
    data = batch([CLEAN, DIRTY], codec=4) + batch([CLEAN])
    first, second, third = (treat_fetch(data, BLOCK, LIMITS, OUT, cache) for _ in range(3))
    assert first.data == second.data == third.data
    assert first.blocked == second.blocked == third.blocked == 1
    used = [fact for result in (first, second, third) for fact in result.facts if isinstance(fact, CacheUsed)]
    assert [(fact.hits, fact.misses) for fact in used] == [(0, 2), (2, 0), (2, 0)]
    assert used[-1].size == cache.size == used[0].size
    assert [fact for fact in third.facts if isinstance(fact, Blocked)] == [
        fact for fact in first.facts if isinstance(fact, Blocked)
    ]
    keeping = plan(detect(Action.QUARANTINE))
    assert all(treat_fetch(data, keeping, LIMITS, OUT, cache).kept for _ in range(2))
    signing = plan(detect())
    signing.signs = True
    assert not any(isinstance(fact, CacheUsed) for fact in treat_fetch(data, signing, LIMITS, OUT, cache).facts)
