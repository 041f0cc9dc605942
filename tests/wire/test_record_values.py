from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.test_record import body, field, raw, varint
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.record import Record, iter_records, read_records, write_records
from zoneproxy.wire.record_values import rewrite_values

CONTENT = st.none() | st.binary(max_size=5) | st.sampled_from([b"x" * 63, b"y" * 64, b"z" * 8192, b"w" * 3000])
HEADERS = st.lists(st.tuples(st.binary(max_size=5), CONTENT), max_size=3)
NUMBERS = st.integers(0, 300) | st.integers(-(2**40), 2**40)
RECORDS = st.lists(st.tuples(NUMBERS, CONTENT, CONTENT, HEADERS), max_size=5).map(
    lambda each: [Record(0, time, 40 * at, key, value, headers) for at, (time, key, value, headers) in enumerate(each)]
)


@given(RECORDS, CONTENT)
def test_values_are_changed_and_nothing_else(records, new):
    payload = write_records(records)
    after = rewrite_values(payload, len(records), lambda value: value if new is None else new)
    if new is None or not any(record.value for record in records):
        assert after is None
        return
    for record in records:
        if record.value:
            record.value = new
    assert after == write_records(records)


@given(RECORDS)
def test_some_values_are_changed(records):
    payload = write_records(records)
    after = rewrite_values(payload, len(records), lambda value: value[1:] if len(value) > 4 else value)
    for record in records:
        if record.value and len(record.value) > 4:
            record.value = record.value[1:]
    assert (payload if after is None else after) == write_records(records)


def test_null_and_empty_values_are_not_asked_for():
    payload = write_records([Record(0, 0, 0, None, None), Record(0, 0, 1, None, b"")])
    assert rewrite_values(memoryview(payload), 2, lambda _: pytest.fail("asked")) is None


def test_what_is_raised_goes_through():
    payload = write_records([Record(0, 0, 0, None, b"x")])
    with pytest.raises(KeyError):
        rewrite_values(payload, 1, lambda _: {}["x"])


# --- what iter_records refuses is refused here ---------------------------------------------------------------


def reason(read) -> str:
    try:
        read()
    except ProtocolError as error:
        return error.reason
    return ""


def same_reason(payload: bytes, count: int, last: int) -> str:
    here = reason(lambda: rewrite_values(payload, count, lambda _: b"new", last))
    assert here == reason(lambda: read_records(payload, count, last))
    return here


@given(RECORDS, st.data())
def test_damaged_records(records, data):
    payload = bytearray(write_records(records))
    for _ in range(data.draw(st.integers(0, 3)) if payload else 0):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    count = len(records) + data.draw(st.sampled_from([0, 0, 1, -1]))
    same_reason(bytes(payload), count, data.draw(st.sampled_from([2**31 - 1, 40])))


LONG = bytes([0x80, 0x00])  # zero in two bytes
VERY_LONG = bytes([0xFF] * 10)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (raw(body()), ""),
        (raw(body(value=field(None))), ""),
        (raw(body(headers=varint(1) + field(b"h") + field(b"v"))), ""),
        (raw(body(attributes=1)), "attributes"),
        (raw(body(timestamp=VERY_LONG)), "varint"),
        (raw(body(offset=LONG)), "varint"),
        (raw(body(offset=varint(-1))), "offsets"),
        (raw(body(offset=varint(70))), "offsets"),
        (raw(body(key=varint(-2))), "malformed"),
        (raw(body(key=varint(100))), "malformed"),
        (raw(body(key=LONG)), "varint"),
        (raw(body(value=varint(-2))), "malformed"),
        (raw(body(value=varint(100))), "malformed"),
        (raw(body(value=LONG)), "varint"),
        (raw(body(headers=varint(1))), "malformed"),
        (raw(body(headers=varint(1) + field(None) + field(b"v"))), "malformed"),
        (raw(body(headers=varint(1) + field(b"h") + field(b"v") + b"x")), "malformed"),
        (raw(body() + b"x"), "malformed"),
        (raw(body()) + b"x", "trailing"),
        (raw(body())[:-1], "truncated"),
        (varint(-7) + body(), "malformed"),
        (LONG + body(), "varint"),
        (raw(body(headers=b"")), "truncated"),
        (b"", "count"),
    ],
)
def test_refusals(payload, expected):
    assert same_reason(payload, 1, 60) == expected


def test_the_offset_deltas_rise():
    payload = raw(body(offset=varint(1))) + raw(body(offset=varint(1)))
    assert same_reason(payload, 2, 60) == "offsets"


def test_long_numbers():
    records = [Record(0, 2**40, 9_000, b"k" * 9_000, b"v" * 20_000), Record(0, 200, 9_001, b"k" * 100, b"v" * 100)]
    payload = write_records(records)
    after = rewrite_values(payload, 2, lambda value: value + b"!")
    assert after is not None
    assert [record.value for record in iter_records(after, 2)] == [record.value + b"!" for record in records]
