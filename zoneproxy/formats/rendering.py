"""Leaves as one text to be looked through, whatever they were written in: JSON, with what each of them is called.

Detectors are made for JSON: there, a name or what stands before in the same object makes a finding surer. Texts keep
their length, so a place in the rendering is a place in a leaf. What JSON could only hold in escapes is replaced by
something alike; texts with that, and bytes, are to be looked at by themselves as well (``apart``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from zoneproxy.formats.document import Kind, Leaf, Path
from zoneproxy.formats.leaves import kind_of

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
        self._out = bytearray(b"[")
        self._starts: list[int] = []  # of texts in the rendering
        self._ends: list[int] = []
        self._shown: list[Sequence[int]] = []  # the leaves that say each of them
        self._say_names(self._say_values(leaves))
        self.text = bytes(self._out)

    def spans(self, start: int, end: int) -> Iterator[Span]:
        """The parts of leaves that stand in ``text[start:end]``."""
        for shown in range(bisect_right(self._ends, start), bisect_left(self._starts, end)):
            begin = self._starts[shown]
            inside = max(0, start - begin), min(end, self._ends[shown]) - begin
            for leaf in self._shown[shown]:
                yield Span(leaf, *inside)

    def _say_values(self, leaves: Sequence[Leaf]) -> dict[bytes, list[int]]:
        """The names that are left to be said, and the leaves that do."""
        names: dict[bytes, list[int]] = {}
        called: dict[Path, bytes] = {}
        out, parent, between = self._out, None, b"{"
        for index, leaf in enumerate(leaves):
            path, text, kind, _ = leaf
            if kind is Kind.BYTES or (kind is Kind.NAME and kind_of(text) is Kind.BYTES):
                self.apart.append(index)
            elif kind is Kind.NAME:
                names.setdefault(text, []).append(index)
            elif text:
                if path not in called:
                    called[path] = b'"' + leaf.name.translate(_ALIKE) + b'":'
                out += (b"," if path[:-1] == parent else between) + called[path]
                parent, between = path[:-1], b"},{"
                self._say(text, (index,), b'"' if kind is Kind.TEXT or not _BARE(text) else b"")
        out += b"0" if parent is None else b"}"
        return names

    def _say_names(self, names: Mapping[bytes, Sequence[int]]) -> None:
        for name, indexes in names.items():
            self._out += b","
            self._say(name, indexes, b'"')
        self._out += b"]"

    def _say(self, text: bytes, leaves: Sequence[int], quote: bytes) -> None:
        shown = text.translate(_ALIKE)
        if shown != text:
            self.apart += leaves
        out = self._out
        out += quote
        self._starts.append(len(out))
        out += shown
        self._ends.append(len(out))
        self._shown.append(leaves)
        out += quote
