from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.batch_oracles import (
    CODECS,
    LIMITS,
    Plain,
    header,
    load_vectors,
    only,
    read_by_aiokafka,
    read_by_kafka_python,
    read_by_us,
    records_of,
    written_by_aiokafka,
    written_by_kafka_python,
)
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import (
    HEADER_SIZE,
    BatchHeader,
    Incomplete,
    OldMagic,
    Whole,
    build_batch,
    check_produced,
    empty_batch,
    open_batch,
    read_header,
    walk,
)
from zoneproxy.wire.crc import crc32c
from zoneproxy.wire.record import Record, write_records

JAVA = load_vectors()
NEW = {name: v for name, v in JAVA.items() if not name.startswith("old")}

TIME = 1_700_000_000_123
SAMPLE = [
    Plain(0, TIME, b"key", b'{"v":1}'),
    Plain(1, TIME - 5_000, None, b"earlier than the first"),
    Plain(2, TIME + 90_000_000_000, b"tombstone", None),
    Plain(3, TIME, b"with headers", b"value", ((b"a", b"1"), (b"a", None), ("größe".encode(), b""))),
    *(Plain(i, TIME + i, b"k%d" % i, b'{"id":%d,"text":"%s"}' % (i, b"abc " * 200)) for i in range(4, 300)),
]


def with_record(data: bytes, count: int = 1) -> bytes:
    return build_batch(header(records_count=count, last_offset_delta=count - 1), data, count)


BATCH = with_record(write_records([Record(0, 0, 0, b"k", b"v")]))


# --- what others wrote ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NEW)
def test_reads_what_java_wrote(name):
    assert read_by_us(NEW[name].data) == list(NEW[name].records)


@pytest.mark.parametrize("name", NEW)
def test_header_says_what_java_says(name):
    vector = NEW[name]
    head = only(vector.data).header
    assert vector.header == (
        str(head.magic),
        str(head.base_offset),
        str(head.base_offset + head.last_offset_delta),
        str(head.codec),
        str(int(head.log_append_time)),
        str(head.max_timestamp),
        str(head.is_transactional).lower(),
        str(head.is_control).lower(),
        str(head.base_timestamp if head.has_delete_horizon else -1),
        str(head.producer_id),
        str(head.producer_epoch),
        str(head.base_sequence),
        str(head.partition_leader_epoch),
        str(head.records_count),
    )
    assert head.unknown_attributes == 0


@pytest.mark.parametrize("name", NEW)
def test_unchanged_records_make_the_same_payload(name):
    batch = only(NEW[name].data)
    payload = bytes(open_batch(batch.view, batch.header, LIMITS))
    assert write_records(records_of(batch.view)) == payload


@pytest.mark.parametrize("name", NEW)
def test_a_batch_of_java_built_again_reads_the_same(name):
    batch = only(NEW[name].data)
    payload = open_batch(batch.view, batch.header, LIMITS)
    again = build_batch(batch.header, payload, batch.header.records_count)
    assert read_by_us(again) == list(NEW[name].records)
    differing = {"batch_length", "crc"} if batch.header.codec else set()
    assert {f for f in BatchHeader._fields if getattr(only(again).header, f) != getattr(batch.header, f)} <= differing


@pytest.mark.parametrize("name", [name for name in NEW if "emptied" not in name])
def test_java_and_we_empty_a_batch_alike(name):
    batch = only(NEW[name].data)
    empty = empty_batch(batch.header)
    assert len(empty) == HEADER_SIZE
    kept = only(empty).header
    assert read_by_us(empty) == []
    assert kept == batch.header._replace(
        batch_length=49, crc=kept.crc, attributes=batch.header.attributes & ~7, records_count=0
    )


def test_an_empty_batch_is_the_very_one_that_kafka_writes():
    java = JAVA["emptied"].data
    assert empty_batch(read_header(java)) == java


@pytest.mark.parametrize("codec", CODECS.values())
@pytest.mark.parametrize("write", [written_by_kafka_python, written_by_aiokafka])
def test_reads_what_python_clients_wrote(write, codec):
    assert read_by_us(write(codec, SAMPLE)) == SAMPLE


def test_reads_a_transactional_batch_of_kafka_python():
    data = written_by_kafka_python(4, SAMPLE, transactional=True, producer_id=7, producer_epoch=2, base_sequence=30)
    head = only(data).header
    assert (head.is_transactional, head.producer_id, head.producer_epoch, head.base_sequence) == (True, 7, 2, 30)
    check_produced(head)


