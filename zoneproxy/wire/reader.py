"""Reads the primitive types of the Kafka protocol from bytes that nobody has checked yet.

Every method raises ProtocolError, and nothing else, for any bytes. Its reasons:

- ``truncated``: the bytes end before the value does
- ``varint``: an unsigned varint is longer than it need be, or than 32 bits
- ``length``: a negative length, null where null is not allowed, or a string longer than Kafka writes
- ``count``: more elements than the remaining bytes can hold
- ``memory``: the message would take far more memory than it has bytes
- ``utf8``: a string is not UTF-8
- ``marker``: a nullable struct is introduced by a byte that is neither -1 nor 1
- ``tags``: tagged fields out of order, doubled, too many, or longer or shorter than they say

Types and encodings: https://kafka.apache.org/protocol#protocol_types, KIP-482 (compact types and tagged fields),
KIP-893 (nullable structs).
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct as Layout
from struct import unpack_from
from typing import Any, Final

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import Buffer, Tags

MAX_TAGS: Final = 64
"""Tagged fields per section. Kafka 4.3.1 defines four at most; unbounded, they were CVE-2026-111115."""

MAX_STRING: Final = 0x7FFF
"""Bytes of a string: Kafka keeps to the older encoding's limit in the compact one too."""

HEAP_FLOOR: Final = 16 << 20
HEAP_PER_BYTE: Final = 24
HEAP_CEILING: Final = 512 << 20
"""How many bytes of objects one message may become, by estimate: the floor, plus so many per byte of input, but the
ceiling at most. Real messages stay under 15 per byte; empty structs of two bytes each would come to over 100."""

_TAG_HEAP: Final = 160  # a pair, its number, its bytes and the reader they are read with

_INT8 = Layout(">b").unpack_from
_INT16 = Layout(">h").unpack_from
_UINT16 = Layout(">H").unpack_from
_INT32 = Layout(">i").unpack_from
_INT64 = Layout(">q").unpack_from
_FLOAT64 = Layout(">d").unpack_from


