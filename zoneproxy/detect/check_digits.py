"""Check digits, over ASCII digits and letters."""

from __future__ import annotations

_ZERO = 0x30
DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
"""What Luhn's check makes of each digit that it doubles, by its ASCII code."""

# Letters stand for two digits: A is 10, Z is 35.
_LETTERS = {letter: str(letter - 55) for letter in b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def luhn(digits: bytes) -> bool:
    """Luhn's check over all of ``digits``, the check digit last (ISO/IEC 7812-1, annex B)."""
    backwards = digits[::-1]
    plain = backwards[::2]
    doubled = backwards[1::2].translate(DOUBLED)
    return (sum(plain) - _ZERO * len(plain) + sum(doubled)) % 10 == 0


def mod_97(text: bytes) -> int:
    """The number that upper-case letters and digits spell, modulo 97 (ISO/IEC 7064, MOD 97-10)."""
    return int(text.decode("ascii").translate(_LETTERS)) % 97
