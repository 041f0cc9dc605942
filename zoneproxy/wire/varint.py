"""Zigzag varints, as records use them: small numbers of either sign in few bytes.

Only the shortest form of a number is accepted. A longer one would be a second way to write the same record, and the
bytes in between a place to hide things.
"""

from __future__ import annotations

from typing import Final

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer

_BITS_32: Final = 32
_BITS_64: Final = 64


def read_varint(data: Buffer, pos: int) -> tuple[int, int]:
    """The 32-bit number at ``pos``, and the position behind it.

    Raises ProtocolError ``varint``; IndexError if ``data`` ends within the number.
    """
    number, pos = read_number(data, pos)
    return number >> 1 ^ -(number & 1), pos


def read_number(data: Buffer, pos: int) -> tuple[int, int]:
    """As ``read_varint``, in the zigzag form: 2n for n ≥ 0, and 2|n| - 1 for n < 0."""
    return _read(data, pos, _BITS_32)


def read_long_number(data: Buffer, pos: int) -> tuple[int, int]:
    """As ``read_number``, for a 64-bit number."""
    return _read(data, pos, _BITS_64)


def _read(data: Buffer, pos: int, bits: int) -> tuple[int, int]:
    number = 0
    for shift in range(0, bits, 7):
        byte = data[pos]
        pos += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            if number >> bits or (byte == 0 and shift):
                break
            return number, pos
    raise ProtocolError("varint")


def varint(value: int) -> bytes:
    """``value``, of at most 64 bits, as it is written."""
    number = (value << 1) ^ (value >> 63)
    if number < 0x80:
        return BYTE[number]
    if number < 0x4000:
        return BYTE[number & 0x7F | 0x80] + BYTE[number >> 7]
    out = bytearray()
    append_varint(out, value)
    return bytes(out)


BYTE: Final = [bytes((number,)) for number in range(0x100)]
"""Every byte."""


def append_varint(out: bytearray, value: int) -> None:
    """Write ``value``, of at most 64 bits, to ``out``."""
    value = (value << 1) ^ (value >> 63)
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
