"""MessagePack (its specification of 2017): one value, to the last byte."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta

from zoneproxy.formats.document import FormatLimits, Kind, Malformed
from zoneproxy.formats.items import Item, ItemsDocument, What
from zoneproxy.formats.leaves import kind_of
from zoneproxy.formats.numbers import of_float, of_fraction

_NIL, _FALSE, _TRUE = 0xC0, 0xC2, 0xC3
_STRING, _BINARY, _EXTENSION = "str", "bin", "ext"
# First byte → what it is, and how many bytes say its length.
_SIZED = {
    **dict.fromkeys((0xD9, 0xC4, 0xC7), 1),
    **dict.fromkeys((0xDA, 0xC5, 0xC8, 0xDC, 0xDE), 2),
    **dict.fromkeys((0xDB, 0xC6, 0xC9, 0xDD, 0xDF), 4),
}
_DATA = {
    **dict.fromkeys((0xD9, 0xDA, 0xDB), _STRING),
    **dict.fromkeys((0xC4, 0xC5, 0xC6), _BINARY),
    **dict.fromkeys((0xC7, 0xC8, 0xC9), _EXTENSION),
}
_CONTAINERS = {0xDC: What.ARRAY, 0xDD: What.ARRAY, 0xDE: What.MAP, 0xDF: What.MAP}
_FIXED_EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
_NUMBERS = {first: struct.Struct(">" + code) for first, code in enumerate("fdBHIQbhiq", start=0xCA)}
_LITERALS = {_NIL: b"null", _FALSE: b"false", _TRUE: b"true"}
_TIMESTAMP = 0xFF  # the type -1


class MsgpackDocument(ItemsDocument):
    """See the module. Extensions stay as they are, but for timestamps."""

    nil = b"\xc0"

    def _item(self, pos: int) -> Item:
        data = self._value
        first = data[pos]
        if first <= 0x7F or first >= 0xE0:
            return Item(What.SCALAR, pos + 1, b"%d" % (first - 256 if first >= 0xE0 else first), Kind.NUMBER)
        if first <= 0x8F:
            return Item(What.MAP, pos + 1, members=first & 0x0F)
        if first <= 0x9F:
            return Item(What.ARRAY, pos + 1, members=first & 0x0F)
        if first <= 0xBF:
            return self._data(_STRING, pos + 1, first & 0x1F)
        if first in _LITERALS:
            return Item(What.SCALAR, pos + 1, _LITERALS[first])
        if first in _NUMBERS:
            return self._number(_NUMBERS[first], pos + 1)
        if first in _FIXED_EXTENSIONS:
            return self._data(_EXTENSION, pos + 1, _FIXED_EXTENSIONS[first])
        if first not in _SIZED:
            raise Malformed("type")
        end = pos + 1 + _SIZED[first]
        size = int.from_bytes(self._slice(pos + 1, end))
        if first in _CONTAINERS:
            return Item(_CONTAINERS[first], end, members=size)
        return self._data(_DATA[first], end, size)

    def _slice(self, start: int, end: int) -> bytes:
        if end > len(self._value):
            raise IndexError
        return self._value[start:end]

    def _number(self, layout: struct.Struct, pos: int) -> Item:
        end = pos + layout.size
        (number,) = layout.unpack(self._slice(pos, end))
        text = of_float(number) if isinstance(number, float) else b"%d" % number
        return Item(What.SCALAR, end, text, Kind.NUMBER)

    def _data(self, what: str, pos: int, size: int) -> Item:
        if what == _EXTENSION:
            type_, pos = self._value[pos], pos + 1
            data = self._slice(pos, pos + size)
            time = _timestamp(data) if type_ == _TIMESTAMP else None
            if time is not None:
                return Item(What.SCALAR, pos + size, time, Kind.TEXT)
            return Item(What.SCALAR, pos + size, data, Kind.BYTES, fixed=True)
        data = self._slice(pos, pos + size)
        return Item(What.SCALAR, pos + size, data, kind_of(data) if what == _STRING else Kind.BYTES)

    def _text(self, text: bytes) -> bytes:
        return _sized(text, (0xD9, 0xDA, 0xDB)) if len(text) > 0x1F else bytes((0xA0 | len(text),)) + text

    def _bytes(self, data: bytes) -> bytes:
        return _sized(data, (0xC4, 0xC5, 0xC6))

    def _counting(self, head: bytes, count: int) -> bytes:
        if len(head) == 1:
            return bytes((head[0] & 0xF0 | count,))
        return head[:1] + count.to_bytes(len(head) - 1)


def _sized(data: bytes, firsts: tuple[int, int, int]) -> bytes:
    for first, size in zip(firsts, (1, 2, 4), strict=True):
        if len(data) < 1 << 8 * size:
            return bytes((first,)) + len(data).to_bytes(size) + data
    raise AssertionError("no record is that large")


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _timestamp(data: bytes) -> bytes | None:
    """A time as RFC 3339 writes it, in seconds since 1970 if no calendar has it; None if ``data`` is none."""
    if len(data) == 4:
        nanoseconds, seconds = 0, int.from_bytes(data)
    elif len(data) == 8:
        nanoseconds, seconds = divmod(int.from_bytes(data), 1 << 34)
    elif len(data) == 12:
        nanoseconds, seconds = int.from_bytes(data[:4]), int.from_bytes(data[4:], signed=True)
    else:
        return None
    try:
        date = (_EPOCH + timedelta(seconds=seconds)).isoformat()[:19].encode()
    except OverflowError:
        return of_fraction(seconds * 10**9 + nanoseconds, 10, -9)
    return date + (b".%09d" % nanoseconds if nanoseconds else b"") + b"Z"


def read_msgpack(value: bytes, limits: FormatLimits) -> MsgpackDocument:
    """See Document."""
    return MsgpackDocument(value, limits)
