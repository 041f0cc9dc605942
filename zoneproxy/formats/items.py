"""Items in containers that say how many there are, as MessagePack and CBOR have them.

An item is a scalar, or the head of an array or map. Keys of maps are mostly scalars, and names then; a key that is a
container is gone through like any other, and what it leads to has no name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from zoneproxy.formats.document import CannotChange, FormatLimits, Kind, Malformed, Path
from zoneproxy.formats.leaves import Leaves, kind_of, outermost
from zoneproxy.transform.splice import Edit, splice

OPEN_END = -1
"""The members of a container that goes on until a BREAK."""


class What(Enum):
    """What an item is."""

    SCALAR = 1
    ARRAY = 2
    MAP = 3
    BREAK = 4


class Item(NamedTuple):
    """An item that ends at ``end``; of a container that is its head. ``members``: elements, or pairs."""

    what: What
    end: int
    text: bytes = b""
    kind: Kind = Kind.OTHER
    members: int = 0
    fixed: bool = False
    """It cannot say anything else."""


class _Frame:
    """An open container."""

    __slots__ = ("at_value", "begin", "child", "index", "is_map", "left", "name", "path", "serial")

    def __init__(self, serial: int, child: int, path: Path, item: Item) -> None:
        self.serial = serial
        self.child = child  # which one of its parent's it is, or _NONE
        self.path = path
        self.is_map = item.what is What.MAP
        self.left = item.members * 2 if self.is_map and item.members > 0 else item.members  # items
        self.index = 0  # of the next element
        self.at_value = False  # after a key
        self.begin = 0  # of the latest key
        self.name = b""  # of the value that comes next


_NONE = -1
_CHILD = 2  # in the place of a leaf
_END, _IN = 1, 2  # of a child


class ItemsDocument(ABC):
    """See the module."""

    def __init__(self, value: bytes, limits: FormatLimits) -> None:
        """Raises Malformed."""
        self.leaves = Leaves(value, limits)
        self._value = value
        self._places: list[tuple[int, int, int]] = []  # of each leaf: start, end, and the child that it is or names
        self._fixed: set[int] = set()  # leaves
        self._children: list[list[int]] = []  # of each member: begin, with its key; end; and in which container
        self._heads: list[tuple[int, int, int]] = []  # of containers: start, end, count
        self._open: list[_Frame] = []
        try:
            end = self._read()
        except IndexError:
            raise Malformed("truncated") from None
        if end != len(value):
            raise Malformed("trailing")

    def rewritten(self, changed: Mapping[int, bytes | None]) -> bytes:
        """See Document. A number that changes becomes a text; where all is removed, nil is left."""
        going = {self._places[index][_CHILD] for index, text in changed.items() if text is None}
        edits = list(self._removals(going))
        for index, text in changed.items():
            if text is not None:
                start, end, _ = self._places[index]
                edits.append(Edit(start, end, self._said(index, text)))
        return splice(self._value, outermost(edits))

    # --- what is left to the format

    nil: bytes

    @abstractmethod
    def _item(self, pos: int) -> Item:
        """The item at ``pos``. Raises Malformed; IndexError where it goes beyond the end."""

    @abstractmethod
    def _text(self, text: bytes) -> bytes:
        """A text item."""

    @abstractmethod
    def _bytes(self, data: bytes) -> bytes:
        """An item of bytes."""

    @abstractmethod
    def _counting(self, head: bytes, count: int) -> bytes:
        """``head`` of a container with fewer members than before."""

    # --- reading

    def _read(self) -> int:
        """The position behind the one item that everything is in."""
        pos = 0
        while True:
            item = self._item(pos)
            if item.what is What.BREAK:
                self._break(item.end)
            else:
                self._take(pos, item)
            pos = item.end
            while self._open and not self._open[-1].left:
                self._close(pos)
            if not self._open:
                return pos

    def _take(self, start: int, item: Item) -> None:
        frame = self._open[-1] if self._open else None
        path: Path
        if frame is None:
            path, child = (), self._child(start, item.end, _NONE)
        elif not frame.is_map:
            path, child = (*frame.path, frame.index), self._child(start, item.end, frame.serial)
        elif frame.at_value:
            path, child = (*frame.path, frame.name), self._child(frame.begin, item.end, frame.serial)
        else:
            frame.begin, frame.name = start, item.text
            path, child = (*frame.path, item.text), _NONE
        if item.what is not What.SCALAR:
            self._enter(path, start, item, child)
            return
        if child == _NONE:
            leaf, child = self.leaves.add_name(path, item.text), len(self._children)
        else:
            leaf = self.leaves.add(path, item.text, item.kind)
        self._places.append((start, item.end, child))
        if item.fixed:
            self._fixed.add(leaf)
        self._done()

    def _enter(self, path: Path, start: int, item: Item, child: int) -> None:
        if item.members > len(self._value) - item.end:
            raise Malformed("truncated")  # before anybody counts on it
        self._heads.append((start, item.end, item.members))
        self._open.append(_Frame(len(self._heads) - 1, child, path, item))
        self.leaves.enter(len(self._open))

    def _done(self) -> None:
        """An item is over."""
        if self._open:
            frame = self._open[-1]
            frame.left -= frame.left > 0
            frame.index += 1
            frame.at_value = frame.is_map and not frame.at_value

    def _close(self, pos: int) -> None:
        frame = self._open.pop()
        if frame.child != _NONE:
            self._children[frame.child][_END] = pos
        self._done()

    def _break(self, end: int) -> None:
        if not self._open or self._open[-1].left != OPEN_END or self._open[-1].at_value:
            raise Malformed("break")
        self._open[-1].left = 0

    def _child(self, begin: int, end: int, container: int) -> int:
        self._children.append([begin, end, container])
        return len(self._children) - 1

    # --- writing

    def _said(self, index: int, text: bytes) -> bytes:
        if index in self._fixed:
            raise CannotChange
        if self.leaves[index].kind is Kind.BYTES:
            return self._bytes(text)
        if kind_of(text) is not Kind.TEXT:
            raise CannotChange
        return self._text(text)

    def _removals(self, going: set[int]) -> Iterator[Edit]:
        fewer = Counter(self._children[child][_IN] for child in going)
        for begin, end, container in (self._children[child] for child in going):
            yield Edit(begin, end, self.nil if container == _NONE else b"")
        for container, members in fewer.items():
            if container != _NONE:
                start, end, count = self._heads[container]
                if count != OPEN_END:
                    yield Edit(start, end, self._counting(self._value[start:end], count - members))
