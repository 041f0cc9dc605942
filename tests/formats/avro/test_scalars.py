"""Types of Avro that say one thing."""

from __future__ import annotations

import math

import pytest

from tests.formats.avro.kit import Schema, changed, read, said_of
from zoneproxy.formats.document import CannotChange, Kind, Malformed

FIXED = {"type": "fixed", "name": "F", "size": 3}
ENUM = {"type": "enum", "name": "E", "symbols": ["RED", "GREEN"]}


@pytest.mark.parametrize(
    ("schema", "value", "text"),
    [
        ("null", None, b"null"),
        ("boolean", True, b"true"),
        ("boolean", False, b"false"),
        ("int", -(2**31), b"-2147483648"),
        ("long", 4111111111111111, b"4111111111111111"),
        ("float", 0.5, b"0.5"),
        ("double", 4111111111111111.0, b"4111111111111111"),
        ("double", math.inf, b"inf"),
        ("bytes", b"\x00\xff", b"\x00\xff"),
        ("string", "Zoë", "Zoë".encode()),
        (FIXED, b"abc", b"abc"),
        (ENUM, "GREEN", b"GREEN"),
    ],
)
def test_what_it_says(schema: Schema, value: object, text: bytes) -> None:
    assert said_of(schema, value) == [text]


@pytest.mark.parametrize(
    ("schema", "kind"),
    [("null", Kind.OTHER), ("long", Kind.NUMBER), ("float", Kind.NUMBER), ("string", Kind.TEXT), ("bytes", Kind.BYTES)],
)
def test_its_kind(schema: Schema, kind: Kind) -> None:
    (leaf,) = read(schema, b"" if schema == "null" else bytes(4 if schema == "float" else 1)).leaves
    assert leaf.kind is kind


@pytest.mark.parametrize(
    ("schema", "before", "text", "after"),
    [
        ("null", None, b"null", None),
        ("boolean", True, b"false", False),
        ("boolean", False, b"true", True),
        ("int", 5, b"-7", -7),
        ("long", 5, b"4111110000000000", 4111110000000000),
        ("float", 5.0, b"0.25", 0.25),
        ("double", 5.0, b"-1e3", -1000.0),
        ("bytes", b"abc", b"\xff" * 200, b"\xff" * 200),
        ("string", "secret", "*é".encode(), "*é"),
        (FIXED, b"abc", b"***", b"***"),
        (ENUM, "GREEN", b"RED", "RED"),
    ],
)
def test_it_may_say_something_else(schema: Schema, before: object, text: bytes, after: object) -> None:
    assert changed(schema, before, {0: text}) == after


@pytest.mark.parametrize(
    ("schema", "before", "after"),
    [
        ("null", None, None),
        ("boolean", True, False),
        ("int", 5, 0),
        ("double", 5.0, 0.0),
        ("bytes", b"abc", b""),
        ("string", "secret", ""),
        (FIXED, b"abc", b"\x00\x00\x00"),
    ],
)
def test_what_says_nothing_any_longer_is_zero_or_empty(schema: Schema, before: object, after: object) -> None:
    assert changed(schema, before, {0: None}) == after


@pytest.mark.parametrize(
    ("schema", "before", "text"),
    [
        ("null", None, b"x"),
        ("boolean", True, b"****"),
        ("int", 5, b"2147483648"),
        ("int", 5, b"5.0"),
        ("int", 5, b""),
        ("long", 5, b"************1111"),
        ("long", 5, b"9" * 5000),
        ("float", 5.0, b"1e39"),
        ("double", 5.0, b"inf"),
        ("double", 5.0, b""),
        ("double", 5.0, b"1_0"),
        ("string", "a", b"\xff"),
        (FIXED, b"abc", b"****"),
        (ENUM, "RED", b"BLUE"),
        (ENUM, "RED", None),
    ],
)
def test_what_the_type_has_no_room_for_is_refused(schema: Schema, before: object, text: bytes | None) -> None:
    with pytest.raises(CannotChange):
        changed(schema, before, {0: text})


@pytest.mark.parametrize(
    ("schema", "data", "reason"),
    [
        ("null", b"x", "trailing"),
        ("boolean", b"\x02", "boolean"),
        ("boolean", b"", "truncated"),
        ("int", b"\x80\x80\x80\x80\x10", "range"),
        ("float", b"\0\0\0", "truncated"),
        ("bytes", b"\x01", "length"),
        ("bytes", b"\x08abc", "truncated"),
        ("string", b"\x02\xff", "utf"),
        (FIXED, b"ab", "truncated"),
        (ENUM, b"\x04", "range"),
        (ENUM, b"\x01", "range"),
    ],
)
def test_other_bytes_are_refused(schema: Schema, data: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        read(schema, data)
