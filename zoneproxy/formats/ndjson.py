"""Newline-delimited JSON: a document on each line. Paths are those within a line. Lines with nothing on them may be."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from zoneproxy.formats.document import FormatLimits
from zoneproxy.formats.json import JsonDocument, read_json
from zoneproxy.formats.leaves import Leaves
from zoneproxy.transform.splice import Edit, splice

_LINE = re.compile(rb"[^\n]+")


class NdjsonDocument:
    """See the module."""

    def __init__(self, value: bytes, limits: FormatLimits) -> None:
        """Raises Malformed, as read_json does."""
        self.leaves = Leaves(value, limits)
        self._value = value
        self._limits = limits
        self._lines: list[tuple[int, int]] = []  # where each one stands
        self._first: list[int] = []  # leaf of each line
        for match in _LINE.finditer(value):
            self.leaves.enter(1)  # so that lines that say nothing are counted, too
            if not match.group().isspace():
                self._add(read_json(match.group(), limits), *match.span())

    def rewritten(self, changed: Mapping[int, bytes | None]) -> bytes:
        """See Document."""
        return splice(self._value, self._edits(changed))

    def _add(self, line: JsonDocument, start: int, end: int) -> None:
        """Of a line its leaves are kept, and if one of them changes it is read once more: there may be many lines."""
        self._first.append(len(self.leaves))
        self._lines.append((start, end))
        for leaf in line.leaves:
            self.leaves.take(leaf)

    def _edits(self, changed: Mapping[int, bytes | None]) -> Iterator[Edit]:
        by_line: dict[int, dict[int, bytes | None]] = {}
        for index in sorted(changed):
            line = bisect_right(self._first, index) - 1
            by_line.setdefault(line, {})[index - self._first[line]] = changed[index]
        for line, own in by_line.items():
            start, end = self._lines[line]
            yield Edit(start, end, read_json(self._value[start:end], self._limits).rewritten(own))


def read_ndjson(value: bytes, limits: FormatLimits) -> NdjsonDocument:
    """See Document."""
    return NdjsonDocument(value, limits)
