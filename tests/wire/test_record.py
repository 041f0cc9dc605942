from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.record import (
    MAX_HEADERS,
    MAX_LISTED,
    Record,
    check_contiguous,
    iter_records,
    read_records,
    write_records,
)
from zoneproxy.wire.varint import append_varint


def varint(value: int) -> bytes:
    out = bytearray()
    append_varint(out, value)
    return bytes(out)


def field(data: bytes | None) -> bytes:
    return varint(-1) if data is None else varint(len(data)) + data


def raw(body: bytes) -> bytes:
    """A record with the given contents behind its length."""
    return varint(len(body)) + body


def body(
    *,
    attributes: int = 0,
    timestamp: bytes = varint(0),
    offset: bytes = varint(0),
    key: bytes = field(None),
    value: bytes = field(b"v"),
    headers: bytes = varint(0),
) -> bytes:
    """A record's contents from fields that are already bytes, so that each can be wrong."""
    return bytes([attributes]) + timestamp + offset + key + value + headers


def refused(payload: bytes, count: int = 1, last_offset_delta: int = 2**31 - 1) -> str:
    with pytest.raises(ProtocolError) as error:
        read_records(payload, count, last_offset_delta)
    return error.value.reason


# --- reading -------------------------------------------------------------------------------------------------

# Numbers of every length that is read in place, and longer ones.
SIZES = [0, 1, 63, 64, 200, 8_191, 8_192, 20_000]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", [None, b"", b"k" * 63, b"k" * 64, b"k" * 8_192])
def test_reads_keys_and_values_of_every_size(size, key):
    payload = raw(body(key=field(key), value=field(b"v" * size)))
    assert read_records(payload, 1) == [Record(0, 0, 0, key, b"v" * size)]


@pytest.mark.parametrize("delta", [0, 1, -1, 63, -64, 64, -65, 8_191, -8_192, 8_192, 2**40, -(2**63), 2**63 - 1])
def test_reads_timestamps(delta):
    (record,) = read_records(raw(body(timestamp=varint(delta))), 1)
    assert record.timestamp_delta == delta


@pytest.mark.parametrize("delta", [0, 1, 63, 64, 8_191, 8_192, 2**31 - 1])
def test_reads_offsets(delta):
    (record,) = read_records(raw(body(offset=varint(delta))), 1, delta)
    assert record.offset_delta == delta


def test_reads_nulls():
    (record,) = read_records(raw(body(key=field(None), value=field(None))), 1)
    assert (record.key, record.value, record.headers) == (None, None, ())


def test_reads_headers_in_order_with_repeated_names():
    headers = [(b"a", b"1"), (b"a", None), (b"", b""), (b"long", b"x" * 9_000)]
    packed = varint(4) + b"".join(field(n) + field(v) for n, v in headers)
    (record,) = read_records(raw(body(headers=packed)), 1)
    assert list(record.headers) == headers


def test_reads_as_many_headers_as_are_allowed():
    packed = varint(MAX_HEADERS) + (field(b"") + field(None)) * MAX_HEADERS
    (record,) = read_records(raw(body(headers=packed)), 1)
    assert len(record.headers) == MAX_HEADERS


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_reads_from_any_buffer(kind):
    payload = kind(raw(body(key=field(b"k"))))
    (record,) = read_records(payload, 1)
    assert type(record.key) is type(record.value) is bytes


def test_no_records():
    assert read_records(b"", 0) == []


def test_iterating_proves_the_end_last():
    records = iter_records(raw(body()) + b"x", 1)
    assert next(records).value == b"v"
    with pytest.raises(ProtocolError, match="trailing"):
        next(records)


# --- refusing ------------------------------------------------------------------------------------------------

LONG_ZERO = b"\x80\x00"  # 0, in two bytes


