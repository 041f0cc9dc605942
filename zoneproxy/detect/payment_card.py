"""Payment card numbers (ISO/IEC 7812): 12 to 19 digits, an issuer prefix of a card network, Luhn.

Written in one piece, in groups with single spaces, dashes or dots between them, or digit by digit. A decimal fraction
is not a card number, however well its digits fit, and neither are digits in the middle of a hexadecimal id (these are
hits, but not valid ones).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from operator import contains

from zoneproxy.detect.check_digits import luhn
from zoneproxy.detect.detector import Confidence, Detector, Hit

MIN_DIGITS = 12
MAX_DIGITS = 19

_NEVER = frozenset[int]()
_ANY_MAESTRO = frozenset(range(12, 20))
_LONG = frozenset(range(16, 20))

# First and last prefix, and the lengths that are issued. Later rows win where they overlap.
_ISSUERS = (
    ("50", "50", _ANY_MAESTRO),  # Maestro, and domestic schemes
    ("56", "69", _ANY_MAESTRO),  # Maestro
    ("60", "60", _LONG | _ANY_MAESTRO),  # Discover, RuPay among Maestro
    ("4", "4", frozenset({13, 16, 18, 19})),  # Visa
    ("51", "55", frozenset({16})),  # Mastercard
    ("2221", "2720", frozenset({16})),  # Mastercard
    ("34", "34", frozenset({15})),  # American Express
    ("37", "37", frozenset({15})),
    ("300", "305", _LONG | {14}),  # Diners Club
    ("3095", "3095", _LONG | {14}),
    ("36", "36", _LONG | {14}),
    ("38", "39", _LONG | {14}),
    ("3528", "3589", _LONG),  # JCB
    ("1800", "1800", frozenset({15})),
    ("2131", "2131", frozenset({15})),
    ("2200", "2205", _LONG),  # Mir, Borica
    ("81", "82", _LONG),  # UnionPay, RuPay
    ("9792", "9792", frozenset({16})),  # Troy
)


def _by_prefix() -> tuple[frozenset[int], ...]:
    table = [_NEVER] * 10_000
    for first, last, lengths in _ISSUERS:
        table[int(first.ljust(4, "0")) : int(last.ljust(4, "9")) + 1] = [lengths] * (
            int(last.ljust(4, "9")) + 1 - int(first.ljust(4, "0"))
        )
    return tuple(table)


_LENGTHS = _by_prefix()


def is_card(digits: bytes) -> bool:
    """An issuer's prefix, one of its lengths, Luhn, and not one digit all over."""
    return len(digits) in _LENGTHS[int(digits[:4])] and luhn(digits) and len(set(digits)) > 1


# --- where a number may begin and end ------------------------------------------------------------------------

_GROUP = re.compile(rb"[0-9]+")
_DOT = 0x2E
_GROUP_MIN, _GROUP_MAX = 3, 7  # digits, in a number that is part of a longer run of groups
_DOTTED_SIZES = ({4}, {4, 5, 6}, {4, 5}, {1, 2, 3, 4}, {1, 2, 3})

Group = tuple[int, int]


def _hits(text: bytes, start: int, end: int) -> Iterator[Hit]:
    """``start`` and ``end`` enclose a whole run: groups of digits, single separators between them."""
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    first = 0
    while first < len(groups):
        last = _card_from(text, groups, first)
        if last is None:
            first += 1
        else:
            begin, finish = groups[first][0], groups[last][1]
            yield Hit(begin, finish, not _in_hexadecimal(text, begin, finish))
            first = last + 1


def _card_from(text: bytes, groups: Sequence[Group], first: int) -> int | None:
    """The last group of the longest card number that begins with the group ``first``."""
    begin = groups[first][0]
    if begin > 1 and text[begin - 1] == _DOT and 0x30 <= text[begin - 2] <= 0x39:
        return None  # the fraction of a decimal
    digits = b""
    found = None
    for last in range(first, len(groups)):
        digits += text[slice(*groups[last])]
        if len(digits) > MAX_DIGITS:
            break
        if len(digits) >= MIN_DIGITS and _plausible(text, groups, first, last) and is_card(digits):
            found = last
    return found


