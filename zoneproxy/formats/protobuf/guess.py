"""What an unknown field may say. A number may say several things; the bytes of a text, or another message.

What reads as text is taken for text, what cannot be text and parses as a message for a message. (Text of ASCII alone
that happens to parse as one hides nothing: what that message would say is in the text as well, and no varint in it
can have two bytes.) What is neither may be a list of numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from math import isfinite
from struct import unpack_from

from zoneproxy.formats.document import Kind, Malformed
from zoneproxy.formats.leaves import kind_of
from zoneproxy.formats.protobuf.scalars import (
    DOUBLE,
    FIXED32,
    FIXED64,
    FLOAT,
    INT64,
    SINT64,
    Fixed,
    Integer,
)
from zoneproxy.formats.protobuf.wire import is_message
from zoneproxy.formats.varints import read_unsigned

_LARGE = 1 << 20  # smaller numbers say nothing that anybody looks for, whichever way they are read
_LARGEST_FLOAT = 1e20
MAX_NUMBERS = 200_000  # of one list
_IS_PRINTABLE = re.compile(rb"[ -~]*").fullmatch
_HAS_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]").search


class Guess(Enum):
    """What bytes behind a length are."""

    TEXT = "text"
    BYTES = "bytes"
    MESSAGE = "message"
    TEXT_AND_NUMBERS = "text_and_numbers"
    """A text, which would parse as a message as well: numbers may be hidden in it."""


def guess(data: bytes, begin: int, end: int) -> Guess:
    """What ``data[begin:end]`` is."""
    text = data[begin:end]
    if _IS_PRINTABLE(text):
        return Guess.TEXT
    parses = is_message(data, begin, end)
    if _HAS_CONTROLS(text) or kind_of(text) is Kind.BYTES:
        return Guess.MESSAGE if parses else Guess.BYTES
    return Guess.TEXT_AND_NUMBERS if parses else Guess.TEXT


def packed_as(data: bytes, begin: int, end: int) -> list[tuple[Integer | Fixed, int, int]]:
    """The large numbers that bytes may be a list of, and where each stands; none if they are no such list.

    Raises Malformed (``leaves``): there are too many.
    """
    return [*_packed_varints(data, begin, end), *_packed_fixed(data, begin, end)]


def _packed_varints(data: bytes, begin: int, end: int) -> list[tuple[Integer | Fixed, int, int]]:
    found: list[tuple[Integer | Fixed, int, int]] = []
    pos = begin
    try:
        while pos < end:
            start = pos
            number, pos = read_unsigned(data, pos, end)
            if number >= _LARGE:
                found += [(integer, start, pos) for integer in varint_as(number)]
                if len(found) > MAX_NUMBERS:
                    break
    except Malformed:
        return []
    return _not_too_many(found)


def _packed_fixed(data: bytes, begin: int, end: int) -> list[tuple[Integer | Fixed, int, int]]:
    places = range(begin, end, FIXED64.size)
    if (end - begin) % FIXED64.size or any(data[at + FIXED64.size - 1] for at in places):
        return []
    return _not_too_many([(FIXED64, at, at + FIXED64.size) for at in places[: MAX_NUMBERS + 1]])


def _not_too_many(found: list[tuple[Integer | Fixed, int, int]]) -> list[tuple[Integer | Fixed, int, int]]:
    if len(found) > MAX_NUMBERS:
        raise Malformed("leaves")
    return found


def varint_as(number: int) -> Iterator[Integer]:
    """How a varint may be read."""
    yield INT64
    if number >= _LARGE:
        yield SINT64


def fixed_as(data: bytes, begin: int, size: int) -> Iterator[Fixed]:
    """How four or eight bytes may be read."""
    whole, real, layout = (FIXED64, DOUBLE, "<d") if size == 8 else (FIXED32, FLOAT, "<f")
    yield whole
    (number,) = unpack_from(layout, data, begin)
    if isfinite(number) and 1 <= abs(number) < _LARGEST_FLOAT:
        yield real
