"""Leaves as one text to be looked through, whatever they were written in: JSON, with what each of them is called.

Detectors are made for JSON: there, a name or what stands before in the same object makes a finding surer. Texts keep
their length, so a place in the rendering is a place in a leaf. What JSON could only hold in escapes is replaced by
something alike; texts with that, and bytes, are to be looked at by themselves as well (``apart``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from zoneproxy.formats.document import Kind, Leaf, Path
from zoneproxy.formats.leaves import kind_of

_LONGEST_NAME = 120  # bytes: longer ones say nothing to detectors
_ALIKE = bytes(ord(" ") if code < 0x20 else code for code in range(256)).translate(bytes.maketrans(b'"\\', b"'/"))
_BARE = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?|true|false|null").fullmatch


class Span(NamedTuple):
    """``text[start:end]`` of one leaf, by its index."""

    leaf: int
    start: int
    end: int


class Rendering:
    """See the module. ``apart`` are the indexes of leaves that ``text`` does not show exactly."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self.apart: list[int] = []
        self._leaves = leaves
        self._pieces: list[bytes] = []
        self._length = 0
        self._starts: list[int] = []  # of texts in the rendering
        self._ends: list[int] = []
        self._shown: list[Sequence[int]] = []  # the leaves that say each of them
        self._render()
        self.text = b"".join(self._pieces)

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """The parts of leaves that stand in ``text[start:end]``."""
        for shown in range(bisect_right(self._ends, start), bisect_left(self._starts, end)):
            begin = self._starts[shown]
            inside = max(0, start - begin), min(end, self._ends[shown]) - begin
            for leaf in self._shown[shown]:
                yield Span(leaf, *inside)

    def _render(self) -> None:
        names: dict[bytes, list[int]] = {}
        parent: Path | None = None
        opening = b"[{"
        for index, leaf in enumerate(self._leaves):
            if leaf.kind is Kind.BYTES or (leaf.kind is Kind.NAME and kind_of(leaf.text) is Kind.BYTES):
                self.apart.append(index)
            elif leaf.kind is Kind.NAME:
                names.setdefault(leaf.text, []).append(index)
            elif leaf.text:
                between = b"," if leaf.path[:-1] == parent else opening
                parent, opening = leaf.path[:-1], b"},{"
                self._put(between + b'"' + _shown(leaf.name[-_LONGEST_NAME:]) + b'":')
                self._say(leaf.text, (index,), quoted=leaf.kind is Kind.TEXT or not _BARE(leaf.text))
        self._put(b"[0" if parent is None else b"}")
        for name, indexes in names.items():
            self._put(b",")
            self._say(name, indexes, quoted=True)
        self._put(b"]")

    def _say(self, text: bytes, leaves: Sequence[int], *, quoted: bool) -> None:
        shown = _shown(text)
        if shown != text:
            self.apart += leaves
        quote = b'"' if quoted else b""
        self._put(quote)
        self._starts.append(self._length)
        self._put(shown)
        self._ends.append(self._length)
        self._shown.append(leaves)
        self._put(quote)

    def _put(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._length += len(piece)


def _shown(text: bytes) -> bytes:
    return text.translate(_ALIKE)
