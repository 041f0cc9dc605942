"""How the numbers and texts of Protobuf are said and written, without the tag in front of them."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from enum import IntEnum

from zoneproxy.formats.document import CannotChange, Kind
from zoneproxy.formats.leaves import kind_of
from zoneproxy.formats.numbers import of_float
from zoneproxy.formats.varints import BITS, unsigned, zigzag

_WHOLE = re.compile(rb"-?[0-9]{1,20}").fullmatch
_NUMBER = re.compile(rb"-?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,3})?").fullmatch


class Wire(IntEnum):
    """What follows a tag."""

    VARINT = 0
    I64 = 1
    LEN = 2
    START_GROUP = 3
    END_GROUP = 4
    I32 = 5


class Integer:
    """A varint that is a number of so many ``bits``.

    What has more is said with all of them, as they are there, and as readers see it, who take the lower ones only.
    """

    wire = int(Wire.VARINT)

    def __init__(self, bits: int, *, signed: bool = True) -> None:
        self._bits = bits
        self._low, self._high = (-(1 << (bits - 1)), 1 << (bits - 1)) if signed else (0, 1 << bits)

    def say(self, number: int) -> tuple[bytes, Kind]:
        """Of 64 bits, as they stand there."""
        signed = self._low < 0 and number >> (BITS - 1)
        return b"%d" % (number - (1 << BITS) if signed else number), Kind.NUMBER

    def readings(self, number: int) -> Iterator[tuple[bytes, Kind]]:
        """All that ``number``, of 64 bits as they stand there, may say."""
        yield self.say(number)
        taken = self._taken(number & (1 << self._bits) - 1)
        if taken != number:
            yield self.say(taken)

    def _taken(self, number: int) -> int:
        """The lower bits alone; of a number below zero all bits above are set."""
        return number - (1 << self._bits) + (1 << BITS) if self._low < 0 and number >> (self._bits - 1) else number

    def written(self, text: bytes | None) -> bytes:
        """See Scalar."""
        return self._encoded(_whole(text, self._low, self._high))

    @staticmethod
    def _encoded(number: int) -> bytes:
        return unsigned(number)


class ZigzagInteger(Integer):
    """A varint in which small numbers below zero are short as well."""

    def say(self, number: int) -> tuple[bytes, Kind]:
        """See Integer."""
        return b"%d" % (number >> 1 ^ -(number & 1)), Kind.NUMBER

    def _taken(self, number: int) -> int:
        return number

    @staticmethod
    def _encoded(number: int) -> bytes:
        return zigzag(number)


class Boolean(Integer):
    """A varint that is 0 or 1. Others are said as the numbers that they are."""

    def __init__(self) -> None:
        super().__init__(BITS, signed=False)

    def say(self, number: int) -> tuple[bytes, Kind]:
        """See Integer."""
        return (b"true" if number else b"false", Kind.OTHER) if number in (0, 1) else super().say(number)

    def written(self, text: bytes | None) -> bytes:
        """See Scalar."""
        if text not in (None, b"true", b"false"):
            raise CannotChange
        return b"\x01" if text == b"true" else b"\x00"


class Fixed:
    """Four or eight bytes that are a number."""

    def __init__(self, layout: str) -> None:
        """``layout`` is of ``struct``."""
        self._layout = struct.Struct(layout)
        self._real = layout[-1] in "fd"
        self.size = self._layout.size
        self.wire = int(Wire.I64 if self.size == 8 else Wire.I32)

    def say(self, data: bytes, start: int) -> tuple[bytes, Kind]:
        """What stands in ``data`` from ``start`` on."""
        (number,) = self._layout.unpack_from(data, start)
        return (of_float(number) if self._real else b"%d" % number), Kind.NUMBER

    def written(self, text: bytes | None) -> bytes:
        """See Scalar."""
        if text is not None and not (_NUMBER if self._real else _WHOLE)(text):
            raise CannotChange
        try:
            return self._layout.pack(float(text or 0) if self._real else int(text or 0))
        except (OverflowError, struct.error):
            raise CannotChange from None


class Text:
    """Bytes behind their number: TEXT where they are UTF-8, if it is a ``string``."""

    wire = int(Wire.LEN)

    def __init__(self, *, string: bool) -> None:
        self._string = string

    def kind(self, text: bytes) -> Kind:
        """What ``text`` is in this field."""
        return kind_of(text) if self._string else Kind.BYTES

    def written(self, text: bytes | None) -> bytes:
        """See Scalar."""
        text = text or b""
        if self._string and kind_of(text) is not Kind.TEXT:
            raise CannotChange
        return unsigned(len(text)) + text


Scalar = Integer | Fixed | Text
"""Each has its ``wire`` type, and ``written``: a text (None: nothing, which is zero) as bytes, or CannotChange."""

STRING, BYTES = Text(string=True), Text(string=False)
INT32, INT64, UINT64, SINT64 = Integer(32), Integer(64), Integer(64, signed=False), ZigzagInteger(64)
FIXED32, FIXED64, FLOAT, DOUBLE = Fixed("<I"), Fixed("<Q"), Fixed("<f"), Fixed("<d")

SCALARS: dict[str, Scalar] = {
    "double": DOUBLE,
    "float": FLOAT,
    "int32": INT32,
    "int64": INT64,
    "uint32": Integer(32, signed=False),
    "uint64": UINT64,
    "sint32": ZigzagInteger(32),
    "sint64": SINT64,
    "fixed32": FIXED32,
    "fixed64": FIXED64,
    "sfixed32": Fixed("<i"),
    "sfixed64": Fixed("<q"),
    "bool": Boolean(),
    "string": STRING,
    "bytes": BYTES,
}


def _whole(text: bytes | None, low: int, high: int) -> int:
    if text is None:
        return 0
    if not _WHOLE(text) or not low <= int(text) < high:
        raise CannotChange
    return int(text)
