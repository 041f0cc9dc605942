"""Another reading of a text: pieces of it replaced by what they stand for, with the way back to where they stood."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from zoneproxy.errors import ProtocolError

MAX_PIECES = 1 << 20  # of one text: 24 bytes of memory each


class Piece(NamedTuple):
    """``text[start:end]`` says ``says``.

    ``step`` is how many bytes of the text stand for each byte of what it says; 0: the piece can only be taken as a
    whole, as an escape can, or a run of base64.
    """

    start: int
    end: int
    says: bytes
    step: int = 0


class View:
    """``text`` is another text with ``pieces`` replaced. ``value_span`` leads back, through all texts in between."""

    __slots__ = ("_parent", "_source_at", "_steps", "_text_at", "text")

    def __init__(self, source: bytes, pieces: Sequence[Piece] = (), parent: View | None = None) -> None:
        """``pieces`` ascend and do not overlap. Raises ProtocolError (``dense``): there are too many."""
        if len(pieces) > MAX_PIECES:
            raise ProtocolError("dense")
        self._parent = parent
        # Where each stretch begins, in the text and in its source. Every second one is a piece, the others are copies.
        self._text_at = array("q", (0,))
        self._source_at = array("q", (0,))
        self._steps = array("q", (1,))
        parts: list[bytes] = []
        size = copied = 0
        for start, end, says, step in pieces:
            parts += (source[copied:start], says)
            size += start - copied
            self._text_at.extend((size, size + len(says)))
            self._source_at.extend((start, end))
            self._steps.extend((step, 1))
            size += len(says)
            copied = end
        parts.append(source[copied:])
        self._source_at.append(len(source))
        self.text = b"".join(parts)

    def value_span(self, start: int, end: int) -> tuple[int, int]:
        """The bytes of the outermost text that ``text[start:end]``, which is not empty, stands for."""
        span = self._source_span(start, end)
        return span if self._parent is None else self._parent.value_span(*span)

    def is_copy(self, start: int, end: int) -> bool:
        """Whether ``text[start:end]``, which is not empty, stands in the outermost text as it is."""
        first, last = self._stretch(start), self._stretch(end - 1)
        if first != last or first % 2:
            return False
        return self._parent is None or self._parent.is_copy(*self._source_span(start, end))

    def concerns(self, pieces: Sequence[Piece], reach: int) -> bool:
        """Whether any of ``pieces``, of this text, lies within ``reach`` bytes of something that was replaced."""
        edges = self._text_at
        for piece in pieces:
            at = bisect_left(edges, piece.start - reach, 1)
            if at < len(edges) and (edges[at] <= piece.end + reach or at % 2 == 0):  # near an edge, or between two
                return True
        return False

    def _source_span(self, start: int, end: int) -> tuple[int, int]:
        first, last = self._stretch(start), self._stretch(end - 1)
        begin = self._source_at[first] + (start - self._text_at[first]) * self._steps[first]
        step = self._steps[last]
        finish = self._source_at[last] + (end - self._text_at[last]) * step if step else self._source_at[last + 1]
        return begin, finish

    def _stretch(self, at: int) -> int:
        """The number of the stretch that the byte at ``at`` belongs to."""
        return bisect_right(self._text_at, at) - 1