@pytest.mark.parametrize(
    ("contents", "reason"),
    [
        (body(attributes=1), "attributes"),
        (body(attributes=0x80), "attributes"),
        (body(timestamp=LONG_ZERO), "varint"),
        (body(offset=LONG_ZERO), "varint"),
        (body(key=LONG_ZERO), "varint"),
        (body(value=LONG_ZERO), "varint"),
        (body(headers=LONG_ZERO), "varint"),
        (body(headers=varint(1) + LONG_ZERO + field(None)), "varint"),
        (body(headers=varint(1) + field(b"n") + LONG_ZERO), "varint"),
        (body(timestamp=b"\xff" * 9 + b"\x02"), "varint"),
        (body(offset=b"\xff\xff\xff\xff\x10"), "varint"),
        (body(offset=varint(-1)), "offsets"),
        (body(offset=varint(-8_000)), "offsets"),
        (body(key=varint(-2)), "malformed"),
        (body(key=varint(-8_000)), "malformed"),
        (body(key=varint(100)), "malformed"),
        (body(key=varint(2**31 - 1)), "malformed"),
        (body(value=varint(-2)), "malformed"),
        (body(value=varint(-(2**31))), "malformed"),
        (body(value=varint(3) + b"v"), "malformed"),
        (body(value=varint(2**31 - 1)), "malformed"),
        (body(headers=varint(-1)), "malformed"),
        (body(headers=varint(1)), "malformed"),
        (body(headers=varint(1_000_000)), "malformed"),
        (body(headers=varint(2**31 - 1)), "malformed"),
        (body(headers=varint(MAX_HEADERS + 1) + (field(b"") + field(None)) * (MAX_HEADERS + 1)), "headers"),
        (body(headers=varint(1) + field(None) + field(None)), "malformed"),
        (body(headers=varint(1) + varint(-2) + field(None)), "malformed"),
        (body(headers=varint(1) + varint(50) + field(None)), "malformed"),
        (body(headers=varint(1) + field(b"n") + varint(-2)), "malformed"),
        (body(headers=varint(1) + field(b"n") + varint(1)), "malformed"),
        (body() + b"\x00", "malformed"),
    ],
)
def test_refuses_a_record_that_is_wrong(contents, reason):
    assert refused(raw(contents)) == reason
    # Other records behind it make no difference: nothing may be read from them.
    good = raw(body(offset=varint(1)))
    assert refused(raw(contents) + good * 20, 21) == reason


@pytest.mark.parametrize("length", [varint(-1), varint(-8_000), varint(-(2**31))])
def test_refuses_a_negative_record_length(length):
    assert refused(length + bytes(20)) == "malformed"


@pytest.mark.parametrize("change", [-1, 1])
def test_refuses_a_record_length_that_does_not_fit(change):
    contents = body(value=field(b"x" * 30))
    assert refused(varint(len(contents) + change) + contents + b"\x00") == "malformed"


@pytest.mark.parametrize("length", [varint(100), varint(10_000), varint(2**31 - 1)])
def test_refuses_a_record_that_runs_over_the_end(length):
    assert refused(length + body(value=field(bytes(20)))) == "truncated"


def test_refuses_bytes_behind_the_last_record():
    assert refused(raw(body()) + b"x") == "trailing"
    assert refused(b"x", 0) == "trailing"


@pytest.mark.parametrize("count", [-1, -(2**31), 2, 3, 2**31 - 1])
def test_refuses_a_count_that_cannot_be(count):
    payload = raw(body())
    assert len(payload) < 2 * 7
    tracemalloc.start()
    with pytest.raises(ProtocolError, match=r"count|bomb"):
        read_records(payload, count)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000


def test_refuses_a_list_that_would_be_too_long():
    payload = raw(body(value=field(b""))) * (MAX_LISTED + 1)
    assert refused(payload, MAX_LISTED + 1) == "bomb"


def test_a_count_that_is_too_high_is_truncated():
    assert refused(raw(body(value=field(bytes(50)))), 2) == "truncated"


@pytest.mark.parametrize("offsets", [(0, 0), (1, 0), (5, 4), (0, 8_192, 8_192)])
def test_refuses_offsets_that_do_not_rise(offsets):
    payload = b"".join(raw(body(offset=varint(offset))) for offset in offsets)
    assert refused(payload, len(offsets)) == "offsets"


def test_refuses_offsets_beyond_the_last():
    payload = raw(body(offset=varint(3))) + raw(body(offset=varint(8)))
    assert [record.offset_delta for record in read_records(payload, 2, 8)] == [3, 8]
    assert refused(payload, 2, 7) == "offsets"
    assert refused(payload, 2, 0) == "offsets"


def sample(count: int = 3) -> bytes:
    headers = varint(2) + field(b"name") + field(b"x" * 70) + field(b"") + field(None)
    return b"".join(
        raw(body(timestamp=varint(i * 5_000), offset=varint(i), key=field(b"k" * 70), headers=headers))
        for i in range(count)
    )


