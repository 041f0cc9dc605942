"""Payment card numbers (ISO/IEC 7812): 12 to 19 digits, an issuer prefix of a card network, Luhn.

Written in one piece, in groups with single spaces, dashes or dots between them, or digit by digit. A decimal fraction
is not a card number, however well its digits fit, and neither are digits in the middle of a hexadecimal id or a UUID
(these are hits, but not valid ones).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from operator import contains
from typing import Final

from zoneproxy.detect.card_numbers import MAX_DIGITS, MIN_DIGITS, CardNumber, is_card, lengths_from
from zoneproxy.detect.detector import Confidence, Detector, Hit, hit_of
from zoneproxy.detect.iban import begins_iban
from zoneproxy.detect.runs import RUN
from zoneproxy.detect.stretches import runs

# --- where a number may begin and end ------------------------------------------------------------------------

_SEPARATORS: Final = b" .-"
_BLANKS: Final = bytes.maketrans(_SEPARATORS, b"   ")
_DOT: Final = 0x2E
_GROUP_MIN, _GROUP_MAX = 3, 7  # digits, in a number that is part of a longer run of groups
_DOTTED_SIZES: Final = ({4}, {4, 5, 6}, {4, 5}, {1, 2, 3, 4}, {1, 2, 3})


class _Run:
    """Groups of digits with single separators between them: all of them that stand together, from ``start`` on."""

    __slots__ = ("_is_long", "_sizes", "_start", "_text", "_written", "digits")

    def __init__(self, text: bytes, start: int, written: bytes) -> None:
        self.digits = written.translate(None, _SEPARATORS)
        self._text, self._start, self._written = text, start, written
        self._sizes = [len(group) for group in written.translate(_BLANKS).split()]
        self._is_long = len(self.digits) > MAX_DIGITS

    def hits(self) -> list[Hit]:
        """The card numbers, apart from one another."""
        found = []
        group, begin = 0, 0  # the number of digits before the group
        while len(self.digits) - begin >= MIN_DIGITS:
            last = self._card_from(group, begin)
            if last is not None:
                size = sum(self._sizes[group : last + 1])
                start = self._start + begin + group  # there is one separator behind each group
                found.append(_hit(self._text, start, start + size + last - group))
            following = group + 1 if last is None else last + 1
            begin += sum(self._sizes[group:following])
            group = following
        return found

    def _card_from(self, first: int, begin: int) -> int | None:
        """The last group of the longest card number that begins with group ``first``."""
        lengths = lengths_from(self.digits, begin)
        if not lengths or (self._is_long and self._sizes[first] < _GROUP_MIN):
            return None
        found = None
        count = 0
        for last in range(first, len(self._sizes)):
            count += self._sizes[last]
            if count > MAX_DIGITS:
                break
            if (
                lengths >> count & 1
                and self._is_plausible(first, last, begin)
                and is_card(self.digits[begin : begin + count])
            ):
                found = last
        return None if found is None or _is_fraction(self._text, self._start + begin + first) else found

    def _is_plausible(self, first: int, last: int, begin: int) -> bool:
        """Whether anyone would write a card number in these groups, with ``begin`` digits before them."""
        if first == last:
            return True
        sizes = self._sizes[first : last + 1]
        if b"." in self._written[begin + first : begin + last + sum(sizes)]:
            return _is_dotted(sizes)
        is_whole = first == 0 and last == len(self._sizes) - 1
        return is_whole or all(_GROUP_MIN <= size <= _GROUP_MAX for size in sizes)


def _hits(text: bytes, start: int, end: int) -> Sequence[Hit]:
    """``start`` and ``end`` enclose a whole run."""
    written = text[start:end]
    if not written.isdigit():
        found = _Run(text, start, written).hits()
        return () if found and _is_in_iban(text, start) else found
    # Most runs are one group, and no number: the first look is the cheapest one.
    if not is_card(written) or _is_fraction(text, start) or _is_in_iban(text, start):
        return ()
    return (_hit(text, start, end),)


def _hit(text: bytes, start: int, end: int) -> Hit:
    before = text[max(0, start - 1) : start]
    odd = before == b"+"
    if _OF_IDS(before + text[end : end + 1]):  # a UUID goes on beside it: it has more digits
        odd = odd or _in_hexadecimal(text, start, end) or _in_uuid(text, start, end)
    return hit_of((start, end, not odd))


_OF_IDS: Final = re.compile(rb"[0-9A-Za-z_\-]").search


def _is_fraction(text: bytes, start: int) -> bool:
    """What begins at ``start`` stands behind a decimal point."""
    return start > 1 and text[start - 1] == _DOT and 0x30 <= text[start - 2] <= 0x39


def _is_in_iban(text: bytes, start: int) -> bool:
    """The digits are those of an account number: behind its country code, or behind that of its bank as well."""
    return text[start - 1 : start].isalpha() and any(
        start >= back and begins_iban(text, start - back) for back in _BEFORE_IBAN_DIGITS
    )


_BEFORE_IBAN_DIGITS: Final = (2, 8)  # NL91, or NL91ABNA


def _is_dotted(sizes: Sequence[int]) -> bool:
    """4.4.4.4, 4.6.5 and the like; two groups with a dot between them would be a decimal."""
    return 3 <= len(sizes) <= len(_DOTTED_SIZES) and all(map(contains, _DOTTED_SIZES, sizes))


_TAIL: Final = re.compile(rb"[0-9A-Za-z_]*")
_HEXADECIMAL: Final = re.compile(rb"[0-9]*[A-Fa-f][0-9A-Fa-f]*")
_NEAR: Final = 64  # bytes on either side: ids are shorter


def _in_hexadecimal(text: bytes, start: int, end: int) -> bool:
    """The digits touch letters, and with these they look like a piece of a hexadecimal id."""
    before = _TAIL.match(text[max(0, start - _NEAR) : start][::-1])
    after = _TAIL.match(text, end, end + _NEAR)
    assert before
    assert after
    around = before.group()[::-1] + after.group()
    return bool(_HEXADECIMAL.fullmatch(around))


_UUID: Final = re.compile(rb"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_UUID_LENGTH: Final = 36


def _in_uuid(text: bytes, start: int, end: int) -> bool:
    """The digits are a piece of a UUID with letters in it: one in two thousand random ones has such a piece."""
    near = max(0, start - _UUID_LENGTH)
    return any(
        near + match.start() <= start and end <= near + match.end() and not match.group().replace(b"-", b"").isdigit()
        for match in _UUID.finditer(text[near : end + _UUID_LENGTH])
    )


# --- stage 1: what may be a number, for all that can be told without knowing where a value begins and ends -----

_DIGITS: Final = re.compile(rb"[0-9][0-9 .\-]*")  # two separators are one too many, but this is faster
# Groups with dots, which are no run.
_DOTTED: Final = rb"[0-9]{4}\.[0-9]{4,6}[ .\-][0-9]{4}|[0-9]{4}[ \-][0-9]{4,6}\.[0-9]{4}"


_NUMBER: Final = CardNumber()


def _may_be(window: bytes) -> bool:
    run = _DIGITS.match(window)
    return run is not None and _NUMBER.begins(window, 0, run.end())


PAYMENT_CARD: Final = Detector(
    type="PAYMENT_CARD",
    shape=RUN,
    other_shapes=(_DOTTED,),
    may_be=_may_be,
    number=_NUMBER,
    stretch=rb"[0-9](?:[ .\-]?[0-9]){11,}",
    quicker=runs,
    hits=_hits,
    words=frozenset(
        {
            *("card", "cards", "cardno", "cardnumber", "cc", "ccn", "ccnum", "pan", "credit", "creditcard", "debit"),
            *("debitcard", "payment", "visa", "mastercard", "amex", "maestro", "discover", "diners", "jcb", "unionpay"),
            *("karte", "kreditkarte", "carte", "carta", "tarjeta"),
        }
    ),
    against=frozenset(
        {
            *("order", "orders", "orderid", "orderno", "ref", "reference", "seq", "sequence", "tracking", "invoice"),
            *(
                "imei",
                "iccid",
                "control id",
                "iban",
                "serial",
                "sku",
                "ean",
                "id",
                "transaction id",
                "offset",
                "timestamp",
            ),
        }
    ),
    confidence=Confidence(alone=0.3, valid=0.75, valid_in_context=0.95),
)
