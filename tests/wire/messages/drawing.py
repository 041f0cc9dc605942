"""Messages made up by hypothesis.

A generated ``read`` asks a Reader for each of its fields, in the type that the version has. A DrawingReader answers
with drawn values instead of bytes, so that ``read`` makes a message of any class, in any version, that is valid by
construction.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from zoneproxy.wire.buffer import Tags
from zoneproxy.wire.reader import Reader

MAX_KNOWN_TAG = 3
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.just("x" * 200)
BYTES = st.binary(max_size=6) | st.just(b"x" * 20_000)


def _integers(bits: int, *, signed: bool = True) -> st.SearchStrategy[int]:
    return st.integers(-(1 << bits - 1), (1 << bits - 1) - 1) if signed else st.integers(0, (1 << bits) - 1)


NUMBERS: dict[str, st.SearchStrategy[Any]] = {
    "?": st.booleans(),
    "b": _integers(8),
    "h": _integers(16),
    "H": _integers(16, signed=False),
    "i": _integers(32),
    "q": _integers(64),
    "d": st.floats(allow_nan=False),
}


class DrawingReader(Reader):
    """Reads whatever ``draw`` gives."""

    __slots__ = ("draw",)

    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__(b"")
        self.draw = draw

    def fixed(self, layout: struct.Struct) -> tuple[Any, ...]:
        return tuple(self.draw(NUMBERS[code]) for code in layout.format[1:])

    def int8(self) -> int:
        return int(self.draw(NUMBERS["b"]))

    def int16(self) -> int:
        return int(self.draw(NUMBERS["h"]))

    def uint16(self) -> int:
        return int(self.draw(NUMBERS["H"]))

    def int32(self) -> int:
        return int(self.draw(NUMBERS["i"]))

    def int64(self) -> int:
        return int(self.draw(NUMBERS["q"]))

    def float64(self) -> float:
        return float(self.draw(NUMBERS["d"]))

    def boolean(self) -> bool:
        return self.draw(st.booleans())

    present = boolean

    def uuid(self) -> bytes:
        return self.draw(st.binary(min_size=16, max_size=16))

    def string(self) -> str:
        return self.draw(TEXTS)

    compact_string = string

    def nullable_string(self) -> str | None:
        return self.draw(st.none() | TEXTS)

    compact_nullable_string = nullable_string

    def bytes_(self) -> bytes:
        return self.draw(BYTES)

    compact_bytes = bytes_

    def nullable_bytes(self) -> bytes | None:
        return self.draw(st.none() | BYTES)

    compact_nullable_bytes = nullable_bytes

    def records(self) -> memoryview:
        return memoryview(self.draw(BYTES))

    compact_records = records

    def nullable_records(self) -> memoryview | None:
        return self.draw(st.none() | BYTES.map(memoryview))

    compact_nullable_records = nullable_records

    def array_length(self, size: int, heap: int) -> int:
        return self.draw(st.integers(0, 2))

    compact_array_length = array_length

    def nullable_array_length(self, size: int, heap: int) -> int:
        return self.draw(st.integers(-1, 2))

    compact_nullable_array_length = nullable_array_length

    def _numbers(self, count: int, size: int, code: str) -> list[int]:
        return [self.draw(NUMBERS[code]) for _ in range(count)]

    def unknown_tags(self) -> Tags:
        return tuple((tag, self.draw(BYTES)) for tag in self._tags())

    def tagged_fields(self) -> Sequence[tuple[int, Reader]]:
        return [(tag, self) for tag in self._tags()]

    def unknown_tag(self, tag: int, field: Reader) -> tuple[int, bytes]:
        return tag, self.draw(BYTES)

    def end_tag(self, field: Reader) -> None:
        pass

    def _tags(self) -> list[int]:
        known = st.integers(0, MAX_KNOWN_TAG)
        return sorted(self.draw(st.sets(known | st.integers(MAX_KNOWN_TAG + 1, 0xFFFFFFFF), max_size=3)))
