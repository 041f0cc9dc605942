"""Runs of digits in a batch: what stage 1 looks for on behalf of all types that are long numbers.

A run is digits with single blanks or dashes between them. One shape points at the beginning of those that are long
enough, so the DFA counts once for all types and for all groups; where in a run a number may begin is told here. That
is its first digit, behind any separator, and, as stage 1 sees the framing of records too, behind any byte that may be
the length of a key, value or header: then the digits before are not of the number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from zoneproxy.detect.detector import WINDOW, Number

if TYPE_CHECKING:
    from mypy_extensions import i64

_GAP: Final = rb"[ \-]?"
_BEGIN: Final = rb"(?:^[ .\-]?|[^0-9 .\-]|[^0-9][ .\-])"
_FEWEST: Final = 12  # digits, of a card number
# How many digits in one piece are enough, by the first one: fewer for what some short numbers begin with, or what may
# be a length before one (lengths are not negative, so their varints are even). Milliseconds since 1970 are passed over.
_IN_ONE_PIECE: Final = ((b"[024568]", 12), (b"[1379]", 14))
_APART: Final = b"|".join(
    b"[0-9]{%d}[ \\-](?:%b[0-9]){%d}" % (before, _GAP, _FEWEST - before) for before in range(1, _FEWEST)
)
_LONG_LENGTH: Final = rb"[\x80-\xff][0-9](?:" + _GAP + b"[0-9]){%d}" % _FEWEST  # the second byte of one is any digit
_BEHIND_A_DOT: Final = rb"[0-9]\.[0-9](?:" + _GAP + b"[0-9]){%d}" % (_FEWEST - 1)

RUN: Final = b"|".join(
    (
        _BEGIN
        + b"(?:"
        + b"|".join(b"%b(?:%b[0-9]){%d}" % (first, _GAP, count - 1) for first, count in _IN_ONE_PIECE)
        + b"|"
        + _APART
        + b")",
        _LONG_LENGTH,
        _BEHIND_A_DOT,
    )
)
"""Matches at most two bytes before a run, or at the digits and the dot before it."""

_TOO_LONG: Final = WINDOW - 40  # bytes: what begins behind may not be in the window
_WHOLE: Final = re.compile(rb"[0-9][0-9 .\-]*")
# In a run there are digits, and before them in ASCII a dot, a dash and a blank. Behind a dot stands a fraction.
_ZERO: Final = 0x30
_NINE: Final = 0x39
_DOT: Final = 0x2E
_TWO_BYTES: Final = 0x80


def is_within(window: bytes) -> bool:
    """Whether ``window`` begins where RUN matches at the beginning of a text only."""
    return _ZERO <= window[0] <= _NINE and (len(window) == 1 or window[1] != _DOT)


def look(window: bytes, numbers: list[Number]) -> bool | None:
    """A closer look at the run that ``window`` begins with.

    None: it is none of ``numbers``. True: it is one only if a part of a record begins within it. False: it may be one.
    """
    run = _WHOLE.search(window)
    if run is None:
        return None
    first, last = run.span()
    if last > _TOO_LONG or _begins(window, first, last, numbers):
        return False
    if not window[first:last].isdigit() and _begins_apart(window, first, last, numbers):  # most are in one piece
        return False
    return True if _begins_a_part(window, first, last, numbers) else None


def _begins_apart(window: bytes, first: i64, last: i64, numbers: list[Number]) -> bool:
    """Whether there may be one that begins behind a separator."""
    at: i64
    for at in range(first + 1, last - _FEWEST + 1):
        if window[at - 1] < _DOT and _begins(window, at, last, numbers):
            return True
    return False


def _begins_a_part(window: bytes, first: i64, last: i64, numbers: list[Number]) -> bool:
    """Whether there may be one that a part of a record begins with, somewhere within the run."""
    length: i64
    at: i64
    for at in range(first + 1, last - _FEWEST + 1):
        length = window[at - 1]
        if length & 1 == 0 and _begins(window, at, min(last, at + (length >> 1)), numbers):
            return True
    return first > 0 and window[first - 1] >= _TWO_BYTES and _begins(window, first + 1, last, numbers)


def _begins(window: bytes, at: i64, end: i64, numbers: list[Number]) -> bool:
    """Whether there may be one that begins at ``at``, and ends at ``end`` at the latest."""
    size = end - at
    if size < _FEWEST:
        return False
    digit: i64 = window[at]
    if digit < _ZERO:
        return False
    for number in numbers:
        if size >= number.fewest and number.firsts >> digit & 1 and number.begins(window, at, end):
            return True
    return False


def may_end(window: bytes, at: i64, end: i64) -> bool:
    """Whether a number may end before ``at``, in a run that ends at ``end``: no digit goes on but one that is a length.

    Lengths are even.
    """
    return at >= end or window[at] < _ZERO or window[at] & 1 == 0
