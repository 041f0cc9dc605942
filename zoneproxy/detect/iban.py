"""International bank account numbers (ISO 13616): a country, its length, mod 97.

Written in one piece or in groups with single spaces or dashes, all letters of one case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from zoneproxy.detect.check_digits import mod_97
from zoneproxy.detect.detector import Confidence, Detector, Hit

# Length by country, as of the SWIFT registry of IBAN formats.
LENGTHS: Final = {
    country: length
    for length, countries in {
        15: "NO",
        16: "BE",
        18: "DK FI FK FO GL NL SD",
        19: "MK SI",
        20: "AT BA EE KZ LT LU MN XK",
        21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA",
        23: "AE GI IL IQ OM SO TL",
        24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR",
        27: "BI DJ FR GR IT MC MR SM",
        28: "AL AZ BY CY DO GT HN HU LB NI PL SV",
        29: "BR EG PS QA UA",
        30: "JO KW MU YE",
        31: "MT SC",
        32: "LC",
        33: "RU",
    }.items()
    for country in countries.split()
}
_SHORTEST: Final = min(LENGTHS.values())
_LENGTHS: Final = {country.encode(): length for country, length in LENGTHS.items()}
_LETTERS_AND_DIGITS: Final = re.compile(rb"[A-Za-z0-9](?:[ \-]?[A-Za-z0-9])*")
_LONGEST_WRITTEN: Final = 2 * max(LENGTHS.values())
# In lower case these could begin a hexadecimal id; their account numbers begin with eight digits.
_HEXADECIMAL: Final = frozenset(country for country in _LENGTHS if set(country) <= set(b"ABCDEF"))


def _hits(text: bytes, start: int, _end: int) -> Iterator[Hit]:
    """``start`` is where a country code followed by two digits stands."""
    if text[max(0, start - 1) : start].isalnum():
        return
    finish = _finish(text, start)
    if finish and not text[finish : finish + 1].isalnum():
        yield Hit(start, finish, valid=True)


def _may_be(window: bytes) -> bool:
    return _finish(window, 0) > 0


_COUNTRY: Final = re.compile(rb"[A-Za-z]{2}[0-9]{2}")


def begins_iban(text: bytes, start: int) -> bool:
    """Whether an IBAN begins at ``start``."""
    country = _COUNTRY.match(text, start)
    return country is not None and country.group()[:2].upper() in _LENGTHS and _finish(text, start) > 0


def _finish(text: bytes, start: int) -> int:
    """Where the number ends that begins at ``start``; 0 if there is none."""
    run = _LETTERS_AND_DIGITS.match(text, start, start + _LONGEST_WRITTEN)
    assert run
    size = _size(run.group(), _LENGTHS[text[start : start + 2].upper()])
    return start + size if size and _is_iban(run.group()[:size].translate(None, b" -")) else 0


def _size(written: bytes, length: int) -> int:
    """How many bytes of ``written`` its first ``length`` letters and digits take, with separators; 0: too few."""
    size = length
    while size <= len(written):
        missing = length - len(written[:size].translate(None, b" -"))
        if not missing:
            return size
        size += missing
    return 0


def _is_iban(number: bytes) -> bool:
    if number.islower():
        number = number.upper()
        if number[:2] in _HEXADECIMAL and not number[4:12].isdigit():
            return False
    return number.isupper() and mod_97(number[4:] + number[:4]) == 1


def _any_country(countries: frozenset[bytes]) -> bytes:
    return b"(?:" + b"|".join(sorted(countries)) + b")"


def _more(kind: bytes, count: int) -> bytes:
    return rb"(?:[ \-]?%s){%d}" % (kind, count)


_ALL: Final = frozenset(_LENGTHS)

IBAN: Final = Detector(
    type="IBAN",
    shape=b"|".join(
        (
            _any_country(_ALL) + b"[0-9]{2}" + _more(b"[A-Z0-9]", _SHORTEST - 4),
            _any_country(_ALL - _HEXADECIMAL).lower() + b"[0-9]{2}" + _more(b"[a-z0-9]", _SHORTEST - 4),
            _any_country(_HEXADECIMAL).lower() + b"[0-9]{2}" + _more(b"[0-9]", 8),
        )
    ),
    may_be=_may_be,
    stretch=rb"(?i:" + _any_country(_ALL) + rb")[0-9]{2}",
    hits=_hits,
    words=frozenset({"iban", "account", "accounts", "bank", "konto", "kontonummer", "sepa", "creditor", "debtor"}),
    confidence=Confidence(alone=0.4, valid=0.95, valid_in_context=1.0),
)