# --- what others read ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [read_by_kafka_python, read_by_aiokafka])
@pytest.mark.parametrize("codec", CODECS.values())
def test_python_clients_read_a_rewritten_batch(read, codec):
    batch = only(written_by_kafka_python(codec, SAMPLE))
    records = records_of(batch.view)
    records[1].value = b"redacted"
    records[3].headers = [(b"a", b"***")]
    rebuilt = build_batch(batch.header, write_records(records), len(records))
    expected = list(SAMPLE)
    expected[1] = expected[1]._replace(value=b"redacted")
    expected[3] = expected[3]._replace(headers=((b"a", b"***"),))
    assert read(rebuilt) == expected
    assert read_by_us(rebuilt) == expected


@pytest.mark.parametrize("read", [read_by_kafka_python, read_by_aiokafka])
@pytest.mark.parametrize("codec", CODECS.values())
def test_python_clients_read_a_batch_with_records_removed(read, codec):
    batch = only(written_by_aiokafka(codec, SAMPLE))
    kept = [record for record in records_of(batch.view) if record.offset_delta % 3]
    rebuilt = build_batch(batch.header, write_records(kept), len(kept))
    assert read(rebuilt) == [record for record in SAMPLE if record.offset % 3]
    assert only(rebuilt).header.last_offset_delta == len(SAMPLE) - 1


@pytest.mark.parametrize("read", [read_by_kafka_python, read_by_aiokafka])
@pytest.mark.parametrize("codec", CODECS.values())
def test_python_clients_read_an_empty_batch(read, codec):
    assert read(empty_batch(only(written_by_kafka_python(codec, SAMPLE)).header)) == []


# --- round trips ---------------------------------------------------------------------------------------------

INT64 = st.integers(-(2**63), 2**63 - 1)
INT32 = st.integers(-(2**31), 2**31 - 1)
INT16 = st.integers(-(2**15), 2**15 - 1)
HEADERS = st.builds(
    BatchHeader,
    base_offset=INT64,
    batch_length=st.just(49),
    partition_leader_epoch=INT32,
    magic=st.just(2),
    crc=st.just(0),
    attributes=INT16.map(lambda a: a & ~7),
    last_offset_delta=INT32,
    base_timestamp=INT64,
    max_timestamp=INT64,
    producer_id=INT64,
    producer_epoch=INT16,
    base_sequence=INT32,
    records_count=INT32,
)


@given(HEADERS, st.sampled_from(sorted(CODECS.values())), st.binary(max_size=2_000), st.integers(0, 2**31 - 1))
def test_build_keeps_everything_but_lengths_checksum_and_count(head, codec, payload, count):
    head = head._replace(attributes=head.attributes | codec)
    batch = only(build_batch(head, payload, count))
    assert bytes(open_batch(batch.view, batch.header, LIMITS)) == payload
    assert batch.header == head._replace(batch_length=len(batch.view) - 12, crc=batch.header.crc, records_count=count)


# --- walking -------------------------------------------------------------------------------------------------


def test_walks_batches_of_every_magic_and_an_incomplete_end():
    old = JAVA["old0-none"].data + JAVA["old1-gzip"].data
    data = BATCH + old + BATCH + BATCH[:-1]
    entries = walk(data)
    first, *old_entries, third, last = (type(entry) for entry in entries)
    assert (first, third, last) == (Whole, Whole, Incomplete)
    assert set(old_entries) == {OldMagic}
    assert b"".join(entry.view for entry in entries) == data


def test_nothing_to_walk():
    assert walk(b"") == []


@pytest.mark.parametrize("size", range(1, len(BATCH)))
def test_a_batch_cut_anywhere_is_incomplete(size):
    first, last = walk(BATCH + BATCH[:size])
    assert isinstance(first, Whole)
    assert isinstance(last, Incomplete)
    assert last.view == BATCH[:size]


def test_views_are_not_copies():
    data = bytearray(BATCH)
    (entry,) = walk(memoryview(data))
    data[-1] ^= 1
    assert entry.view[-1] == data[-1]


