"""What a detector is: a declarative entry, compiled by the scanner.

Stage 1 asks of a whole batch, framing bytes and all: may there be anything? ``shape`` answers, and ``may_be`` takes a
closer look at what it points at. They must let pass whatever ``hits`` finds, and may let pass more; they can rely on
nothing outside the hit, since the bytes before and behind a value are lengths of the record format and may look like
anything. A shape need not begin where the hit does. It is fastest if what it begins with is rare, or begins others as
well: all shapes are one DFA, which waits behind each byte that one of them begins with, and slows down as its states
outgrow the processor's nearest cache.

Stage 2 looks at one value. ``stretch`` matches the places worth a look, and ``hits`` says what is really there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from mypy_extensions import i64


class Hit(NamedTuple):
    """Something that looks right, at ``text[start:end]``. ``valid``: the validators agree."""

    start: int
    end: int
    valid: bool


hit_of: Callable[[tuple[int, int, bool]], Hit] = partial(tuple.__new__, Hit)
"""(start, end, whether it is valid) → a hit, in a third of the time that a call of the class takes."""


class Confidence(NamedTuple):
    """How sure a hit is, 0..1; 0 is not reported."""

    alone: float
    valid: float
    valid_in_context: float
    alone_in_context: float = 0.5
    against: float = 0.3
    """Of any hit near words that speak against it and none that speak for it, if that is less."""


NextSpan = Callable[[bytes, int], tuple[int, int] | None]
"""(text, where to begin) → start and end of the next stretch."""

Hits = Callable[[bytes, int, int], Iterable[Hit]]
"""(text, start and end of a stretch) → the hits that begin in it, in order and apart from one another."""

MayBe = Callable[[bytes], bool]
"""A look at what a shape matched, and WINDOW bytes more if there are as many: may it be a hit?"""


class Number:
    """A type of numbers that runs of digits may be: at least ``fewest`` digits, the first of which is one of ``first``.

    ``may_begin`` says of a window, where in a run a number would begin, and where the run, or a part of a record within
    it, ends, whether there may be one.
    """

    __slots__ = ("_may_begin", "fewest", "firsts")

    def __init__(self, fewest: int, may_begin: Callable[[bytes, int, int], bool], first: bytes = b"0123456789") -> None:
        self.fewest: i64 = fewest
        self.firsts: i64 = sum(1 << digit for digit in first)  # a bit for each digit, by its ASCII code
        self._may_begin = may_begin

    def begins(self, window: bytes, start: i64, end: i64) -> bool:
        """What ``may_begin`` says."""
        return self._may_begin(window, start, end)


WINDOW: Final = 160  # bytes: a word, a short value, and what stands beside that


def always(_window: bytes) -> bool:
    """The closer look of a detector that has none."""
    return True


@dataclass(frozen=True, slots=True)
class Detector:
    """Finds one type of data. ``words``, lower-case, single or two with a space, make a hit credible."""

    type: str
    shape: bytes
    stretch: bytes
    hits: Hits
    words: frozenset[str]
    confidence: Confidence
    may_be: MayBe = always
    against: frozenset[str] = frozenset()
    """Words that speak against a hit, as those of order numbers do against a card number."""
    other_shapes: tuple[bytes, ...] = ()
    """More of them. What many detectors have in common is a shape of its own: the same one counts only once."""
    number: Number | None = None
    """Says that ``shape`` is that of runs of digits, and looks into these instead of ``may_be``."""

    quicker: Callable[[NextSpan], NextSpan] | None = None
    """What the compiled build finds the next stretch with instead of the pattern, which it is given."""

    @property
    def shapes(self) -> tuple[bytes, ...]:
        """All of them."""
        return self.shape, *self.other_shapes


class Finding(NamedTuple):
    """A hit with its confidence: ``start`` and ``end`` are offsets of the bytes that were scanned."""

    type: str
    start: int
    end: int
    confidence: float


finding_of: Callable[[tuple[str, int, int, float]], Finding] = partial(tuple.__new__, Finding)
"""(type, start, end, confidence) → a finding, as ``hit_of``."""