def _plausible(text: bytes, groups: Sequence[Group], first: int, last: int) -> bool:
    """Whether anyone would write a card number in these groups."""
    if first == last:
        return True
    sizes = [end - start for start, end in groups[first : last + 1]]
    if _DOT in text[groups[first][0] : groups[last][1]]:
        return _is_dotted(sizes)
    return (first == 0 and last == len(groups) - 1) or all(_GROUP_MIN <= size <= _GROUP_MAX for size in sizes)


def _is_dotted(sizes: Sequence[int]) -> bool:
    """4.4.4.4, 4.6.5 and the like; two groups with a dot between them would be a decimal."""
    return len(sizes) >= 3 and all(map(contains, _DOTTED_SIZES, sizes)) and len(sizes) <= len(_DOTTED_SIZES)


_TAIL = re.compile(rb"[0-9A-Za-z_]*")
_HEXADECIMAL = re.compile(rb"[0-9]*[A-Fa-f][0-9A-Fa-f]*")
_NEAR = 64  # bytes on either side: ids are shorter


def _in_hexadecimal(text: bytes, start: int, end: int) -> bool:
    """The digits touch letters, and with these they look like a piece of a hexadecimal id."""
    before = _TAIL.match(text[max(0, start - _NEAR) : start][::-1])
    after = _TAIL.match(text, end, end + _NEAR)
    assert before
    assert after
    around = before.group()[::-1] + after.group()
    return bool(_HEXADECIMAL.fullmatch(around))


# --- the detector --------------------------------------------------------------------------------------------


def _more(count: int) -> bytes:
    return rb"(?:[ \-]?[0-9]){%d}" % count


_NOT_IN_A_NUMBER = rb"(?:^\.?|[^0-9.]|[^0-9]\.)"
_NUMBER = b"|".join(
    (
        rb"(?:50|5[6-9]|6[0-9])" + _more(10),
        rb"4" + _more(12),
        rb"3[0689]" + _more(12),
        rb"3[457]" + _more(13),
        rb"(?:1800|2131)" + _more(11),
        rb"(?:5[1-5]|2[2-7]|8[12]|97)" + _more(14),
    )
)
_DOTTED = rb"[0-9]{4}[ .\-][0-9]{4,6}[ .\-][0-9]{4}"

# A value's length stands right before it and may read as a digit or a dot; so may what comes before the length.
# One digit more than the shortest number, or two and the ones before it, tell that the two may have run together.
_AFTER_A_LENGTH = b"|".join(
    (
        rb"[0-9](?:[ \-]?[0-9]){13,}",
        rb"[0-9]\.[0-9](?:[ \-]?[0-9]){11,}",
        rb"(?:[^0-9][02468]|[\x80-\xff][0-9])(?:50|5[6-9]|6[0-9])" + _more(10),
    )
)

PAYMENT_CARD = Detector(
    type="PAYMENT_CARD",
    shape=_NOT_IN_A_NUMBER + b"(?:" + _NUMBER + b")|" + _DOTTED,
    joined=_AFTER_A_LENGTH,
    stretch=rb"[0-9](?:[ .\-]?[0-9]){11,}",
    hits=_hits,
    words=frozenset(
        {
            *("card", "cards", "cardno", "cardnumber", "cc", "ccn", "ccnum", "pan", "credit", "creditcard", "debit"),
            *("debitcard", "payment", "visa", "mastercard", "amex", "maestro", "discover", "diners", "jcb", "unionpay"),
            *("karte", "kreditkarte", "carte", "carta", "tarjeta"),
        }
    ),
    confidence=Confidence(alone=0.3, valid=0.75, valid_in_context=0.95),
)
