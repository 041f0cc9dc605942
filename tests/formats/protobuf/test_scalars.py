"""Numbers and texts of Protobuf."""

from __future__ import annotations

import pytest

from zoneproxy.formats.document import CannotChange, Kind
from zoneproxy.formats.protobuf.scalars import BYTES, SCALARS, STRING, Boolean, Fixed, Integer, Text
from zoneproxy.formats.varints import unsigned


@pytest.mark.parametrize(
    ("name", "number", "text"),
    [
        ("int32", 5, b"5"),
        ("int32", 2**64 - 1, b"-1"),
        ("int64", 4111111111111111, b"4111111111111111"),
        ("uint64", 2**64 - 1, b"18446744073709551615"),
        ("uint32", 2**40, b"1099511627776"),  # too large for it, but there
        ("sint32", 3, b"-2"),
        ("sint64", 2 * 4111111111111111, b"4111111111111111"),
        ("bool", 0, b"false"),
        ("bool", 1, b"true"),
        ("bool", 4111111111111111, b"4111111111111111"),
    ],
)
def test_a_varint_says_what_its_type_makes_of_it(name: str, number: int, text: bytes) -> None:
    scalar = SCALARS[name]
    assert isinstance(scalar, Integer)
    assert scalar.say(number)[0] == text


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("fixed32", "ffffffff", b"4294967295"),
        ("sfixed32", "ffffffff", b"-1"),
        ("fixed64", "ffffffffffffffff", b"18446744073709551615"),
        ("sfixed64", "feffffffffffffff", b"-2"),
        ("float", "0000c03f", b"1.5"),
        ("double", "000000000000f83f", b"1.5"),
    ],
)
def test_so_do_four_or_eight_bytes(name: str, data: str, text: bytes) -> None:
    scalar = SCALARS[name]
    assert isinstance(scalar, Fixed)
    assert scalar.say(b"x" + bytes.fromhex(data), 1) == (text, Kind.NUMBER)
    assert scalar.written(text).hex() == data


@pytest.mark.parametrize(
    ("name", "text", "data"),
    [
        ("int32", b"-1", unsigned(2**64 - 1)),
        ("int64", b"300", b"\xac\x02"),
        ("sint32", b"-2", b"\x03"),
        ("bool", b"true", b"\x01"),
        ("bool", b"false", b"\x00"),
        ("string", b"abc", b"\x03abc"),
        ("bytes", b"\xff", b"\x01\xff"),
    ],
)
def test_a_text_is_written(name: str, text: bytes, data: bytes) -> None:
    assert SCALARS[name].written(text) == data


@pytest.mark.parametrize("name", SCALARS)
def test_nothing_is_zero_or_empty(name: str) -> None:
    written = SCALARS[name].written(None)
    assert not any(written)
    assert written


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("int32", b"2147483648"),
        ("uint32", b"-1"),
        ("int64", b"****"),
        ("int64", b"1.0"),
        ("int64", b"1" * 5000),
        ("bool", b"yes"),
        ("fixed32", b"4294967296"),
        ("fixed32", b"1.5"),
        ("float", b"1e39"),
        ("double", b"inf"),
        ("double", b""),
        ("string", b"\xff"),
    ],
)
def test_what_there_is_no_room_for_is_refused(name: str, text: bytes) -> None:
    with pytest.raises(CannotChange):
        SCALARS[name].written(text)


def test_a_string_that_is_none_is_bytes() -> None:
    assert (STRING.kind(b"a"), STRING.kind(b"\xff"), BYTES.kind(b"a")) == (Kind.TEXT, Kind.BYTES, Kind.BYTES)


def test_the_wire_types() -> None:
    wires = {name: int(scalar.wire) for name, scalar in SCALARS.items()}
    assert [name for name, wire in wires.items() if wire == 1] == ["double", "fixed64", "sfixed64"]
    assert [name for name, wire in wires.items() if wire == 5] == ["float", "fixed32", "sfixed32"]
    assert [name for name, wire in wires.items() if wire == 2] == ["string", "bytes"]
    assert isinstance(SCALARS["bool"], Boolean)
    assert isinstance(SCALARS["string"], Text)


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("int32", 5, [b"5"]),
        ("int32", (1 << 40) + 5, [b"1099511627781", b"5"]),
        ("int32", (1 << 32) - 5, [b"4294967291", b"-5"]),
        ("int32", (1 << 64) - 5, [b"-5"]),
        ("uint32", (1 << 40) + 5, [b"1099511627781", b"5"]),
        ("sint32", (1 << 40) + 10, [b"549755813893", b"5"]),
        ("int64", (1 << 64) - 5, [b"-5"]),
    ],
)
def test_readers_take_the_lower_bits(name: str, number: int, expected: list[bytes]) -> None:
    scalar = SCALARS[name]
    assert isinstance(scalar, Integer)
    assert [text for text, _ in scalar.readings(number)] == expected
