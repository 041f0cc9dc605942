"""Runs of digits in a batch: what stage 1 looks for on behalf of all types that are long numbers.

A run is digits with single blanks or dashes between them. One shape points at the beginning of those that are long
enough, so the DFA counts once for all types and for all groups; where in a run a number may begin is told here. That
is its first digit, behind any separator, and, as stage 1 sees the framing of records too, behind any byte that may be
the length of a key, value or header: then the digits before are not of the number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zoneproxy.detect.detector import WINDOW, Number

_GAP = rb"[ \-]?"
_BEGIN = rb"(?:^[ .\-]?|[^0-9 .\-]|[^0-9][ .\-])"
_FEWEST = 12  # digits, of a card number
# How many digits in one piece are enough, by the first one: fewer for what some short numbers begin with, or what may
# be a length before one (lengths are not negative, so their varints are even). Milliseconds since 1970 are passed over.
_IN_ONE_PIECE = ((b"[024568]", 12), (b"[1379]", 14))
_APART = b"|".join(b"[0-9]{%d}[ \\-](?:%b[0-9]){%d}" % (before, _GAP, _FEWEST - before) for before in range(1, _FEWEST))
_LONG_LENGTH = rb"[\x80-\xff][0-9](?:" + _GAP + b"[0-9]){%d}" % _FEWEST  # the second byte of one is any digit
_BEHIND_A_DOT = rb"[0-9]\.[0-9](?:" + _GAP + b"[0-9]){%d}" % (_FEWEST - 1)

RUN = b"|".join(
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

_TOO_LONG = WINDOW - 40  # bytes: what begins behind may not be in the window
_WHOLE = re.compile(rb"[0-9][0-9 .\-]*")
_SEPARATORS = b" -"  # behind a dot stands a fraction
_ZERO, _NINE = 0x30, 0x39
_MAY_BE_LENGTH = bytes(byte in b"02468 ." for byte in range(256))
_TWO_BYTES = 0x80


def look(window: bytes, numbers: Sequence[Number]) -> bool | None:
    """A closer look at the run that ``window`` begins with.

    None: it is none of ``numbers``. True: it is one only if a part of a record begins within it. False: it may be one.
    """
    run = _WHOLE.search(window)
    if run is None:
        return None
    first, last = run.span()
    if last > _TOO_LONG or _begins(window, first, last, numbers):
        return False
    if not window[first:last].isdigit():  # most runs are in one piece
        for at in range(first + 1, last - _FEWEST + 1):
            if window[at - 1] in _SEPARATORS and _begins(window, at, last, numbers):
                return False
    return True if _begins_a_part(window, first, last, numbers) else None


def _begins_a_part(window: bytes, first: int, last: int, numbers: Sequence[Number]) -> bool:
    """Whether there may be one that a part of a record begins with, somewhere within the run."""
    for at in range(first + 1, last - _FEWEST + 1):
        length = window[at - 1]
        if _MAY_BE_LENGTH[length] and _begins(window, at, min(last, at + (length >> 1)), numbers):
            return True
    return first > 0 and window[first - 1] >= _TWO_BYTES and _begins(window, first + 1, last, numbers)


def _begins(window: bytes, at: int, end: int, numbers: Sequence[Number]) -> bool:
    """Whether there may be one that begins at ``at``, and ends at ``end`` at the latest."""
    size, digit = end - at, window[at]
    if size < _FEWEST or not _ZERO <= digit <= _NINE:
        return False
    for fewest, may_begin, digits in numbers:
        if size >= fewest and digit in digits and may_begin(window, at, end):
            return True
    return False