@pytest.mark.parametrize("size", range(len(sample())))
def test_a_payload_cut_anywhere_is_refused(size):
    assert refused(sample()[:size], 3) in {"truncated", "count"}


@given(st.binary(max_size=200), st.integers(-2, 30))
def test_any_bytes_are_read_or_refused(data, count):
    try:
        records = read_records(data, count)
    except ProtocolError:
        return
    # What was accepted has one form only.
    for record in records:
        record.key = record.key
    assert write_records(records) == data


@given(st.data())
def test_a_sample_with_changed_bytes_is_read_or_refused(data):
    payload = bytearray(sample())
    for _ in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    try:
        records = read_records(payload, 3)
    except ProtocolError:
        return
    assert write_records(records) == payload


# --- writing -------------------------------------------------------------------------------------------------

DATA = st.none() | st.binary(max_size=200)
RECORDS = st.lists(
    st.builds(
        Record,
        attributes=st.just(0),
        timestamp_delta=st.integers(-(2**63), 2**63 - 1) | st.integers(-9_000, 9_000),
        offset_delta=st.just(0),
        key=DATA,
        value=DATA,
        headers=st.lists(st.tuples(st.binary(max_size=80), DATA), max_size=4).map(tuple),
    ),
    max_size=20,
)


def numbered(records: list[Record]) -> list[Record]:
    return [Record(r.attributes, r.timestamp_delta, i, r.key, r.value, r.headers) for i, r in enumerate(records)]


@given(RECORDS)
def test_round_trip(records):
    records = numbered(records)
    assert read_records(write_records(records), len(records), len(records) - 1) == records


@given(RECORDS, st.sets(st.integers(0, 19)), st.sets(st.integers(0, 19)))
def test_untouched_records_are_copied_byte_for_byte(records, changed, removed):
    records = numbered(records)
    payload = write_records(records)
    expected = b"".join(
        write_records([Record(r.attributes, r.timestamp_delta, r.offset_delta, r.key, b"new", r.headers)])
        if i in changed
        else write_records([r])
        for i, r in enumerate(records)
        if i not in removed
    )
    parsed = read_records(payload, len(records))
    for i in changed:
        if i < len(parsed):
            parsed[i].value = b"new"
    assert write_records(r for i, r in enumerate(parsed) if i not in removed) == expected


def test_records_of_two_batches_can_be_written_together():
    first, second = read_records(sample(2), 2), read_records(bytes(bytearray(sample(2))), 2)
    assert write_records([first[1], second[1], first[0], second[0]]) == b"".join(
        write_records([record]) for record in (first[1], first[1], first[0], first[0])
    )


@pytest.mark.parametrize(
    ("name", "value"), [("key", None), ("value", b""), ("headers", [(b"a", None)]), ("headers", ())]
)
def test_setting_anything_makes_a_record_changed(name, value):
    (record,) = read_records(sample(1), 1)
    assert not record.changed
    setattr(record, name, value)
    assert record.changed
    (again,) = read_records(write_records([record]), 1)
    assert again == record
    assert not again.changed


def test_a_made_record_counts_as_changed():
    assert Record(0, 0, 0, None, None).changed


def test_headers_cannot_be_changed_from_within():
    (record,) = read_records(sample(1), 1)
    assert isinstance(record.headers, tuple)


def test_equality_is_by_contents():
    first, second = (read_records(sample(1), 1)[0] for _ in range(2))
    assert first == second
    second.value = b"other"
    assert first != second
    assert first != "a record"
    with pytest.raises(TypeError):
        hash(first)


def test_repr_shows_no_bytes():
    secret = b"41111111"
    text = repr(Record(0, 5, 7, secret, secret, ((secret, secret),)))
    assert "4111" not in text
    assert text == "<Record +7, 1 headers>"


# --- what a producer may write -------------------------------------------------------------------------------


def test_a_producer_counts_from_zero():
    check_contiguous(read_records(sample(3), 3), 2)


@pytest.mark.parametrize(("offsets", "last"), [((0, 1), 2), ((0, 2), 2), ((1, 2), 2), ((0, 1, 2), 1), ((), 0)])
def test_a_producer_leaves_no_gaps(offsets, last):
    records = [Record(0, 0, offset, None, b"v") for offset in offsets]
    with pytest.raises(ProtocolError, match="offsets"):
        check_contiguous(records, last)
