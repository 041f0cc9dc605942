"""Runs of digits in a batch: what stage 1 looks for on behalf of all types that are long numbers.

A run is digits with single blanks or dashes between them. One shape points at the beginning of those that are long
enough, so the DFA counts once for all types and for all groups; where in a run a number may begin is told here. That
is its first digit, behind any separator, and, as stage 1 sees the framing of records too, behind any byte that may be
the length of a key, value or header: then the digits before are not of the number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from zoneproxy.detect.detector import WINDOW

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
_DIGITS = frozenset(b"0123456789")
_LENGTHS = frozenset(b"02468 .")
_TWO_BYTES = 0x80


def begins(window: bytes, fewest: int) -> Sequence[int] | None:
    """Where numbers of ``fewest`` digits may begin in the run at the start of ``window``; None: it is too long to tell.

    Most runs are one piece.
    """
    first, last = _run(window)
    if last > _TOO_LONG:
        return None
    if last - first < fewest:
        return ()
    if window[first:last].isdigit():
        return (first,)
    return [at for at in range(first, last - fewest + 1) if at == first or window[at - 1] in _SEPARATORS]


def parts(window: bytes, fewest: int) -> Sequence[tuple[int, int]] | None:
    """Where parts that begin with ``fewest`` digits may begin in the run, behind their lengths, and end at the latest.

    None as in ``begins``.
    """
    first, last = _run(window)
    if last > _TOO_LONG:
        return None
    found = []
    for at in range(first + 1, last - fewest + 1):
        length = window[at - 1]
        if length in _LENGTHS and window[at] in _DIGITS:
            found.append((at, at + (length >> 1)))
    if first and window[first - 1] >= _TWO_BYTES and last - first > fewest:
        found.append((first + 1, len(window)))
    return found


def _run(window: bytes) -> tuple[int, int]:
    run = _WHOLE.search(window)
    return run.span() if run else (0, 0)
