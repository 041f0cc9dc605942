"""Check digits that are told by weights, and dates within numbers. Every function takes a value as it is written."""

from __future__ import annotations

from collections.abc import Sequence
from operator import mul
from typing import Final

from zoneproxy.detect.check_digits import luhn

_SEPARATORS: Final = b" .-/"
_ZERO: Final = 0x30
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def bare(written: bytes) -> bytes:
    """Without separators."""
    return written.translate(None, _SEPARATORS)


def weighted(digits: bytes, weights: Sequence[int]) -> int:
    """The sum of products of digits and weights."""
    total: int = sum(map(mul, digits, weights))
    return total - _ZERO * sum(weights[: len(digits)])


def luhn_valid(written: bytes) -> bool:
    """Luhn, and not one digit all over."""
    digits = bare(written)
    return luhn(digits) and len(set(digits)) > 1


def is_date(year: int, month: int, day: int) -> bool:
    """A day that there is; ``year`` 0 is any."""
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return False
    return not (month == 2 and day == 29 and year % 4)


def has_date(digits: bytes, order: str = "ymd") -> bool:
    """Whether the first six digits are a date, two digits for each of year, month and day in ``order``."""
    at = {part: int(digits[2 * index : 2 * index + 2]) for index, part in enumerate(order)}
    return is_date(at["y"], at["m"], at["d"])


def mod_11_10(digits: bytes) -> bool:
    """ISO/IEC 7064, MOD 11,10: the check digit last."""
    rest = 10
    for digit in digits[:-1]:
        rest = ((rest + digit - 0x30 - 1) % 10 + 1) * 2 % 11
    return (rest + digits[-1] - 0x30) % 10 == 1


_D5: Final = tuple(
    bytes(row)
    for row in (
        (0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
        (1, 2, 3, 4, 0, 6, 7, 8, 9, 5),
        (2, 3, 4, 0, 1, 7, 8, 9, 5, 6),
        (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
        (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
        (5, 9, 8, 7, 6, 0, 4, 3, 2, 1),
        (6, 5, 9, 8, 7, 1, 0, 4, 3, 2),
        (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
        (8, 7, 6, 5, 9, 3, 2, 1, 0, 4),
        (9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
    )
)
_PERMUTED: Final = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def verhoeff(digits: bytes) -> bool:
    """Verhoeff's check over all of ``digits``: the dihedral group of order ten, the check digit last."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        number = digit - 0x30
        for _ in range(place % 8):
            number = _PERMUTED[number]
        check = _D5[check][number]
    return check == 0
