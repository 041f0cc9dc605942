"""Dates, times, decimals and UUIDs of Avro."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.avro.kit import Schema, changed, read, said, said_of
from zoneproxy.formats.document import CannotChange, Kind
from zoneproxy.formats.varints import zigzag


def logical(kind: str, logical_type: str, **more: object) -> Schema:
    return {"type": kind, "logicalType": logical_type, **more}


DATE = logical("int", "date")
TIME = logical("int", "time-millis")
MICROS_TIME = logical("long", "time-micros")
MILLIS = logical("long", "timestamp-millis")
MICROS = logical("long", "timestamp-micros")
LOCAL = logical("long", "local-timestamp-millis")
MONEY = logical("bytes", "decimal", precision=9, scale=2)
FIXED_MONEY = logical("fixed", "decimal", precision=9, scale=2, name="Money", size=4)
UUID_TEXT = logical("string", "uuid")
UUID_FIXED = logical("fixed", "uuid", name="Id", size=16)
MOMENT = datetime(2024, 5, 6, 7, 8, 9, 123000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schema", "value", "text"),
    [
        (DATE, date(1984, 3, 5), b"1984-03-05"),
        (DATE, date(1, 1, 1), b"0001-01-01"),
        (TIME, time(7, 8, 9, 5000), b"07:08:09.005"),
        (MICROS_TIME, time(7, 8, 9, 5), b"07:08:09.000005"),
        (MILLIS, MOMENT, b"2024-05-06T07:08:09.123Z"),
        (MILLIS, datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC), b"1969-12-31T23:59:59.999Z"),
        (MICROS, MOMENT, b"2024-05-06T07:08:09.123000Z"),
        (LOCAL, MOMENT.replace(tzinfo=None), b"2024-05-06T07:08:09.123"),
        (MONEY, Decimal("-12.34"), b"-12.34"),
        (MONEY, Decimal("0.05"), b"0.05"),
        (FIXED_MONEY, Decimal("1234567.80"), b"1234567.8"),
        (UUID_TEXT, "89791762-2336-4186-9674-299b90a802e2", b"89791762-2336-4186-9674-299b90a802e2"),
    ],
)
def test_it_is_said_as_people_write_it(schema: Schema, value: object, text: bytes) -> None:
    assert said_of(schema, value) == [text]


@pytest.mark.parametrize(
    ("schema", "before", "text", "after"),
    [
        (DATE, date(1984, 3, 5), b"1984-03", date(1984, 3, 1)),
        (DATE, date(1984, 3, 5), b"1984", date(1984, 1, 1)),
        (DATE, date(1984, 3, 5), b"0", date(1970, 1, 1)),
        (TIME, time(7, 8, 9), b"07:00", time(7)),
        (TIME, time(7, 8, 9), b"07:00:01.5", time(7, 0, 1, 500000)),
        (MILLIS, MOMENT, b"2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
        (MILLIS, MOMENT, b"2024-05-07T01:02:03.004Z", datetime(2024, 5, 7, 1, 2, 3, 4000, tzinfo=UTC)),
        (MICROS, MOMENT, b"2024-05-07 01:02", datetime(2024, 5, 7, 1, 2, tzinfo=UTC)),
        (LOCAL, MOMENT.replace(tzinfo=None), b"1969-12-31T23:59:59.999", datetime(1969, 12, 31, 23, 59, 59, 999000)),
        (MONEY, Decimal("12.34"), b"-1.28", Decimal("-1.28")),
        (MONEY, Decimal("12.34"), b"1.27", Decimal("1.27")),
        (MONEY, Decimal("12.34"), b"1.28", Decimal("1.28")),
        (MONEY, Decimal("12.34"), b"100", Decimal("100.00")),
        (FIXED_MONEY, Decimal("12.34"), b"-0.01", Decimal("-0.01")),
    ],
)
def test_it_may_be_another_one(schema: Schema, before: object, text: bytes, after: object) -> None:
    assert changed(schema, before, {0: text}) == after


@pytest.mark.parametrize(
    ("schema", "before", "after"),
    [
        (DATE, date(1984, 3, 5), date(1970, 1, 1)),
        (MONEY, Decimal("12.34"), Decimal("0.00")),
        (FIXED_MONEY, Decimal("12.34"), Decimal("0.00")),
    ],
)
def test_nothing_is_zero(schema: Schema, before: object, after: object) -> None:
    assert changed(schema, before, {0: None}) == after


@pytest.mark.parametrize(
    ("schema", "before", "text"),
    [
        (DATE, date(1984, 3, 5), b"****-**-**"),
        (DATE, date(1984, 3, 5), b"1984-02-30"),
        (TIME, time(7), b"25:00"),
        (TIME, time(7), b"night"),
        (MILLIS, MOMENT, b"yesterday"),
        (MILLIS, MOMENT, b"2024-05-06T07:08:09+02:00"),
        (MONEY, Decimal("12.34"), b"1.234"),
        (MONEY, Decimal("12.34"), b"12345678.00"),
        (MONEY, Decimal("12.34"), b"*****"),
        (MONEY, Decimal("12.34"), b""),
        (FIXED_MONEY, Decimal("12.34"), b"1" * 5000),
    ],
)
def test_what_is_none_is_refused(schema: Schema, before: object, text: bytes) -> None:
    with pytest.raises(CannotChange):
        changed(schema, before, {0: text})


@pytest.mark.parametrize(("schema", "number"), [(DATE, 2**31 - 1), (TIME, -1), (MILLIS, 2**63 - 1)])
def test_what_is_no_date_is_a_number(schema: Schema, number: int) -> None:
    (leaf,) = read(schema, zigzag(number)).leaves
    assert (leaf.text, leaf.kind) == (b"%d" % number, Kind.NUMBER)


def test_a_decimal_of_absurd_length_is_bytes() -> None:
    data = zigzag(65) + b"\x01" * 65
    (leaf,) = read(MONEY, data).leaves
    assert (leaf.text, leaf.kind) == (b"\x01" * 65, Kind.BYTES)


def test_a_decimal_that_its_bytes_have_no_room_for_is_refused() -> None:
    with pytest.raises(CannotChange):
        read(FIXED_MONEY | {"size": 2}, b"\x00\x05").rewritten({0: b"1234567"})


def test_an_empty_decimal_is_empty_bytes() -> None:
    assert read(MONEY, b"\x00").leaves[0].text == b""


def test_a_uuid_of_16_bytes_is_said_and_written() -> None:
    document = read(UUID_FIXED, bytes(range(16)))
    (leaf,) = document.leaves
    assert leaf.text == b"00010203-0405-0607-0809-0a0b0c0d0e0f"
    assert document.rewritten({0: b"ff" * 16}) == b"\xff" * 16
    assert document.rewritten({0: None}) == bytes(16)
    for text in (b"*" * 36, b"\xff"):
        with pytest.raises(CannotChange):
            document.rewritten({0: text})


@given(st.integers(-(10**15), 10**15), st.sampled_from([3, 6, 9]))
def test_a_timestamp_is_written_as_it_is_said(number: int, digits: int) -> None:
    schema = logical("long", {3: "timestamp-millis", 6: "timestamp-micros", 9: "local-timestamp-nanos"}[digits])
    document = read(schema, zigzag(number))
    assert document.rewritten({0: document.leaves[0].text}) == zigzag(number)


@given(st.integers(-(10**9) + 1, 10**9 - 1))
def test_a_decimal_is_written_as_others_write_it(number: int) -> None:
    data = said_bytes(number)
    document = read(MONEY, data)
    assert document.rewritten({0: document.leaves[0].text}) == data
    value: Any = said(MONEY, data)
    assert value == Decimal(number).scaleb(-2)


def said_bytes(number: int) -> bytes:
    """In as few bytes as it needs."""
    size = next(size for size in range(1, 9) if -(1 << (8 * size - 1)) <= number < 1 << (8 * size - 1))
    return zigzag(size) + number.to_bytes(size, signed=True)
