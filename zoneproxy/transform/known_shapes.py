"""The shapes that documents lately had, and when it is worth to learn another one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zoneproxy.transform.change import Change
from zoneproxy.transform.json_tokens import tokens
from zoneproxy.transform.outline import Outline
from zoneproxy.transform.shapes import Shape

MAX_SHAPES: Final = 8
MAX_BYTES: Final = 8192  # of a document whose shape is learnt
MAX_TOKENS: Final = 256

# To learn a shape takes as long as to go through a hundred documents of it. Whoever sends another one every time must
# not have all of them learnt: it is paid for with bytes that were gone through, some of them in advance.
_COST_OF_BYTE: Final = 1_000
_IN_ADVANCE: Final = 2_000_000


class KnownShapes:
    """May be used by several threads: at worst a shape is learnt twice, or forgotten."""

    def __init__(self, changes: Sequence[Change | None]) -> None:
        self._changes = changes
        self._saved = _IN_ADVANCE
        self.shapes: tuple[Shape, ...] = ()  # the one that was met last is the first

    def met(self, shape: Shape) -> None:
        """``shape`` fits again, and it is not the first."""
        self.shapes = (shape, *(other for other in self.shapes if other is not shape))[:MAX_SHAPES]

    def gone_through(self, text: bytes, outline: Outline) -> None:
        """No shape fits ``text``; it had to be gone through."""
        self._saved = min(self._saved + len(text), _IN_ADVANCE)
        cost = min(_COST_OF_BYTE * len(text), _IN_ADVANCE)
        if cost > self._saved or len(text) > MAX_BYTES:
            return
        self._saved -= cost
        found = list(tokens(text))
        if len(found) <= MAX_TOKENS:
            self.met(Shape(text, found, outline, self._changes))