class Reader:
    """A position in a buffer (a memoryview is copied first). ``end`` is the offset behind the last byte to be read.

    ``saw_unknown_tags`` turns true when a tagged field is met that the message's definition does not know.
    """

    __slots__ = ("_whole", "buffer", "end", "heap", "heap_limit", "pos", "saw_unknown_tags")

    def __init__(self, buffer: Buffer, pos: int = 0, end: int | None = None) -> None:
        self.buffer = bytes(buffer) if isinstance(buffer, memoryview) else buffer
        self.pos = pos
        self.end = len(buffer) if end is None else end
        self.heap = 0
        self.heap_limit = min(HEAP_FLOOR + HEAP_PER_BYTE * (self.end - pos), HEAP_CEILING)
        self.saw_unknown_tags = False
        self._whole: memoryview | None = None  # of the buffer, once somebody needs it

    @property
    def remaining(self) -> int:
        """Bytes not read yet."""
        return self.end - self.pos

    # --- numbers ---------------------------------------------------------------------------------------------

    def int8(self) -> int:
        pos = self.pos
        self.pos = pos + 1
        if pos + 1 > self.end:
            raise ProtocolError("truncated")
        value: int = _INT8(self.buffer, pos)[0]
        return value

    def int16(self) -> int:
        pos = self.pos
        self.pos = pos + 2
        if pos + 2 > self.end:
            raise ProtocolError("truncated")
        value: int = _INT16(self.buffer, pos)[0]
        return value

    def uint16(self) -> int:
        pos = self.pos
        self.pos = pos + 2
        if pos + 2 > self.end:
            raise ProtocolError("truncated")
        value: int = _UINT16(self.buffer, pos)[0]
        return value

    def int32(self) -> int:
        pos = self.pos
        self.pos = pos + 4
        if pos + 4 > self.end:
            raise ProtocolError("truncated")
        value: int = _INT32(self.buffer, pos)[0]
        return value

    def int64(self) -> int:
        pos = self.pos
        self.pos = pos + 8
        if pos + 8 > self.end:
            raise ProtocolError("truncated")
        value: int = _INT64(self.buffer, pos)[0]
        return value

    def float64(self) -> float:
        pos = self.pos
        self.pos = pos + 8
        if pos + 8 > self.end:
            raise ProtocolError("truncated")
        value: float = _FLOAT64(self.buffer, pos)[0]
        return value

    def boolean(self) -> bool:
        """Any byte but 0 is true, as the protocol guide says."""
        return self.int8() != 0

    def uuid(self) -> bytes:
        """16 raw bytes."""
        pos = self.pos
        self.pos = pos + 16
        if pos + 16 > self.end:
            raise ProtocolError("truncated")
        return bytes(self.buffer[pos : pos + 16])

    def fixed(self, layout: Layout) -> tuple[Any, ...]:
        """Several numbers at once."""
        pos = self.pos
        self.pos = end = pos + layout.size
        if end > self.end:
            raise ProtocolError("truncated")
        return layout.unpack_from(self.buffer, pos)

    def unsigned_varint(self) -> int:
        """32 bits at most, and in as few bytes as the value needs."""
        pos = self.pos
        if pos >= self.end:
            raise ProtocolError("truncated")
        buffer = self.buffer
        value = buffer[pos]
        self.pos = pos = pos + 1
        if value < 0x80:
            return value
        if pos < self.end and 0 < (high := buffer[pos]) < 0x80:
            self.pos = pos + 1
            return value & 0x7F | high << 7
        return self._long_varint(value & 0x7F)

    def _long_varint(self, value: int) -> int:
        """The rest of a varint whose first byte said that there is more."""
        buffer, pos, end = self.buffer, self.pos, self.end
        for shift in (7, 14, 21, 28):
            if pos >= end:
                raise ProtocolError("truncated")
            byte = buffer[pos]
            pos += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if byte == 0 or value > 0xFFFFFFFF:
                    raise ProtocolError("varint")
                self.pos = pos
                return value
        raise ProtocolError("varint")

    # --- strings and bytes -----------------------------------------------------------------------------------

    def string(self) -> str:
        return self._text(self.int16())

    def nullable_string(self) -> str | None:
        length = self.int16()
        return None if length == -1 else self._text(length)

    def compact_string(self) -> str:
        pos = self.pos
        if pos < self.end and 0 < (length := self.buffer[pos]) < 0x80:
            self.pos = pos + 1
            return self._text(length - 1)
        return self._text(self.unsigned_varint() - 1)

    def compact_nullable_string(self) -> str | None:
        length = self.unsigned_varint()
        return None if length == 0 else self._text(length - 1)

    def bytes_(self) -> bytes:
        return bytes(self._view(self.int32()))

    def nullable_bytes(self) -> bytes | None:
        length = self.int32()
        return None if length == -1 else bytes(self._view(length))

    def compact_bytes(self) -> bytes:
        return bytes(self._view(self.unsigned_varint() - 1))

    def compact_nullable_bytes(self) -> bytes | None:
        length = self.unsigned_varint()
        return None if length == 0 else bytes(self._view(length - 1))

    def records(self) -> memoryview:
        """Record batches, as a view into the buffer: nothing is copied."""
        return self._view(self.int32())

    def compact_records(self) -> memoryview:
        """See ``records``."""
        return self._view(self.unsigned_varint() - 1)

    def nullable_records(self) -> memoryview | None:
        """See ``records``."""
        length = self.int32()
        return None if length == -1 else self._view(length)

    def compact_nullable_records(self) -> memoryview | None:
        """See ``records``."""
        length = self.unsigned_varint()
        return None if length == 0 else self._view(length - 1)

    def _text(self, length: int) -> str:
        pos = self.pos
        end = pos + length
        if not 0 <= length <= MAX_STRING:
            raise ProtocolError("length")
        if end > self.end:
            raise ProtocolError("truncated")
        self.pos = end
        try:
            return self.buffer[pos:end].decode()
        except UnicodeDecodeError:
            raise ProtocolError("utf8") from None

    def _view(self, length: int) -> memoryview:
        pos = self.pos
        end = pos + length
        if length < 0:
            raise ProtocolError("length")
        if end > self.end:
            raise ProtocolError("truncated")
        self.pos = end
        if self._whole is None:
            self._whole = memoryview(self.buffer)
        return self._whole[pos:end]

    # --- arrays and structs ----------------------------------------------------------------------------------

    def array_length(self, size: int, heap: int) -> int:
        """How many elements follow, each of at least ``size`` bytes here and about ``heap`` bytes in memory."""
        return self._count(self.int32(), size, heap)

    def nullable_array_length(self, size: int, heap: int) -> int:
        """As ``array_length``; -1 for null."""
        count = self.int32()
        return -1 if count == -1 else self._count(count, size, heap)

    def compact_array_length(self, size: int, heap: int) -> int:
        """As ``array_length``."""
        pos = self.pos
        if pos < self.end and 0 < (count := self.buffer[pos]) < 0x80:
            self.pos = pos + 1
            return self._count(count - 1, size, heap) if count > 1 else 0
        return self._count(self.unsigned_varint() - 1, size, heap)

    def compact_nullable_array_length(self, size: int, heap: int) -> int:
        """As ``array_length``; -1 for null."""
        count = self.unsigned_varint()
        return -1 if count == 0 else self._count(count - 1, size, heap)

    def _count(self, count: int, size: int, heap: int) -> int:
        if count < 0:
            raise ProtocolError("length")
        if count * size > self.end - self.pos:
            raise ProtocolError("count")
        self.heap += count * heap
        if self.heap > self.heap_limit:
            raise ProtocolError("memory")
        return count

    def _charge(self, heap: int) -> None:
        self.heap += heap
        if self.heap > self.heap_limit:
            raise ProtocolError("memory")

    def int8s(self, count: int) -> list[int]:
        """``count`` numbers, where ``count`` comes from one of the ``…array_length`` methods."""
        return self._numbers(count, 1, "b")

    def int16s(self, count: int) -> list[int]:
        """See ``int8s``."""
        return self._numbers(count, 2, "h")

    def int32s(self, count: int) -> list[int]:
        """See ``int8s``."""
        return self._numbers(count, 4, "i")

    def int64s(self, count: int) -> list[int]:
        """See ``int8s``."""
        return self._numbers(count, 8, "q")

    def _numbers(self, count: int, size: int, code: str) -> list[int]:
        pos = self.pos
        self.pos = pos + count * size
        if self.pos > self.end:
            raise ProtocolError("truncated")
        return list(unpack_from(f">{count}{code}", self.buffer, pos))

    def present(self) -> bool:
        """Whether a nullable struct follows (KIP-893)."""
        marker = self.int8()
        if marker not in (-1, 1):
            raise ProtocolError("marker")
        return marker == 1

    # --- tagged fields ---------------------------------------------------------------------------------------

    def unknown_tags(self) -> Tags:
        """The tagged fields of a struct that defines none."""
        pos = self.pos
        if pos < self.end and self.buffer[pos] == 0:
            self.pos = pos + 1
            return ()
        return tuple(self.unknown_tag(tag, field) for tag, field in self.tagged_fields())

    def tagged_fields(self) -> Sequence[tuple[int, Reader]]:
        """Each tag with a reader over its bytes, to be handed to ``unknown_tag`` or, once read, to ``end_tag``."""
        pos = self.pos
        if pos < self.end and self.buffer[pos] == 0:  # nearly always
            self.pos = pos + 1
            return ()
        count = self.unsigned_varint()
        if count > MAX_TAGS:
            raise ProtocolError("tags")
        self._charge(count * _TAG_HEAP)
        fields: list[tuple[int, Reader]] = []
        last = -1
        for _ in range(count):
            tag, length = self.unsigned_varint(), self.unsigned_varint()
            start, end = self.pos, self.pos + length
            if tag <= last or end > self.end:
                raise ProtocolError("tags")
            fields.append((tag, Reader(self.buffer, start, end)))
            self.pos, last = end, tag
        return fields

    def unknown_tag(self, tag: int, field: Reader) -> tuple[int, bytes]:
        """Keep the bytes of a field that nobody here knows."""
        self.saw_unknown_tags = True
        return tag, bytes(field._view(field.remaining))

    def end_tag(self, field: Reader) -> None:
        """Check that a known field was read to its end, and take over what its reader noticed."""
        if field.pos != field.end:
            raise ProtocolError("tags")
        self._charge(field.heap)
        self.saw_unknown_tags = self.saw_unknown_tags or field.saw_unknown_tags