@pytest.mark.parametrize(
    ("magic", "length", "reason"),
    [
        (3, 100, "magic"),
        (9, 100, "magic"),
        (255, 100, "magic"),
        (2, 48, "length"),
        (2, 0, "length"),
        (2, -1, "length"),
        (2, -(2**31), "length"),
        (1, 13, "length"),
        (0, -12, "length"),
    ],
)
def test_impossible_batches_are_refused(magic, length, reason):
    data = struct.pack(">qiiB", 0, length, 0, magic) + bytes(100)
    with pytest.raises(ProtocolError) as error:
        walk(BATCH + data)
    assert error.value.reason == reason


@pytest.mark.parametrize("magic", [0, 1, 2])
def test_a_length_beyond_the_end_allocates_nothing(magic):
    (entry,) = walk(struct.pack(">qiiB", 0, 2**31 - 1, 0, magic))
    assert isinstance(entry, Incomplete)


@given(st.binary(max_size=300), st.integers(0, 400))
def test_any_bytes_walk_or_are_refused(tail, cut):
    data = (BATCH + BATCH)[:cut] + tail
    try:
        entries = walk(data)
    except ProtocolError:
        return
    assert b"".join(entry.view for entry in entries) == data
    assert not any(isinstance(entry, Incomplete) for entry in entries[:-1])


# --- opening -------------------------------------------------------------------------------------------------


def test_opening_an_uncompressed_batch_copies_nothing():
    batch = only(memoryview(bytearray(BATCH)))
    payload = open_batch(batch.view, batch.header, LIMITS)
    assert isinstance(payload, memoryview)
    assert payload == BATCH[HEADER_SIZE:]


@pytest.mark.parametrize("at", [21, 40, 60, len(BATCH) - 1])
def test_a_changed_byte_breaks_the_checksum(at):
    data = bytearray(BATCH)
    data[at] ^= 1
    batch = only(data)
    with pytest.raises(ProtocolError, match="crc"):
        open_batch(batch.view, batch.header, LIMITS)


def test_offset_and_leader_epoch_are_outside_the_checksum():
    data = bytearray(BATCH)
    data[:8], data[12:16] = b"\xff" * 8, b"\xff" * 4
    batch = only(data)
    assert open_batch(batch.view, batch.header, LIMITS) == BATCH[HEADER_SIZE:]


@pytest.mark.parametrize("codec", [5, 6, 7])
def test_undefined_codecs_are_refused(codec):
    head = header(attributes=codec)
    batch = only(_forged(head, b"whatever"))
    with pytest.raises(ProtocolError, match="codec"):
        open_batch(batch.view, batch.header, LIMITS)
    with pytest.raises(ProtocolError, match="codec"):
        build_batch(head, b"", 0)


def _forged(head: BatchHeader, section: bytes) -> bytes:
    """A batch whose attributes name any codec, with a right checksum."""
    plain = only(build_batch(head._replace(attributes=0), section, 1))
    covered = struct.pack(">h", head.attributes) + bytes(plain.view[23:])
    return bytes(plain.view[:17]) + struct.pack(">I", crc32c(covered)) + covered


# --- what a producer may write -------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", [0, 1, 2, 3, 4])
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"records_count": 5, "last_offset_delta": 4},
        {"producer_id": 0, "producer_epoch": 0, "base_sequence": 0},
        {"producer_id": 9, "producer_epoch": 1, "base_sequence": 2**31 - 1, "transactional": True},
        {"base_offset": -7, "partition_leader_epoch": 99},
    ],
)
def test_what_a_producer_may_write(fields, codec):
    fields = {"records_count": 1, **fields}
    attributes = codec | (0x10 if fields.pop("transactional", False) else 0)
    check_produced(header(attributes=attributes, **fields))


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"attributes": 0x80}, "attributes"),
        ({"attributes": -0x8000}, "attributes"),
        ({"attributes": 0x40}, "attributes"),
        ({"attributes": 0x20}, "control"),
        ({"records_count": 0}, "count"),
        ({"records_count": 0, "last_offset_delta": -1}, "count"),
        ({"records_count": -1, "last_offset_delta": -2}, "count"),
        ({"records_count": 2**31 - 1}, "count"),
        ({"last_offset_delta": 1}, "count"),
        ({"producer_id": 3, "producer_epoch": 0}, "sequence"),
        ({"producer_id": 3, "base_sequence": 0}, "sequence"),
    ],
)
def test_what_a_producer_may_not_write(fields, reason):
    with pytest.raises(ProtocolError) as error:
        check_produced(header(**{"records_count": 1, **fields}))
    assert error.value.reason == reason
