"""Detectors that are declared: a precise pattern, what makes it valid, and the words that belong to it.

``pattern`` finds what looks right by itself; ``keyed`` what is only something next to a word. Values stand alone: they
touch no letter or digit, and numbers are no part of longer dotted or dashed ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from zoneproxy.detect.detector import Confidence, Detector, Hit, Hits, MayBe, Number, always
from zoneproxy.detect.runs import RUN, may_end
from zoneproxy.detect.word_shapes import may_be_near, search_for_valid, shape_of_words

if TYPE_CHECKING:
    from mypy_extensions import i64

Valid = Callable[[bytes], bool]
"""Whether what a pattern matched, separators included, obeys the rules of its type."""

_EDGE: Final = rb"(?:\b|_)"
_UNDERSCORE: Final = 0x5F
_ZERO: Final = 0x30
_BLANK: Final = 0x20
_JOINERS: Final = b"-./"


def any_is(_text: bytes) -> bool:
    """All that the pattern matches is valid."""
    return True


def words_of(text: str) -> frozenset[str]:
    """Words from a list with commas between them."""
    return frozenset(word.strip() for word in text.split(",") if word.strip())


def pattern(
    type_: str,
    written: bytes,
    *,
    words: str = "",
    valid: Valid = any_is,
    confidence: Confidence,
    shape: bytes = b"",
    other_shapes: tuple[bytes, ...] = (),
    against: str = "",
    edges: bool = True,
    exact: bool = True,
    closer: MayBe | None = None,
    only_valid: bool = True,
) -> Detector:
    """A detector of values that can be told by themselves.

    Args:
        type_: its name.
        written: RE2, how a value is written.
        words: that speak for it, with commas.
        valid: the validator.
        confidence: how sure its hits are.
        shape: for stage 1, where ``written`` is too much for it; must match, and begin, where ``written`` does.
        other_shapes: more of them.
        against: words that speak against it.
        edges: it begins and ends with a letter or a digit, and neither may stand beside it.
        exact: it always ends at the same place, so stage 1 can let the validator look at it.
        closer: the closer look of stage 1, if it is another one.
        only_valid: what is not valid is not a hit.
    """
    if closer is None:
        closer = _closer_look(written, valid) if exact and only_valid else always
    return Detector(
        type=type_,
        shape=shape or written,
        other_shapes=other_shapes,
        stretch=_EDGE + b"(?:" + written + b")" + _EDGE if edges else written,
        hits=_hits(valid, edges, only_valid),
        words=words_of(words),
        confidence=confidence,
        may_be=closer,
        against=words_of(against),
    )


class LongNumber(Number):
    """Numbers as ``long_number`` declares them, as a type of numbers."""

    __slots__ = ("_precise", "_valid")

    def __init__(self, written: bytes, fewest: int, first: bytes, valid: Valid) -> None:
        super().__init__(fewest, self.begins, first)
        self._precise = re.compile(written)
        self._valid = valid

    def begins(self, window: bytes, start: i64, end: i64) -> bool:
        """Whether one may begin at ``start``, all of whose digits stand before ``end``."""
        if _count_digits(window, start, end) < self.fewest:
            return False
        match = self._precise.match(window, start, end + 1)  # the last character may be a letter
        return match is not None and may_end(window, match.end(), end) and self._valid(match.group())


def long_number(
    type_: str,
    written: bytes,
    fewest: int,
    first: bytes,
    *,
    words: str,
    valid: Valid,
    confidence: Confidence,
    against: str = "",
    kind: type[LongNumber] | None = None,
) -> Detector:
    """A detector of numbers of ``fewest`` digits, twelve or more, with single blanks between them or none.

    ``first`` are the digits that they begin with; ``kind`` is what knows a quicker first look at them.
    """
    return Detector(
        type=type_,
        shape=RUN,
        stretch=_EDGE + b"(?:" + written + b")" + _EDGE,
        hits=_hits(valid, edges=True, only_valid=True),
        words=words_of(words),
        confidence=confidence,
        number=(kind or LongNumber)(written, fewest, first, valid),
        against=words_of(against),
    )


def _count_digits(window: bytes, start: i64, end: i64) -> i64:
    """How many there are from ``start`` on with nothing but blanks between them."""
    count: i64 = 0
    at: i64
    for at in range(start, end):
        if window[at] >= _ZERO:
            count += 1
        elif window[at] != _BLANK:
            break
    return count


def keyed(
    type_: str,
    written: bytes,
    *,
    words: str,
    near: bytes = b"[0-9]{3}",
    valid: Valid = any_is,
    sure: float = 0.85,
    unsure: float = 0.0,
    against: str = "",
    edges: bool = True,
    exact: bool = False,
) -> Detector:
    """A detector of values that could be anything, and count only next to one of ``words``.

    Args:
        type_: its name.
        written: RE2, how a value is written.
        words: one of which must be near, with commas.
        near: a pattern, for ``re``, that is found in every value: stage 1 looks for it near a word.
        valid: the validator.
        sure: the confidence of what is valid and near a word.
        unsure: of what is near a word, but not valid; 0: it is not reported.
        against: words that speak against it; of no effect beside one that speaks for it.
        edges: as for ``pattern``.
        exact: as well; to be so it must have edges, and only what is valid counts.
    """
    wanted = words_of(words)
    search = search_for_valid(written, valid) if exact else None
    return Detector(
        type=type_,
        shape=shape_of_words(wanted),
        stretch=_EDGE + b"(?:" + written + b")" + _EDGE if edges else written,
        hits=_hits(valid, edges, unsure == 0),
        words=wanted,
        confidence=Confidence(alone=0, valid=0, valid_in_context=sure, alone_in_context=unsure),
        may_be=may_be_near(near, wanted, search),
        against=words_of(against),
    )


def _closer_look(written: bytes, valid: Valid) -> MayBe:
    precise = re.compile(written)

    def may_be(window: bytes) -> bool:
        match = precise.match(window)
        return match is not None and valid(match.group())

    return may_be


def _hits(valid: Valid, edges: bool, only_valid: bool) -> Hits:
    def hits(text: bytes, start: int, end: int) -> Iterator[Hit]:
        if edges:
            start += text[start] == _UNDERSCORE
            end -= text[end - 1] == _UNDERSCORE
            if not _stands_alone(text, start, end):
                return
        is_valid = valid(text[start:end])
        if is_valid or not only_valid:
            yield Hit(start, end, is_valid)

    return hits


def _stands_alone(text: bytes, start: int, end: int) -> bool:
    """Not within a longer dashed or dotted number."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return not (
        (len(before) > 1 and before[1] in _JOINERS and before[:1].isdigit() and text[start : start + 1].isdigit())
        or (len(after) > 1 and after[0] in _JOINERS and after[1:].isdigit() and text[end - 1 : end].isdigit())
    )
