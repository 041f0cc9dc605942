"""CBOR (RFC 8949): one value, to the last byte, as liberal about how it is written as the RFC lets decoders be.

Tags 2 to 5 make numbers of what they stand before. Tag 24 makes a document of bytes: its leaves stand for it. A value
that changes loses the tags before it, which say how to read what is no longer there.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from zoneproxy.formats.document import OVER_LIMITS, Document, FormatLimits, Kind, Malformed
from zoneproxy.formats.items import OPEN_END, Item, ItemsDocument, What
from zoneproxy.formats.leaves import kind_of
from zoneproxy.formats.nested import MAX_LEVELS, NestedDocument
from zoneproxy.formats.numbers import of_bytes, of_float, of_fraction

# Major types, RFC 8949, 3.1.
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_INDEFINITE = 31
_BREAK = 0xFF
# Tags, 3.4.
_BIGNUM, _NEGATIVE_BIGNUM, _DECIMAL_FRACTION, _BIGFLOAT, _EMBEDDED = 2, 3, 4, 5, 24
_FLOATS = {25: struct.Struct(">e"), 26: struct.Struct(">f"), 27: struct.Struct(">d")}
_LITERALS = {20: b"false", 21: b"true", 22: b"null", 23: b"undefined"}


class _Head(NamedTuple):
    """The first bytes of an item, up to ``end``. ``argument`` is OPEN_END for one of indefinite length."""

    major: int
    info: int
    argument: int
    end: int


class CborDocument(ItemsDocument):
    """See the module."""

    nil = b"\xf6"

    def __init__(self, value: bytes, limits: FormatLimits) -> None:
        """Raises Malformed."""
        self.embedded: dict[int, int] = {}  # where tag 24 is before bytes: beginning of all tags → of the bytes
        super().__init__(value, limits)

    def embeds(self) -> Iterator[tuple[int, bytes]]:
        """The leaves that tag 24 stands before."""
        for index, (start, _, _) in enumerate(self._places):
            if start in self.embedded:
                yield index, self.leaves[index].text

    def _item(self, pos: int) -> Item:
        head, tag, content = self._head(pos), None, pos
        while head.major == _TAG:
            tag, content = head.argument, head.end
            head = self._head(content)
        if head.major == _SIMPLE and head.info == _INDEFINITE and tag is None:
            return Item(What.BREAK, head.end)
        if tag in (_DECIMAL_FRACTION, _BIGFLOAT) and head.major == _ARRAY:
            return self._fraction(head, 2 if tag == _BIGFLOAT else 10) or self._untagged(head)
        if tag in (_BIGNUM, _NEGATIVE_BIGNUM) and head.major == _BYTES:
            data, end = self._string(head)
            return Item(What.SCALAR, end, of_bytes(data, tag == _NEGATIVE_BIGNUM), Kind.NUMBER)
        item = self._untagged(head)
        if tag == _EMBEDDED and item.kind is Kind.BYTES:
            self.embedded[pos] = content
        return item

    def _head(self, pos: int) -> _Head:
        first = self._value[pos]
        major, info = first >> 5, first & 0x1F
        if info < 24:
            return _Head(major, info, info, pos + 1)
        if info < 28:
            end = pos + 1 + (1 << info - 24)
            if end > len(self._value):
                raise IndexError
            return _Head(major, info, int.from_bytes(self._value[pos + 1 : end]), end)
        if info == _INDEFINITE and major in (_BYTES, _TEXT, _ARRAY, _MAP, _SIMPLE):
            return _Head(major, info, OPEN_END, pos + 1)
        raise Malformed("type")

    def _untagged(self, head: _Head) -> Item:
        major, argument, end = head.major, head.argument, head.end
        if major in (_UNSIGNED, _NEGATIVE):
            return Item(What.SCALAR, end, b"%d" % (-1 - argument if major else argument), Kind.NUMBER)
        if major in (_BYTES, _TEXT):
            data, end = self._string(head)
            return Item(What.SCALAR, end, data, kind_of(data) if major == _TEXT else Kind.BYTES)
        if major in (_ARRAY, _MAP):
            return Item(What.ARRAY if major == _ARRAY else What.MAP, end, members=argument)
        if head.info in _FLOATS:
            layout = _FLOATS[head.info]
            (number,) = layout.unpack(self._value[end - layout.size : end])
            return Item(What.SCALAR, end, of_float(number), Kind.NUMBER)
        if head.info == _INDEFINITE:
            raise Malformed("break")  # behind a tag
        return Item(What.SCALAR, end, _LITERALS.get(argument, b"%d" % argument))

    def _string(self, head: _Head) -> tuple[bytes, int]:
        """What a string says, in one piece, and where it ends."""
        if head.argument != OPEN_END:
            end = head.end + head.argument
            if end > len(self._value):
                raise IndexError
            return self._value[head.end : end], end
        chunks = []
        pos = head.end
        while self._value[pos] != _BREAK:
            chunk = self._head(pos)
            if chunk.major != head.major or chunk.argument == OPEN_END:
                raise Malformed("chunk")
            data, pos = self._string(chunk)
            chunks.append(data)
        return b"".join(chunks), pos + 1

    def _fraction(self, head: _Head, base: int) -> Item | None:
        """An array of exponent and mantissa (3.4.4); None if it is none or absurdly long."""
        if head.argument != 2:
            return None
        exponent, pos = self._integer(head.end)
        if exponent is None:
            return None
        mantissa, pos = self._integer(pos)
        if mantissa is None:
            return None
        text = of_fraction(mantissa, base, exponent)
        return Item(What.SCALAR, pos, text, Kind.NUMBER) if text else None

    def _integer(self, pos: int) -> tuple[int | None, int]:
        """The integer at ``pos``, None if there is none, and where it ends."""
        head = self._head(pos)
        if head.major in (_UNSIGNED, _NEGATIVE):
            return -1 - head.argument if head.major else head.argument, head.end
        digits = self._head(head.end) if head.major == _TAG else head
        if head.argument not in (_BIGNUM, _NEGATIVE_BIGNUM) or digits.major != _BYTES or head is digits:
            return None, pos
        data, end = self._string(digits)
        return int(of_bytes(data, head.argument == _NEGATIVE_BIGNUM)), end

    def _text(self, text: bytes) -> bytes:
        return _written(_TEXT, len(text)) + text

    def _bytes(self, data: bytes) -> bytes:
        return _written(_BYTES, len(data)) + data

    def _said(self, index: int, text: bytes) -> bytes:
        start, _, _ = self._places[index]
        tags = self._value[start : self.embedded.get(start, start)]  # what is embedded stays so
        return tags + super()._said(index, text)

    def _counting(self, head: bytes, count: int) -> bytes:
        """Tags before it may be part of the head."""
        pos = 0
        while head[pos] >> 5 == _TAG:
            info = head[pos] & 0x1F
            pos += 1 if info < 24 else 1 + (1 << info - 24)
        own = head[pos:]
        if len(own) == 1:
            return head[:pos] + bytes((own[0] & 0xE0 | count,))
        return head[:pos] + own[:1] + count.to_bytes(len(own) - 1)


def _written(major: int, argument: int) -> bytes:
    """A head in its preferred form (4.1)."""
    if argument < 24:
        return bytes((major << 5 | argument,))
    for info, size in ((24, 1), (25, 2), (26, 4)):
        if argument < 1 << 8 * size:
            return bytes((major << 5 | info,)) + argument.to_bytes(size)
    raise AssertionError("no record is that large")


def read_cbor(value: bytes, limits: FormatLimits, levels: int = MAX_LEVELS) -> Document:
    """See Document."""
    document = CborDocument(value, limits)
    if not document.embedded or not levels:
        return document
    inner: dict[int, Document] = {}
    for index, data in document.embeds():
        try:
            inner[index] = read_cbor(data, limits, levels - 1)
        except Malformed as malformed:
            if malformed.reason in OVER_LIMITS:
                raise
    return NestedDocument(document, inner, limits) if inner else document
