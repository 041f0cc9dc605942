"""Numbers that are written in other ways: with an exponent, with leading zeros, in groups with anything between
them, or with tags of HTML in the middle.

Detectors know a space, a dash or a dot between digits. Here it may be something else, if it is the same all along and
the groups are those in which people write such numbers: everything else would make card numbers of lists and tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from zoneproxy.detect.deep.pieces import Piece

_MIN_DIGITS, _MAX_DIGITS = 9, 34  # of numbers that anybody looks for
_EDGE, _END = rb"(?<![0-9A-Za-z_.])", rb"(?![0-9A-Za-z_])"
_EXPONENT = re.compile(_EDGE + rb"(?=[0-9.]{%d})[0-9]{1,20}(?:\.[0-9]{1,33})?[eE]\+?[0-9]{1,2}" % 7 + _END)
_ZEROS = re.compile(_EDGE + rb"0+(?=[1-9][0-9]{11,18}" + _END + b")")
_INLINE = rb"(?:b|i|u|s|q|a|em|tt|br|wbr|sub|sup|big|del|ins|code|mark|span|font|small|strong)"
_TAG = re.compile(rb"<!--[^<>]{0,256}-->|</?(?i:" + _INLINE + rb")(?:[ \t\r\n/][^<>]{0,256})?>")
_BETWEEN = rb"[^0-9A-Za-z\"'.<>(){}\[\]\x80-\xff]{1,4}"
_NUMBER = re.compile(_EDGE + rb"[0-9]{1,7}(?P<between>" + _BETWEEN + rb")[0-9]{1,7}(?:(?P=between)[0-9]{1,7})+")
_ACCOUNT = re.compile(
    _EDGE + rb"[A-Z]{2}[0-9]{2}(?P<between>" + _BETWEEN + rb")[0-9A-Z]{4}"
    rb"(?:(?P=between)[0-9A-Z]{4}){2,6}(?:(?P=between)[0-9A-Z]{1,3})?(?![0-9A-Za-z])"
)
_KNOWN = frozenset({b" ", b"-"})  # to the detectors
_SIZES = frozenset({(4, 6, 5), (4, 6, 4), (3, 2, 4)})
_FOURS, _THREES = 4, 3
_MOST_GROUPS = 19
_MANTISSA = 6  # digits at least
_OF_LISTS = b","  # what stands between the numbers of a list
_B = _BETWEEN
_START = rb"(?:^|[^0-9A-Za-z_.])"
SHAPE = b"|".join(
    (
        _START + rb"(?:[0-9]*\.)?[0-9]{%d}(?:[0-9]*\.[0-9]{1,5})?[0-9]*[eE]\+?[0-9]" % _MANTISSA,
        _START + rb"0+[1-9][0-9]{11}",
        rb"<!--|</?(?i:" + _INLINE + rb")[ \t\r\n/>]",
        _START + rb"(?:[0-9]" + _B + b"){8}[0-9]",
        _START + rb"[0-9]{4}" + _B + rb"[0-9]{4}" + _B + rb"[0-9]{4}" + _B + rb"[0-9]",
        _START + rb"[0-9]{4}" + _B + rb"[0-9]{6}" + _B + rb"[0-9]{4}",
        _START + rb"[0-9]{3}" + _B + rb"[0-9]{2}" + _B + rb"[0-9]{4}",
        _START + rb"[0-9]{1,3}(?:" + _B + rb"[0-9]{3}){3}",
        _START + rb"[A-Z]{2}[0-9]{2}" + _B + rb"[0-9A-Z]{4}" + _B + rb"[0-9A-Z]{4}",
    )
)


def pieces(text: bytes) -> Iterator[Piece]:
    """What is in the way of reading the numbers in ``text``; pieces may overlap and come in no order."""
    for match in _EXPONENT.finditer(text):
        digits = _integer(match.group())
        if digits:
            yield Piece(match.start(), match.end(), digits)
    for match in _ZEROS.finditer(text):
        yield Piece(match.start(), match.end(), b"")
    for match in _TAG.finditer(text):
        yield Piece(match.start(), match.end(), b"")
    end = 0
    for match in _ACCOUNT.finditer(text):
        yield from _numbers(text, end, match.start())
        yield from _without(match, b" ")
        end = match.end()
    yield from _numbers(text, end, len(text))


def _numbers(text: bytes, start: int, end: int) -> Iterator[Piece]:
    for match in _NUMBER.finditer(text, start, end):
        yield from _apart(text, match)


def _integer(written: bytes) -> bytes | None:
    """The digits of a whole number; None if it has a fraction, or too many or too few digits."""
    number = Decimal(written.decode())
    if number.adjusted() >= _MAX_DIGITS or number != number.to_integral_value():
        return None
    digits = b"%d" % int(number)
    return digits if len(digits) >= _MIN_DIGITS else None


def _apart(text: bytes, match: re.Match[bytes]) -> Iterator[Piece]:
    """A number in groups, if these are all of it and it is written as numbers are."""
    between = match.group("between")
    goes_on = text[match.end() : match.end() + len(between) + 1]
    is_part = goes_on[:1].isdigit() or (goes_on[:-1] == between and goes_on[-1:].isdigit())
    sizes = [len(group) for group in match.group().split(between)]
    if between in _KNOWN or is_part or len(sizes) > _MOST_GROUPS:
        return
    if set(sizes) == {1} and sum(sizes) >= _MIN_DIGITS:
        yield from _without(match, b"")
    elif sizes[0] <= _THREES and set(sizes[1:]) == {_THREES} and sum(sizes) >= _MIN_DIGITS + _THREES:
        yield from _without(match, b"")  # thousands
    elif tuple(sizes) in _SIZES or _are_fours(sizes, between):
        yield from _without(match, b"-")


def _are_fours(sizes: list[int], between: bytes) -> bool:
    """4-4-4-4 and the like; four numbers of a list are none."""
    is_number = len(sizes) >= _FOURS and set(sizes[:-1]) == {_FOURS} and sizes[-1] <= _FOURS
    return is_number and between[:1] != _OF_LISTS


def _without(match: re.Match[bytes], instead: bytes) -> Iterator[Piece]:
    between = match.group("between")
    if between in _KNOWN:
        return
    at = match.group().find(between)
    while at >= 0:
        yield Piece(match.start() + at, match.start() + at + len(between), instead)
        at = match.group().find(between, at + len(between))
