"""Stretches of digits found byte by byte, which takes a fraction of what their patterns take, once it is compiled.

Each of these finds exactly what the pattern of its detector does. In plain Python the patterns are quicker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from zoneproxy.detect.detector import NextSpan

if TYPE_CHECKING:
    from mypy_extensions import i64  # what compiled loops count with; to Python these are ints as all others

IS_COMPILED: Final = not __file__.endswith(".py")

_ZERO: Final = 0x30
_NINE: Final = 0x39
_BLANK: Final = 0x20
_DASH: Final = 0x2D
_DOT: Final = 0x2E
_PLUS: Final = 0x2B
_OPEN: Final = 0x28
_FEWEST_OF_A_RUN: Final = 12
_REACH: Final = 11  # bytes behind its first digit that are all of a run
_FEWEST_OF_A_PHONE: Final = 6
_REACH_OF_A_PHONE: Final = 5  # bytes behind its first one that are all of a phone number
_FEWEST_INTERNATIONAL: Final = 7
_MOST_INTERNATIONAL: Final = 15
_MOST_BETWEEN: Final = 4  # behind a number in brackets
_MOST_BETWEEN_INTERNATIONAL: Final = 3
_BETWEEN: Final = b" .()-/"
_IS_OF_A_PHONE: Final = bytes(byte in b"0123456789+" + _BETWEEN for byte in range(256))
_GOES_ON: Final = b" .-/xe#"  # with more digits, or an extension


def runs(_pattern: NextSpan) -> NextSpan:
    """Finds twelve digits or more, single blanks, dots or dashes between them."""
    return next_run


def next_run(text: bytes, pos: int) -> tuple[int, int] | None:
    """Start and end of the next run."""
    at: i64 = pos
    size: i64 = len(text)
    while at + _REACH < size:
        byte = text[at + _REACH]
        if not (_ZERO <= byte <= _NINE or byte in (_BLANK, _DASH, _DOT)):
            at += _REACH + 1  # no run begins before that
        elif _ZERO <= text[at] <= _NINE:
            begin = at
            count: i64 = 0
            while at < size:
                byte = text[at]
                if _ZERO <= byte <= _NINE:
                    count += 1
                elif not (byte in (_BLANK, _DASH, _DOT) and at + 1 < size and _ZERO <= text[at + 1] <= _NINE):
                    break
                at += 1
            if count >= _FEWEST_OF_A_RUN:
                return begin, at
        else:
            at += 1
    return None


def phone_numbers(pattern: NextSpan) -> NextSpan:
    """Finds what ``pattern`` does, and asks it only for those in groups or with an extension."""

    def next_span(text: bytes, pos: int) -> tuple[int, int] | None:
        begin = _next_beginning(text, pos)
        if begin < 0:
            return None
        end = _behind_international(text, begin) if text[begin] == _PLUS else _behind_digits(text, begin)
        if end and (end == len(text) or text[end] not in _GOES_ON):
            return begin, end
        return pattern(text, begin)

    return next_span


def _next_beginning(text: bytes, pos: int) -> int:
    """Where a phone number may begin: with a plus, a bracket, or a digit that no letter or digit stands before."""
    at: i64 = pos
    size: i64 = len(text)
    while at + _REACH_OF_A_PHONE < size:
        if not _IS_OF_A_PHONE[text[at + _REACH_OF_A_PHONE]]:
            at += _REACH_OF_A_PHONE + 1  # none begins before that
            continue
        byte = text[at]
        if _ZERO <= byte <= _NINE:
            if (at == 0 or not _is_of_words(text[at - 1])) and _are_enough(text, at, size):
                return at
        elif byte in (_PLUS, _OPEN) and _are_enough(text, at + 1, size):
            return at
        at += 1
    return -1


def _are_enough(text: bytes, pos: i64, size: i64) -> bool:
    """Whether there are the digits of a phone number, no further apart than they are written."""
    at = pos
    count: i64 = 0
    between: i64 = 0
    while at < size:
        byte = text[at]
        at += 1
        if _ZERO <= byte <= _NINE:
            count += 1
            between = 0
            if count == _FEWEST_OF_A_PHONE:
                return True
        else:
            between += 1
            if between > _MOST_BETWEEN or byte not in _BETWEEN:
                return False
    return False


def _behind_digits(text: bytes, pos: int) -> int:
    """Where the digits end that begin at ``pos``; 0 if they are too few."""
    at: i64 = pos
    size: i64 = len(text)
    while at < size and _ZERO <= text[at] <= _NINE:
        at += 1
    return at if at - pos >= _FEWEST_OF_A_PHONE else 0


def _behind_international(text: bytes, pos: int) -> int:
    """Where the number ends that begins with the plus at ``pos``; 0 if there is none."""
    at: i64 = pos + 1
    size: i64 = len(text)
    if at < size and text[at] in (_BLANK, _OPEN):
        at += 1
    if at >= size or not _ZERO < text[at] <= _NINE:
        return 0
    count: i64 = 0
    between: i64 = 0
    end: i64 = 0
    while at < size and count < _MOST_INTERNATIONAL:
        byte = text[at]
        at += 1
        if _ZERO <= byte <= _NINE:
            count += 1
            between = 0
            end = at
        else:
            between += 1
            if between > _MOST_BETWEEN_INTERNATIONAL or byte not in _BETWEEN:
                break
    return end if count >= _FEWEST_INTERNATIONAL else 0


def _is_of_words(byte: int) -> bool:
    return 0x61 <= byte <= 0x7A or 0x41 <= byte <= 0x5A or _ZERO <= byte <= _NINE or byte == 0x5F
