"""A value while it is read: its leaves, where they stand, and the lengths around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from zoneproxy.formats.document import FormatLimits, Kind, Leaf, Malformed, Path
from zoneproxy.formats.leaves import Leaves
from zoneproxy.formats.lengths import OUTERMOST, Length
from zoneproxy.formats.varints import read_zigzag, zigzag

MAX_DEPTH = 100  # types in one another, as in Protobuf; Python would stop at some hundreds

Tags = frozenset[str]


@dataclass(frozen=True, slots=True)
class Null:
    """That a value might be null as well: its union begins at ``start``, and would be ``text``."""

    start: int
    text: bytes


class Writer(Protocol):
    """Writes what a leaf says now."""

    def written(self, text: bytes | None) -> bytes:
        """``text``; None: nothing, which is the type's zero. Raises CannotChange."""
        ...


class Place(NamedTuple):
    """Where a leaf stands, and inside of which length."""

    start: int
    end: int
    inside: int
    writer: Writer
    null: Null | None


class Entry(NamedTuple):
    """An entry of a map, in a block (its index)."""

    block: int
    start: int
    end: int
    inside: int


class Entries(NamedTuple):
    """A block of so many ``entries``, which is written from ``start`` to ``counted`` (below zero before a size)."""

    start: int
    counted: int
    end: int
    entries: int
    inside: int


class Walk:
    """Through ``data``. Everything raises Malformed."""

    __slots__ = (
        "_depth",
        "_items",
        "_max_depth",
        "blocks",
        "data",
        "end",
        "entries",
        "inside",
        "leaves",
        "lengths",
        "places",
    )

    def __init__(self, data: bytes, limits: FormatLimits) -> None:
        self.data = data
        self.end = len(data)
        self.leaves = Leaves(data, limits)
        self.places: list[Place] = []
        self.lengths: list[Length] = []
        self.inside = OUTERMOST  # the length that measures what is read now
        self.entries: dict[int, Entry] = {}  # by the leaf that is their name
        self.blocks: dict[int, Entries] = {}
        self._items = limits.leaves
        self._depth = 0
        self._max_depth = min(limits.depth, MAX_DEPTH)

    def number(self, pos: int) -> tuple[int, int]:
        """The number at ``pos``, and the position behind it."""
        return read_zigzag(self.data, pos, self.end)

    def after(self, pos: int, size: int) -> int:
        """The position ``size`` bytes on."""
        if size < 0:
            raise Malformed("length")
        if size > self.end - pos:
            raise Malformed("truncated")
        return pos + size

    def leaf(
        self, path: Path, text: bytes, kind: Kind, tags: Tags, start: int, end: int, writer: Writer, null: Null | None
    ) -> int:
        """One leaf more; the position behind it."""
        self.leaves.take(Leaf(path, text, kind, tags))
        self.places.append(Place(start, end, self.inside, writer, null))
        return end

    def name(self, path: Path, text: bytes, end: int, writer: Writer) -> int:
        """The name of an entry of a map, which ends there; its leaf."""
        self.places.append(Place(end, end, self.inside, writer, None))
        return self.leaves.add_name(path, text)

    def enter(self) -> None:
        """One type deeper; ``leave`` it again."""
        self._depth += 1
        if self._depth > self._max_depth:
            raise Malformed("deep")

    def leave(self) -> None:
        """See ``enter``."""
        self._depth -= 1

    def item(self) -> None:
        """One item more of an array or map. Some take no bytes, so they are counted."""
        self._items -= 1
        if self._items < 0:
            raise Malformed("leaves")

    def open(self, start: int, end: int, size: int) -> int:
        """What follows is measured by the ``size`` at ``start:end``; what is to be given to ``close``."""
        before = self.inside
        self.lengths.append(Length(start, end, size, zigzag, before))
        self.inside = len(self.lengths) - 1
        return before

    def close(self, before: int) -> None:
        """See ``open``."""
        self.inside = before
