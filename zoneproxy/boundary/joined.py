"""Where a key, value or header begins right behind a length that reads like a piece of it.

Stage 1 of detection runs over records that nobody has parsed. ``...7`` ``2`` ``4111...``: a key that ends in a digit, a
length of 25 bytes that reads as ``2``, and a value that begins with a card number look like one long number, as the
fractions of floating-point numbers do. This tells the two apart in a third of the time that parsing takes.
"""

from __future__ import annotations

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.varint import read_number

_NULL = 1  # the length of null, as a zigzag number
_LONGER = 0x80  # in a byte of a varint: more bytes follow
_DIGIT_OR_DOT = bytes(byte in b"0123456789." for byte in range(256))


def any_joined(payload: Buffer, count: int) -> bool:  # noqa: C901 -- one loop, as in ``wire.record``
    """Whether any part of the ``count`` records does; True as well if the records cannot be told apart."""
    data, like_number = bytes(payload), _DIGIT_OR_DOT
    pos = 0
    try:
        for _ in range(count):
            if (size := data[pos]) < _LONGER:
                pos += 1
            elif 0 < (high := data[pos + 1]) < _LONGER:
                size, pos = size & 0x7F | high << 7, pos + 2
            else:
                size, pos = read_number(data, pos)
            end = pos + (size >> 1)
            pos += 1  # the attributes
            while data[pos] >= _LONGER:  # the timestamp
                pos += 1
            pos += 1
            while data[pos] >= _LONGER:  # the offset
                pos += 1
            pos += 1
            if (length := data[pos]) == _NULL:  # the key
                pos += 1
            else:
                if length < _LONGER:
                    pos += 1
                else:
                    length, pos = read_number(data, pos)
                if length and like_number[data[pos]] and like_number[data[pos - 1]]:
                    return True
                pos += length >> 1
            if (length := data[pos]) == _NULL:  # the value
                pos += 1
            else:
                if length < _LONGER:
                    pos += 1
                elif 0 < (high := data[pos + 1]) < _LONGER:
                    length, pos = length & 0x7F | high << 7, pos + 2
                else:
                    length, pos = read_number(data, pos)
                if length and like_number[data[pos]] and like_number[data[pos - 1]]:
                    return True
                pos += length >> 1
            if data[pos] and _headers_join(data, pos, end):
                return True
            if not data[pos] and pos + 1 != end:
                return True
            pos = end
    except (IndexError, ProtocolError):
        return True
    return pos != len(data)


def _headers_join(data: bytes, pos: int, end: int) -> bool:
    parts, pos = _number(data, pos)  # zigzag: twice as many as headers, and each header has two parts
    for _ in range(parts):
        length, pos = _number(data, pos)
        if length == _NULL:
            continue
        if length and _DIGIT_OR_DOT[data[pos]] and _DIGIT_OR_DOT[data[pos - 1]]:
            return True
        pos += length >> 1
    return pos != end


def _number(data: bytes, pos: int) -> tuple[int, int]:
    """The varint at ``pos`` in zigzag form, and the position behind it."""
    number = data[pos]
    return (number, pos + 1) if number < _LONGER else read_number(data, pos)
