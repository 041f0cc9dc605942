from __future__ import annotations

import pytest
from hypothesis import example, given, settings
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
    IN,
    LIMITS,
    PLANS,
    TRANSACTIONAL,
    batch,
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
from zoneproxy.boundary.batches import treat_produce
from zoneproxy.boundary.facts import Blocked, Scanned
from zoneproxy.wire.batch import HEADER_SIZE, Whole, build_batch, walk
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.record import write_records


def treat(data, compiled=BLOCK, limits=LIMITS):
    return treat_produce(whole(data), compiled, limits, IN)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("compiled", [BLOCK, HIDE])
def test_a_clean_batch_goes_on_as_it_came(codec, compiled):
    result = treat(batch([CLEAN, None, CLEAN], codec), compiled)
    assert (result.data, result.error, result.blocked, result.reason) == (None, ErrorCode.NONE, 0, "")
    (scanned,) = result.facts
    assert isinstance(scanned, Scanned)
    assert scanned.bytes > 2 * len(CLEAN)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("attributes", [0, TRANSACTIONAL, 0x08])
def test_a_rewritten_batch_keeps_everything_else(codec, attributes):
    data = batch([CLEAN, DIRTY, None], codec, attributes=codec | attributes)
    result = treat(data, HIDE)
    assert result.error == ErrorCode.NONE
    assert values_of(result.data) == [CLEAN.encode(), HIDDEN.encode(), None]
    before, after = whole(data).header, whole(result.data).header
    assert after == before._replace(crc=after.crc, batch_length=after.batch_length)
    assert after.batch_length == len(result.data) - 12
    for old, new in zip(records_of(data), records_of(result.data), strict=True):
        assert (new.key, new.headers, new.timestamp_delta, new.offset_delta) == (
            old.key, old.headers, old.timestamp_delta, old.offset_delta,
        )  # fmt: skip


@pytest.mark.parametrize("codec", CODECS)
def test_other_clients_read_a_rewritten_batch(codec):
    data = batch([CLEAN, DIRTY, None], codec)
    result = treat(data, HIDE)
    expected = batch_oracles.read_by_us(result.data)
    assert batch_oracles.read_by_kafka_python(bytes(result.data)) == expected
    assert batch_oracles.read_by_aiokafka(bytes(result.data)) == expected
    assert [plain.value for plain in expected] == [CLEAN.encode(), HIDDEN.encode(), None]


@pytest.mark.parametrize("codec", CODECS)
def test_one_record_holds_back_the_batch(codec):
    result = treat(batch([CLEAN, DIRTY, CLEAN, DIRTY], codec))
    assert (result.data, result.error) == (None, ErrorCode.POLICY_VIOLATION)
    assert (result.blocked, result.reason) == (2, "finding")
    assert Blocked("no cards", "produce", "finding", "t", 2, 2) in result.facts


def test_what_field_rules_cannot_look_into_is_held_back():
    result = treat(batch(["text"]), plan(field("$.a")))
    assert (result.error, result.reason) == (ErrorCode.POLICY_VIOLATION, "unscannable")


def test_suspicious_records_that_are_clean_go_on_as_they_came():
    assert treat(batch([f"{CARD[:-1]}2", f"0.{CARD}"]), HIDE).data is None


# --- batches that are wrong ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"attributes": 0x80}, "attributes"),
        ({"attributes": DELETE_HORIZON}, "attributes"),
        ({"attributes": CONTROL | TRANSACTIONAL}, "control"),
        ({"records_count": 0, "last_offset_delta": -1}, "count"),
        ({"records_count": -1}, "count"),
        ({"records_count": 0x7FFFFFFF, "last_offset_delta": 0x7FFFFFFE}, "count"),
        ({"last_offset_delta": 5}, "count"),
        ({"base_sequence": -1}, "sequence"),
    ],
)
def test_what_a_producer_may_not_write(fields, reason):
    result = treat(batch([DIRTY], **fields), HIDE)
    assert (result.data, result.error, result.reason) == (None, ErrorCode.INVALID_RECORD, reason)
    assert result.facts == [Blocked("", "produce", reason, "t", 2, result.blocked)]
    assert result.blocked >= 0


def test_a_wrong_checksum():
    data = bytearray(batch([CLEAN]))
    data[-1] ^= 1
    assert treat(data).error == ErrorCode.CORRUPT_MESSAGE


@pytest.mark.parametrize("codec", [5, 6, 7])
def test_an_unknown_codec(codec):
    header = whole(batch([CLEAN])).header
    data = bytearray(build_batch(header, write_records([record(CLEAN)]), 1))
    data[22] = codec
    data[17:21] = batch_oracles_crc(data)
    assert treat(data).error == ErrorCode.UNSUPPORTED_COMPRESSION_TYPE


def batch_oracles_crc(data):
    import google_crc32c

    return google_crc32c.value(bytes(data[21:])).to_bytes(4, "big")


@pytest.mark.parametrize("codec", [1, 2, 3, 4])
def test_a_bomb_is_not_answered_with_a_code_on_which_java_splits(codec):
    data = batch([b"\0" * 200_000], codec)
    result = treat(data, limits=DecompressionLimits(max_bytes=100_000))
    assert (result.error, result.reason) == (ErrorCode.POLICY_VIOLATION, "bomb")


@pytest.mark.parametrize("codec", [1, 2, 3, 4])
def test_what_cannot_be_decompressed(codec):
    data = bytearray(batch([CLEAN * 20], codec))
    del data[-10:]
    data[8:12] = (len(data) - 12).to_bytes(4, "big")
    data[17:21] = batch_oracles_crc(data)
    assert treat(data).error == ErrorCode.INVALID_RECORD


@pytest.mark.parametrize("count", [1, 3])
def test_records_that_do_not_add_up_are_seen_when_they_are_parsed(count):
    data = batch([DIRTY, CLEAN], records_count=count, last_offset_delta=count - 1)
    assert treat(data, HIDE).error == ErrorCode.INVALID_RECORD


# --- any bytes -----------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(record_lists(), st.sampled_from(CODECS), st.sampled_from(PLANS))
def test_any_records(records, codec, compiled):
    data = batch(records, codec)
    result = treat(data, compiled)
    assert (result.error == ErrorCode.NONE) == (result.blocked == 0)
    if result.data is not None:
        again = treat(result.data, compiled)
        assert again.error == ErrorCode.NONE
        assert len(records_of(result.data)) == len(records)


@given(st.binary(max_size=80), st.sampled_from(PLANS), st.binary(min_size=40, max_size=40), st.booleans())
@example(b"", HIDE, bytes(40), True)
def test_any_bytes_have_an_answer(payload, compiled, header, right_crc):
    """Header fields behind the checksum are anything, but the checksum is right: then all of it is looked at."""
    data = bytearray(bytes(8) + (len(payload) + 49).to_bytes(4, "big") + bytes(4) + b"\2" + bytes(4) + header + payload)
    assert len(data) == HEADER_SIZE + len(payload)
    if right_crc:
        data[17:21] = batch_oracles_crc(data)
    (entry,) = walk(data)
    assert isinstance(entry, Whole)
    result = treat_produce(entry, compiled, LIMITS, IN)
    assert result.error in (
        ErrorCode.NONE,
        ErrorCode.CORRUPT_MESSAGE,
        ErrorCode.INVALID_RECORD,
        ErrorCode.POLICY_VIOLATION,
        ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
    )
