"""Types that say one thing. What is not said any longer is zero or empty, where it cannot be null."""

from __future__ import annotations

import re
import struct
from collections.abc import Sequence

from zoneproxy.formats.avro.walk import Null, Tags, Walk
from zoneproxy.formats.document import CannotChange, Kind, Malformed, Path
from zoneproxy.formats.numbers import of_float
from zoneproxy.formats.varints import zigzag

_NUMBER = re.compile(rb"-?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,3})?").fullmatch
_WHOLE = re.compile(rb"-?[0-9]{1,20}").fullmatch


class NullType:
    """Nothing."""

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        return walk.leaf(path, b"null", Kind.OTHER, tags, pos, pos, self, None)

    def written(self, text: bytes | None) -> bytes:
        """See Writer."""
        if text not in (None, b"null"):
            raise CannotChange
        return b""


class BooleanType:
    """One byte, 0 or 1."""

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        end = walk.after(pos, 1)
        byte = walk.data[pos]
        if byte not in (0, 1):
            raise Malformed("boolean")
        return walk.leaf(path, b"true" if byte else b"false", Kind.OTHER, tags, pos, end, self, null)

    def written(self, text: bytes | None) -> bytes:
        """See Writer."""
        if text not in (None, b"true", b"false"):
            raise CannotChange
        return b"\x01" if text == b"true" else b"\x00"


class IntegerType:
    """An int (32 bits) or a long (64)."""

    def __init__(self, bits: int) -> None:
        self._limit = 1 << (bits - 1)

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        number, end = walk.number(pos)
        self.check(number)
        return walk.leaf(path, b"%d" % number, Kind.NUMBER, tags, pos, end, self, null)

    def check(self, number: int) -> None:
        """Raises Malformed (``range``)."""
        if not -self._limit <= number < self._limit:
            raise Malformed("range")

    def written(self, text: bytes | None) -> bytes:
        """See Writer."""
        return self.encoded(0 if text is None else whole(text))

    def encoded(self, number: int) -> bytes:
        """Raises CannotChange: it is too large."""
        if not -self._limit <= number < self._limit:
            raise CannotChange
        return zigzag(number)


class FloatType:
    """A float or a double."""

    def __init__(self, layout: str) -> None:
        """``layout`` is of ``struct``: ``<f`` or ``<d``."""
        self._layout = struct.Struct(layout)

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        end = walk.after(pos, self._layout.size)
        (number,) = self._layout.unpack_from(walk.data, pos)
        return walk.leaf(path, of_float(number), Kind.NUMBER, tags, pos, end, self, null)

    def written(self, text: bytes | None) -> bytes:
        """See Writer."""
        if text is not None and not _NUMBER(text):
            raise CannotChange
        try:
            return self._layout.pack(float(text or 0))
        except OverflowError:
            raise CannotChange from None


class BytesType:
    """Bytes behind their number."""

    kind = Kind.BYTES

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        size, begin = walk.number(pos)
        end = walk.after(begin, size)
        text = walk.data[begin:end]
        self.check(text)
        return walk.leaf(path, text, self.kind, tags, pos, end, self, null)

    def check(self, text: bytes) -> None:
        """Raises Malformed: these may not be its bytes."""

    def written(self, text: bytes | None) -> bytes:
        """See Writer."""
        text = text or b""
        try:
            self.check(text)
        except Malformed:
            raise CannotChange from None
        return zigzag(len(text)) + text


class StringType(BytesType):
    """UTF-8 behind the number of its bytes."""

    kind = Kind.TEXT

    def check(self, text: bytes) -> None:
        """Raises Malformed (``utf8``)."""
        if not text.isascii():
            try:
                text.decode()
            except UnicodeDecodeError:
                raise Malformed("utf8") from None


class FixedType:
    """As many bytes as the schema says."""

    def __init__(self, size: int) -> None:
        self.size = size

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        end = walk.after(pos, self.size)
        return walk.leaf(path, walk.data[pos:end], Kind.BYTES, tags, pos, end, self, null)

    def written(self, text: bytes | None) -> bytes:
        """See Writer."""
        text = bytes(self.size) if text is None else text
        if len(text) != self.size:
            raise CannotChange
        return text


class EnumType:
    """One of some symbols. It cannot say nothing."""

    def __init__(self, symbols: Sequence[bytes]) -> None:
        self._symbols = tuple(symbols)

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        index, end = walk.number(pos)
        if not 0 <= index < len(self._symbols):
            raise Malformed("range")
        return walk.leaf(path, self._symbols[index], Kind.TEXT, tags, pos, end, self, null)

    def written(self, text: bytes | None) -> bytes:
        """See Writer."""
        if text not in self._symbols:
            raise CannotChange
        return zigzag(self._symbols.index(text))


def whole(text: bytes) -> int:
    """Raises CannotChange: it is no whole number of 64 bits or so."""
    if not _WHOLE(text):
        raise CannotChange
    return int(text)
