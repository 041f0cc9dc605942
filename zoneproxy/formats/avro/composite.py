"""Types made of others: records, arrays, maps and unions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from zoneproxy.formats.avro.walk import Entries, Entry, Null, Tags, Walk
from zoneproxy.formats.document import CannotChange, Malformed, Path
from zoneproxy.formats.varints import zigzag


class Type(Protocol):
    """A type of a schema."""

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """Read a value of it at ``pos``; the position behind it. ``null``: it might be null. Raises Malformed."""
        ...


class Field(NamedTuple):
    """Of a record. ``tags`` are its own and those of its record."""

    name: bytes
    type: Type
    tags: Tags


class RecordType:
    """Fields, one behind another."""

    def __init__(self) -> None:
        """A record may hold itself, so it is there before its ``fields`` are."""
        self.fields: Sequence[Field] = ()

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        walk.enter()
        for name, type_, own in self.fields:
            pos = type_.read(walk, pos, (*path, name), tags | own if own else tags, None)
        walk.leave()
        return pos


class ArrayType:
    """Items in blocks."""

    def __init__(self, items: Type) -> None:
        self._items = items

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        walk.enter()
        index = 0
        while (block := open_block(walk, pos)).items:
            pos = block.begin
            for _ in range(block.items):
                walk.item()
                pos = self._items.read(walk, pos, (*path, index), tags, None)
                index += 1
            close_block(walk, block, pos)
        walk.leave()
        return block.begin


class MapType:
    """Names and values in blocks."""

    def __init__(self, values: Type) -> None:
        self._values = values

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        walk.enter()
        while (block := open_block(walk, pos)).items:
            number, inside = len(walk.blocks), walk.inside
            walk.blocks[number] = _NOT_READ  # others may be within this one
            end = block.begin
            for _ in range(block.items):
                walk.item()
                start = end
                size, begin = walk.number(start)
                end = walk.after(begin, size)
                name = walk.data[begin:end]
                leaf = walk.name((*path, name), name, end, NAME)
                end = self._values.read(walk, end, (*path, name), tags, None)
                walk.entries[leaf] = Entry(number, start, end, inside)
            close_block(walk, block, end)
            walk.blocks[number] = Entries(pos, block.counted, end, block.items, walk.inside)
            pos = end
        walk.leave()
        return block.begin


_NOT_READ = Entries(0, 0, 0, 0, 0)


class UnionType:
    """One of several types."""

    def __init__(self, types: Sequence[Type], null: int | None) -> None:
        """``null`` is the index of the one that is nothing; None: there is none."""
        self._types = types
        self._null = None if null is None else zigzag(null)

    def read(self, walk: Walk, pos: int, path: Path, tags: Tags, null: Null | None) -> int:
        """See Type."""
        index, begin = walk.number(pos)
        if not 0 <= index < len(self._types):
            raise Malformed("range")
        null = None if self._null is None else Null(pos, self._null)
        return self._types[index].read(walk, begin, path, tags, null)


class _Name:
    """Whoever reads a map looks for names: another one would be another map."""

    def written(self, text: bytes | None) -> bytes:
        """See Writer."""
        raise CannotChange


NAME = _Name()


class Block(NamedTuple):
    """Of so many ``items``, which is written up to ``counted``; from ``begin`` to ``end``, if it says so (else -1)."""

    items: int
    counted: int
    begin: int
    end: int
    before: int


def open_block(walk: Walk, pos: int) -> Block:
    """What a block at ``pos`` says of itself. A count below zero is followed by the block's bytes."""
    count, begin = walk.number(pos)
    if count >= 0:
        return Block(count, begin, begin, -1, 0)
    start = begin
    size, begin = walk.number(start)
    return Block(-count, start, begin, walk.after(begin, size), walk.open(start, begin, size))


def close_block(walk: Walk, block: Block, pos: int) -> None:
    """It ends at ``pos``."""
    if block.end >= 0:
        if pos != block.end:
            raise Malformed("block")
        walk.close(block.before)
