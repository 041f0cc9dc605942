"""What is issued as a payment card number (ISO/IEC 7812): 12 to 19 digits, an issuer's prefix and its lengths, Luhn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from zoneproxy.detect.check_digits import DOUBLED, luhn
from zoneproxy.detect.detector import Number
from zoneproxy.detect.runs import may_end

if TYPE_CHECKING:
    from mypy_extensions import i64

MIN_DIGITS: Final = 12
MAX_DIGITS: Final = 19
_PREFIX: Final = 4  # digits that tell the issuer

_ANY_MAESTRO: Final = frozenset(range(12, 20))
_LONG: Final = frozenset(range(16, 20))

# First and last prefix, and the lengths that are issued. Later rows win where they overlap.
_ISSUERS: Final = (
    ("50", "50", _ANY_MAESTRO),  # Maestro, and domestic schemes
    ("56", "69", _ANY_MAESTRO),  # Maestro; Discover, RuPay, UnionPay and others among them
    ("4", "4", frozenset({13, 16, 18, 19})),  # Visa
    ("51", "55", frozenset({16})),  # Mastercard
    ("2221", "2720", frozenset({16})),  # Mastercard
    ("34", "34", frozenset({15})),  # American Express
    ("37", "37", frozenset({15})),
    ("300", "305", _LONG | {14}),  # Diners Club
    ("3095", "3095", _LONG | {14}),
    ("36", "36", _LONG | {14}),
    ("38", "39", _LONG | {14}),
    ("35", "35", _LONG),  # JCB, which issues from 3528 to 3589; others are seen in test data
    ("1800", "1800", frozenset({15})),
    ("2131", "2131", frozenset({15})),
    ("2200", "2205", _LONG),  # Mir, Borica
    ("81", "82", _LONG),  # UnionPay, RuPay
    ("9792", "9792", frozenset({16})),  # Troy
)


def _by_prefix() -> bytes:
    table = bytearray(10_000)
    for first, last, lengths in _ISSUERS:
        bits = sum(1 << length - MIN_DIGITS for length in lengths)
        for prefix in range(int(first.ljust(_PREFIX, "0")), int(last.ljust(_PREFIX, "9")) + 1):
            table[prefix] = bits
    return bytes(table)


_LENGTHS: Final = _by_prefix()  # that are issued: a bit for each, the lowest for the fewest digits
_FIRST: Final = bytes(sorted({0x30 + prefix // 1000 for prefix, lengths in enumerate(_LENGTHS) if lengths}))
_DOUBLED: Final = DOUBLED
_ZERO: Final = 0x30


def lengths_from(digits: bytes, start: int) -> int:
    """How many digits a number has that begins with those from ``start`` on: a bit for each number of them."""
    return _LENGTHS[int(digits[start : start + _PREFIX])] << MIN_DIGITS


def is_card(digits: bytes) -> bool:
    """An issuer's prefix, one of its lengths, Luhn, and not one digit all over."""
    return lengths_from(digits, 0) >> len(digits) & 1 > 0 and luhn(digits) and digits.count(digits[0]) < len(digits)


class CardNumber(Number):
    """As a type of numbers. Compiled code need ask nobody here, which makes it several times as fast."""

    def __init__(self) -> None:
        super().__init__(MIN_DIGITS, self.begins, _FIRST)

    def begins(self, window: bytes, start: i64, end: i64) -> bool:
        """A number may begin at ``start``, and end where it is not followed by a digit that cannot be a length.

        All lengths that its prefix is issued in are tried in one pass: a further digit makes of those that Luhn doubles
        the others, and the other way about.
        """
        count: i64 = 0
        prefix: i64 = 0
        lengths: i64 = 0
        total: i64 = 0  # if the last digit is not doubled
        other: i64 = 0  # if it is
        digit: i64
        at: i64
        for at in range(start, min(end, start + 2 * MAX_DIGITS)):
            digit = window[at] - _ZERO
            if digit < 0:
                continue
            total, other = other + digit, total + _DOUBLED[window[at]]
            count += 1
            if count <= _PREFIX:
                prefix = 10 * prefix + digit
                if count == _PREFIX:
                    lengths = _LENGTHS[prefix] << MIN_DIGITS
                    if lengths == 0:
                        return False
            elif total % 10 == 0 and lengths >> count & 1 and may_end(window, at + 1, end):
                return True
        return False
