"""Texts that are JSON themselves, as in ``{"payload": "{\\"card\\": ...}"}``: what they say, level by level.

For whoever reads the leaves such a text is not there: the leaves within it are. A text that is neither an object, nor
an array, nor a quoted string stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from zoneproxy.formats.document import Document, FormatLimits, Kind, Leaf, Malformed
from zoneproxy.formats.json import read_json
from zoneproxy.formats.leaves import Leaves

MAX_LEVELS = 5  # deeper down, a text is a text

_MAY_BE_JSON = re.compile(rb'[ \t\r\n]*[{\["]..', re.DOTALL).match  # of fewer bytes it says nothing
_ITSELF = -1


def nested(document: Document, limits: FormatLimits, levels: int = MAX_LEVELS) -> Document:
    """``document``, with what is nested in its texts instead of them.

    Raises Malformed: it is too much, or there is a name twice where that is not allowed.
    """
    inner: dict[int, Document] = {}
    for index, leaf in enumerate(document.leaves if levels else ()):
        if leaf.kind is Kind.TEXT and _MAY_BE_JSON(leaf.text):
            found = _inner(leaf.text, limits, levels)
            if found is not None:
                inner[index] = found
    return NestedDocument(document, inner, limits) if inner else document


def _inner(text: bytes, limits: FormatLimits, levels: int) -> Document | None:
    try:
        inner = read_json(text, limits)
    except Malformed as malformed:
        if malformed.reason != "json":
            raise
        return None
    return nested(inner, limits, levels - 1)


class NestedDocument:
    """A document, and those in its texts."""

    def __init__(self, outer: Document, inner: Mapping[int, Document], limits: FormatLimits) -> None:
        """``inner``: by the leaf that it is the text of. Raises Malformed: it is too much."""
        self._outer = outer
        self._inner = inner
        self._where: list[tuple[int, int]] = []  # for each leaf, which one it is or is in, and there
        gathered = Leaves(b"", limits)
        for index, leaf in enumerate(outer.leaves):
            if index not in inner:
                self._where.append((index, _ITSELF))
                gathered.take(leaf)
                continue
            for there, said in enumerate(inner[index].leaves):
                self._where.append((index, there))
                gathered.take(Leaf((*leaf.path, *said.path), said.text, said.kind, leaf.tags))
        self.leaves = gathered

    def begins(self) -> list[int | None]:
        """For each leaf, how many steps of its path lead to the text that it is in; None: it is in none."""
        outer = self._outer.leaves
        return [None if there == _ITSELF else len(outer[index].path) for index, there in self._where]

    def rewritten(self, changed: Mapping[int, bytes | None]) -> bytes:
        """See Document."""
        outer: dict[int, bytes | None] = {}
        inner: dict[int, dict[int, bytes | None]] = {}
        for leaf, text in changed.items():
            index, there = self._where[leaf]
            if there == _ITSELF:
                outer[index] = text
            else:
                inner.setdefault(index, {})[there] = text
        outer |= {index: self._inner[index].rewritten(own) for index, own in inner.items()}
        return self._outer.rewritten(outer)
