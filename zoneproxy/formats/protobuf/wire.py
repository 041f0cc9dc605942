"""Fields, as everybody can tell them apart who knows no schema."""

from __future__ import annotations

from typing import NamedTuple

from zoneproxy.formats.document import Malformed
from zoneproxy.formats.protobuf.scalars import Wire
from zoneproxy.formats.varints import read_unsigned

_MAX_TAG = 0xFFFF_FFFF  # 29 bits of number, three of wire type
_WIRES = frozenset(Wire)
_FIXED = {Wire.I64: 8, Wire.I32: 4}
MAX_DEPTH = 100
"""Messages in one another, as Protobuf's own readers have it."""


class WireField(NamedTuple):
    """A field from ``start`` to ``end``, whose value is from ``begin`` on.

    ``value`` is that of a varint, else 0. Behind a LEN the value begins after the length, which stands at ``length``.
    Of a group only the tag is meant.
    """

    number: int
    wire: Wire
    start: int
    length: int
    begin: int
    end: int
    value: int


def read_field(data: bytes, start: int, end: int) -> WireField:
    """The field at ``start``. Raises Malformed (``field``, ``truncated``, ``varint``)."""
    tag, pos = read_unsigned(data, start, end)
    number, wire = tag >> 3, tag & 7
    if not number or tag > _MAX_TAG or wire not in _WIRES:
        raise Malformed("field")
    value, length, begin = 0, pos, pos
    if wire == Wire.VARINT:
        value, pos = read_unsigned(data, pos, end)
    elif wire == Wire.LEN:
        size, begin = read_unsigned(data, pos, end)
        pos = begin + size
    elif wire in _FIXED:
        pos += _FIXED[Wire(wire)]
    if pos > end:
        raise Malformed("truncated")
    return WireField(number, Wire(wire), start, length, begin, pos, value)


def is_message(data: bytes, start: int, end: int) -> bool:
    """Whether it is fields and nothing else. What is in them is not looked at, groups are."""
    groups: list[int] = []
    pos = start
    try:
        while pos < end:
            field = read_field(data, pos, end)
            pos = field.end
            if field.wire is Wire.START_GROUP:
                groups.append(field.number)
                if len(groups) > MAX_DEPTH:
                    return False
            elif field.wire is Wire.END_GROUP and (not groups or groups.pop() != field.number):
                return False
    except Malformed:
        return False
    return not groups
