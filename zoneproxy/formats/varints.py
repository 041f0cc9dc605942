"""Numbers of seven bits to the byte, the lowest first, as Avro and Protobuf write them: 64 bits in ten bytes at most.

Longer forms than need be are read as both formats' own readers do; what is not changed keeps the form that it has.
"""

from __future__ import annotations

from zoneproxy.formats.document import Malformed

BITS = 64
_MORE = 0x80
_MASK = (1 << BITS) - 1


def read_unsigned(data: bytes, pos: int, end: int) -> tuple[int, int]:
    """The number at ``pos``, and the position behind it.

    Raises Malformed: it goes on at ``end`` (``truncated``), or is longer than ten bytes or 64 bits (``varint``).
    """
    if pos < end and (number := data[pos]) < _MORE:
        return number, pos + 1
    number = 0
    for shift in range(0, BITS, 7):
        if pos >= end:
            raise Malformed("truncated")
        byte = data[pos]
        pos += 1
        number |= (byte & 0x7F) << shift
        if byte < _MORE:
            if number > _MASK:
                break
            return number, pos
    raise Malformed("varint")


def read_zigzag(data: bytes, pos: int, end: int) -> tuple[int, int]:
    """As ``read_unsigned``, for a number of either sign: 0, -1, 1, -2..."""
    number, pos = read_unsigned(data, pos, end)
    return number >> 1 ^ -(number & 1), pos


def unsigned(number: int) -> bytes:
    """``number``, of 64 bits, in the shortest form; one below zero in two's complement."""
    number &= _MASK
    out = bytearray()
    while number >= _MORE:
        out.append(number & 0x7F | _MORE)
        number >>= 7
    out.append(number)
    return bytes(out)


def zigzag(number: int) -> bytes:
    """``number``, signed and of 64 bits, in the shortest form."""
    return unsigned(number << 1 ^ number >> (BITS - 1))
