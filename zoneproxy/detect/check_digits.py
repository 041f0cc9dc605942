"""Check digits, over ASCII digits and letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_extensions import i64

_ZERO: Final = 0x30
DOUBLED: Final = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
"""What Luhn's check makes of each digit that it doubles, by its ASCII code."""
_DOUBLED: Final = DOUBLED

# Letters stand for two digits: A is 10, Z is 35.
_LETTERS: Final = {letter: str(letter - 55) for letter in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def luhn(digits: bytes) -> bool:
    """Luhn's check over all of ``digits``, the check digit last (ISO/IEC 7812-1, annex B)."""
    total: i64 = 0
    is_doubled = len(digits) % 2 == 0
    for byte in digits:
        total += _DOUBLED[byte] if is_doubled else byte - _ZERO
        is_doubled = not is_doubled
    return total % 10 == 0


def mod_97(text: bytes) -> int:
    """The number that upper-case letters and digits spell, modulo 97 (ISO/IEC 7064, MOD 97-10)."""
    return int(text.decode("ascii").translate(_LETTERS)) % 97
