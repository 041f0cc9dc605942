"""Writes the primitive types of the Kafka protocol.

Every method raises EncodeError, and nothing else, for a value that its type cannot hold. The types are those of
``reader``, name for name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from struct import Struct as Layout
from struct import error, pack
from typing import Final

from zoneproxy.errors import EncodeError
from zoneproxy.wire.buffer import Buffer, Tags
from zoneproxy.wire.reader import MAX_STRING

LARGE: Final = 8 << 10
"""Records of so many bytes or more are kept as they are until the end, and copied once."""

_INT8 = Layout(">b").pack
_INT16 = Layout(">h").pack
_UINT16 = Layout(">H").pack
_INT32 = Layout(">i").pack
_INT64 = Layout(">q").pack
_FLOAT64 = Layout(">d").pack


class Writer:
    """Collects what is written; ``getvalue`` gives it out, in one piece.

    ``keep_unknown_tags``: write the tagged fields that the message's definition does not know, or leave them out.
    """

    __slots__ = ("_chunks", "_data", "keep_unknown_tags")

    def __init__(self, *, keep_unknown_tags: bool = True) -> None:
        self.keep_unknown_tags = keep_unknown_tags
        self._data = bytearray()
        self._chunks: list[Buffer] = []

    def getvalue(self) -> bytes:
        """All bytes written so far."""
        return b"".join((*self._chunks, self._data)) if self._chunks else bytes(self._data)

    def frame(self) -> bytes:
        """All bytes written so far, behind their length as a signed 32-bit number (Kafka's framing)."""
        size = len(self._data) + sum(map(len, self._chunks))
        if size > 0x7FFFFFFF:
            raise EncodeError("a frame is longer than 2 GiB")
        return b"".join((_INT32(size), *self._chunks, self._data))

    # --- numbers ---------------------------------------------------------------------------------------------

    def int8(self, value: int) -> None:
        try:
            self._data += _INT8(value)
        except error:
            raise EncodeError("not an int8") from None

    def int16(self, value: int) -> None:
        try:
            self._data += _INT16(value)
        except error:
            raise EncodeError("not an int16") from None

    def uint16(self, value: int) -> None:
        try:
            self._data += _UINT16(value)
        except error:
            raise EncodeError("not a uint16") from None

    def int32(self, value: int) -> None:
        try:
            self._data += _INT32(value)
        except error:
            raise EncodeError("not an int32") from None

    def int64(self, value: int) -> None:
        try:
            self._data += _INT64(value)
        except error:
            raise EncodeError("not an int64") from None

    def float64(self, value: float) -> None:
        try:
            self._data += _FLOAT64(value)
        except error:
            raise EncodeError("not a float64") from None

    def fixed(self, layout: Layout, *values: float) -> None:
        """Several numbers at once."""
        try:
            self._data += layout.pack(*values)
        except error:
            raise EncodeError("a number does not fit its type") from None

    def boolean(self, value: bool) -> None:
        self._data.append(1 if value else 0)

    def uuid(self, value: bytes) -> None:
        """16 raw bytes."""
        if len(value) != 16:
            raise EncodeError("a uuid has 16 bytes")
        self._data += value

    def unsigned_varint(self, value: int) -> None:
        """32 bits at most."""
        if not 0 <= value <= 0xFFFFFFFF:
            raise EncodeError("not an unsigned varint")
        while value >= 0x80:
            self._data.append(value & 0x7F | 0x80)
            value >>= 7
        self._data.append(value)

    # --- strings and bytes -----------------------------------------------------------------------------------

    def string(self, value: str | None) -> None:
        raw = _utf8(value)
        self.int16(len(raw))
        self._data += raw

    def nullable_string(self, value: str | None) -> None:
        if value is None:
            self._data += b"\xff\xff"
        else:
            self.string(value)

    def compact_string(self, value: str | None) -> None:
        raw = _utf8(value)
        if len(raw) > MAX_STRING:
            raise EncodeError("a string is longer than 32767 bytes")
        self.unsigned_varint(len(raw) + 1)
        self._data += raw

    def compact_nullable_string(self, value: str | None) -> None:
        if value is None:
            self._data.append(0)
        else:
            self.compact_string(value)

    def bytes_(self, value: Buffer | None) -> None:
        if value is None:
            raise EncodeError("null where the version has none")
        self.int32(len(value))
        self._append(value)

    def nullable_bytes(self, value: Buffer | None) -> None:
        if value is None:
            self._data += b"\xff\xff\xff\xff"
        else:
            self.bytes_(value)

    def compact_bytes(self, value: Buffer | None) -> None:
        if value is None:
            raise EncodeError("null where the version has none")
        self.unsigned_varint(len(value) + 1)
        self._append(value)

    def compact_nullable_bytes(self, value: Buffer | None) -> None:
        if value is None:
            self._data.append(0)
        else:
            self.compact_bytes(value)

    def records(self, value: Buffer | None) -> None:
        """Record batches, as they are."""
        self.bytes_(value)

    def compact_records(self, value: Buffer | None) -> None:
        """See ``records``."""
        self.compact_bytes(value)

    def nullable_records(self, value: Buffer | None) -> None:
        """See ``records``."""
        self.nullable_bytes(value)

    def compact_nullable_records(self, value: Buffer | None) -> None:
        """See ``records``."""
        self.compact_nullable_bytes(value)

    def _append(self, value: Buffer) -> None:
        """Small values into the bytearray at the end; large ones between two of them, uncopied."""
        if len(value) < LARGE:
            self._data += value
        else:
            self._chunks += (self._data, value)
            self._data = bytearray()

    # --- arrays and structs ----------------------------------------------------------------------------------

    def array_length(self, value: Sized | None) -> None:
        if value is None:
            raise EncodeError("null where the version has none")
        self.int32(len(value))

    def nullable_array_length(self, value: Sized | None) -> None:
        self.int32(-1 if value is None else len(value))

    def compact_array_length(self, value: Sized | None) -> None:
        if value is None:
            raise EncodeError("null where the version has none")
        self.unsigned_varint(len(value) + 1)

    def compact_nullable_array_length(self, value: Sized | None) -> None:
        self.unsigned_varint(0 if value is None else len(value) + 1)

    def int8s(self, values: Sequence[int]) -> None:
        """The elements of an array, without its length."""
        self._numbers(values, "b")

    def int16s(self, values: Sequence[int]) -> None:
        """See ``int8s``."""
        self._numbers(values, "h")

    def int32s(self, values: Sequence[int]) -> None:
        """See ``int8s``."""
        self._numbers(values, "i")

    def int64s(self, values: Sequence[int]) -> None:
        """See ``int8s``."""
        self._numbers(values, "q")

    def _numbers(self, values: Sequence[int], code: str) -> None:
        try:
            self._data += pack(f">{len(values)}{code}", *values)
        except error:
            raise EncodeError("a number does not fit its array") from None

    def present(self, value: object | None) -> None:
        """The marker of a nullable struct (KIP-893)."""
        self._data.append(0xFF if value is None else 1)

    # --- tagged fields ---------------------------------------------------------------------------------------

    def unknown_tags(self, tags: Tags) -> None:
        """The tagged fields of a struct that defines none."""
        if tags and self.keep_unknown_tags:
            self._tags(sorted(tags))
        else:
            self._data.append(0)

    def tag(self) -> Writer:
        """A writer for the bytes of one known tagged field."""
        return Writer(keep_unknown_tags=self.keep_unknown_tags)

    def tagged_fields(self, known: Iterable[tuple[int, bytes]], unknown: Tags) -> None:
        """Known and unknown tagged fields together, tags ascending."""
        self._tags(sorted((*known, *unknown) if self.keep_unknown_tags else known))

    def _tags(self, tags: Sequence[tuple[int, bytes]]) -> None:
        self.unsigned_varint(len(tags))
        last = -1
        for tag, raw in tags:
            if tag <= last:
                raise EncodeError("a tag is there twice")
            self.unsigned_varint(tag)
            self.unsigned_varint(len(raw))
            self._data += raw
            last = tag


def _utf8(value: str | None) -> bytes:
    if value is None:
        raise EncodeError("null where the version has none")
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise EncodeError("a string is not Unicode") from None
