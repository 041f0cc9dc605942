"""Zigzag varints, as records use them: small numbers of either sign in few bytes.

Only the shortest form of a number is accepted. A longer one would be a second way to write the same record, and the
bytes in between a place to hide things.
"""

from __future__ import annotations

from zoneproxy.errors import ProtocolError

_MAX_BYTES_32 = 5
_MAX_BYTES_64 = 10


def read_varint(data: bytes, pos: int) -> tuple[int, int]:
    """The 32-bit number at ``pos``, and the position behind it.

    Raises ProtocolError ``varint``; IndexError if ``data`` ends within the number.
    """
    value, pos = _read(data, pos, _MAX_BYTES_32, 0xFFFFFFFF)
    return (value >> 1) ^ -(value & 1), pos


def read_varlong(data: bytes, pos: int) -> tuple[int, int]:
    """The 64-bit number at ``pos``, and the position behind it. Errors as ``read_varint``."""
    value, pos = _read(data, pos, _MAX_BYTES_64, 0xFFFFFFFFFFFFFFFF)
    return (value >> 1) ^ -(value & 1), pos


def _read(data: bytes, pos: int, max_bytes: int, highest: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 7 * max_bytes, 7):
        byte = data[pos]
        pos += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value > highest or (byte == 0 and shift):
                raise ProtocolError("varint")
            return value, pos
    raise ProtocolError("varint")


def append_varint(out: bytearray, value: int) -> None:
    """Write ``value``, of at most 64 bits, to ``out``."""
    value = (value << 1) ^ (value >> 63)
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
