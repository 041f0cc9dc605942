"""Fields, as everybody can tell them apart who knows no schema."""

from __future__ import annotations

from typing import NamedTuple

from zoneproxy.formats.document import Malformed
from zoneproxy.formats.protobuf.scalars import Wire
from zoneproxy.formats.varints import read_unsigned

_MAX_TAG = 0xFFFF_FFFF  # 29 bits of number, three of wire type
_VARINT, _LEN = int(Wire.VARINT), int(Wire.LEN)
_SIZES = {int(Wire.START_GROUP): 0, int(Wire.END_GROUP): 0, int(Wire.I64): 8, int(Wire.I32): 4}
MAX_FIELDS = 200_000
MAX_DEPTH = 100
"""Messages in one another, as Protobuf's own readers have it."""


class WireField(NamedTuple):
    """A field from ``start`` to ``end``, whose value is from ``begin`` on.

    ``value`` is that of a varint, else 0. Behind a LEN the value begins after the length, which stands at ``length``.
    Of a group only the tag is meant.
    """

    number: int
    wire: int  # a Wire, as a plain number, which is faster
    start: int
    length: int
    begin: int
    end: int
    value: int


def read_field(data: bytes, start: int, end: int) -> WireField:
    """The field at ``start``. Raises Malformed (``field``, ``truncated``, ``varint``)."""
    tag, pos = read_unsigned(data, start, end)
    number, wire = tag >> 3, tag & 7
    value, length, begin = 0, pos, pos
    if not number or tag > _MAX_TAG:
        raise Malformed("field")
    if wire == _LEN:
        size, begin = read_unsigned(data, pos, end)
        pos = begin + size
    elif wire == _VARINT:
        value, pos = read_unsigned(data, pos, end)
    else:
        try:
            pos += _SIZES[wire]
        except KeyError:
            raise Malformed("field") from None
    if pos > end:
        raise Malformed("truncated")
    return WireField(number, wire, start, length, begin, pos, value)


def is_message(data: bytes, start: int, end: int) -> bool:
    """Whether it is fields and nothing else. What is in them is not looked at, groups are.

    Of very many fields no more are looked at: whoever reads them will find that they are too many.
    """
    groups: list[int] = []
    pos, left = start, MAX_FIELDS
    try:
        while pos < end and left:
            field = read_field(data, pos, end)
            pos = field.end
            left -= 1
            if field.wire == Wire.START_GROUP:
                groups.append(field.number)
                if len(groups) > MAX_DEPTH:
                    return False
            elif field.wire == Wire.END_GROUP and (not groups or groups.pop() != field.number):
                return False
    except Malformed:
        return False
    return not groups or not left
