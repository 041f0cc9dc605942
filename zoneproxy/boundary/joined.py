"""Where a key, value or header begins right behind a length that reads like a piece of it.

Stage 1 of detection runs over records that nobody has parsed. ``...7`` ``2`` ``4111...``: a key that ends in a digit, a
length of 25 bytes that reads as ``2``, and a value that begins with a card number look like one long number, as the
fractions of floating-point numbers do. This tells the two apart in a third of the time that parsing takes.
"""

from __future__ import annotations

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.varint import read_number

_DIGITS_AND_DOT = frozenset(b"0123456789.")
_NULL = 1  # as a zigzag number
_LONGER = 0x80  # in a byte of a varint: more bytes follow


class _Joins(Exception):
    """A length and what it is the length of may look like one."""


def any_joined(payload: Buffer, count: int) -> bool:
    """Whether any part of the ``count`` records does; True as well if the records cannot be told apart."""
    data = bytes(payload)
    pos = 0
    try:
        for _ in range(count):
            size, pos = _number(data, pos)
            end = pos + (size >> 1)
            if _record_joins(data, pos + 1, end):
                return True
            pos = end
    except (IndexError, ProtocolError, _Joins):
        return True
    return pos != len(data)


def _record_joins(data: bytes, pos: int, end: int) -> bool:
    """``pos`` is behind the record's attributes."""
    for _ in range(2):  # timestamp and offset
        while data[pos] >= _LONGER:
            pos += 1
        pos += 1
    pos = _after_part(data, _after_part(data, pos))  # key and value
    headers, pos = _number(data, pos)
    for _ in range(headers):  # zigzag: twice as many as there are, and each has two parts
        pos = _after_part(data, pos)
    return pos != end


def _after_part(data: bytes, pos: int) -> int:
    """Behind the part whose length is at ``pos``. Raises _Joins."""
    length, pos = _number(data, pos)
    if length == _NULL:
        return pos
    if length and data[pos] in _DIGITS_AND_DOT and data[pos - 1] in _DIGITS_AND_DOT:
        raise _Joins
    return pos + (length >> 1)


def _number(data: bytes, pos: int) -> tuple[int, int]:
    """The varint at ``pos`` in zigzag form, and the position behind it."""
    number = data[pos]
    return (number, pos + 1) if number < _LONGER else read_number(data, pos)
