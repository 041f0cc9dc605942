"""National numbers of other continents: what makes one valid. Every function takes a value as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from zoneproxy.detect.check_digits import luhn
from zoneproxy.detect.weights import bare, has_date, is_date, luhn_valid, verhoeff, weighted

if TYPE_CHECKING:
    from mypy_extensions import i64


def itin(written: bytes) -> bool:
    """US taxpayers without a social security number: a 9, and groups that are given (IRS)."""
    group = int(bare(written)[3:5])
    return 50 <= group <= 65 or 70 <= group <= 88 or 90 <= group <= 92 or 94 <= group <= 99


def aba(written: bytes) -> bool:
    """US banks: a prefix of the Federal Reserve's, and weights 3-7-1."""
    digits = bare(written)
    prefix = int(digits[:2])
    is_given = prefix <= 12 or 21 <= prefix <= 32 or 61 <= prefix <= 72 or prefix == 80
    return is_given and weighted(digits, (3, 7, 1) * 3) % 10 == 0 and len(set(digits)) > 1


def npi(written: bytes) -> bool:
    """US health care providers: Luhn behind 80840."""
    return luhn(b"80840" + written)


def dea(written: bytes) -> bool:
    """US prescribers: the second, fourth and sixth digit count twice."""
    digits = written[2:]
    return weighted(digits[:6], (1, 2, 1, 2, 1, 2)) % 10 == digits[6] - 0x30


def sin(written: bytes) -> bool:
    """Canada: Luhn; nobody's begins with 0 or 8."""
    return luhn_valid(written) and written[:1] not in (b"0", b"8")


def _two_digits(digits: bytes, body: int, weights: tuple[range | tuple[int, ...], ...]) -> bool:
    for place, by in enumerate(weights, body):
        check = 11 - weighted(digits[:place], tuple(by)) % 11
        if digits[place] - 0x30 != (0 if check > 9 else check):
            return False
    return len(set(digits)) > 1


def cpf(written: bytes) -> bool:
    """Brazil, persons: two check digits, modulus 11."""
    return _two_digits(bare(written), 9, (range(10, 1, -1), range(11, 1, -1)))


def cnpj(written: bytes) -> bool:
    """Brazil, companies: two check digits, modulus 11."""
    first = (5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2)
    return _two_digits(bare(written), 12, (first, (6, *first)))


_CURP: Final = {char: value for value, char in enumerate("0123456789ABCDEFGHIJKLMN\u00d1OPQRSTUVWXYZ")}


def curp(written: bytes) -> bool:
    """Mexico: a date, and weights from 18 down."""
    text = written.decode().upper()
    total = sum(_CURP[char] * (18 - place) for place, char in enumerate(text[:17]))
    return has_date(written[4:10]) and str(-total % 10) == text[17]


def aadhaar(written: bytes) -> bool:
    """India: Verhoeff; nobody's begins with 0 or 1, none is a palindrome."""
    digits = bare(written)
    return verhoeff(digits) and digits != digits[::-1]


def tfn(written: bytes) -> bool:
    """Australia, tax: weights, modulus 11."""
    digits = bare(written)
    return weighted(digits, (1, 4, 3, 7, 5, 8, 6, 9, 10)) % 11 == 0 and len(set(digits)) > 1


def medicare(written: bytes) -> bool:
    """Australia, health insurance: weights, modulus 10, in the ninth place."""
    digits = bare(written)
    return weighted(digits[:8], (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == digits[8] - 0x30


def rrn(written: bytes) -> bool:
    """South Korea: a date. The check digit was given up in October 2020."""
    return has_date(bare(written))


_RIC_CHECKS: Final = b"10X98765432"


def ric(written: bytes) -> bool:
    """China: a date, and ISO 7064 MOD 11-2 (GB 11643)."""
    number = written.upper()
    is_born = is_date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return is_born and number[:1] != b"0" and _RIC_CHECKS[weighted(number[:17], weights) % 11] == number[17]


_NRIC_CHECKS: Final = {b"S": b"JZIHGFEDCBA", b"T": b"JZIHGFEDCBA", b"F": b"XWUTRQPNMLK", b"G": b"XWUTRQPNMLK"}


def nric(written: bytes) -> bool:
    """Singapore: weights, modulus 11, a letter."""
    number = written.upper()
    series = number[:1]
    total = weighted(number[1:8], (2, 7, 6, 5, 4, 3, 2)) + (4 if series in (b"T", b"G") else 0)
    return _NRIC_CHECKS[series][total % 11] == number[8]


def za_id(written: bytes) -> bool:
    """South Africa: a date, citizenship 0 to 2, Luhn."""
    digits = bare(written)
    return has_date(digits) and digits[10:11] in (b"0", b"1", b"2") and luhn(digits)


_VIN_VALUES: Final = bytes.maketrans(
    b"ABCDEFGHJKLMNPRSTUVWXYZ0123456789", bytes((*range(1, 9), *range(1, 6), 7, 9, *range(2, 10), *range(10)))
)
_VIN_WEIGHTS: Final = bytes((8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2))
_VIN_CHECK: Final = b"0123456789X"
_VIN_CHECK_AT: Final = 8


def vin(written: bytes) -> bool:
    """Vehicles (ISO 3779; the check digit of 49 CFR 565): letters and digits both, and a serial number in the end."""
    if written.isdigit() or written.isalpha():
        return False
    text = written.upper()
    total: i64 = 0
    at: i64
    for at in range(len(_VIN_WEIGHTS)):
        total += _VIN_VALUES[text[at]] * _VIN_WEIGHTS[at]
    return text[_VIN_CHECK_AT] == _VIN_CHECK[total % 11]


def imei(written: bytes) -> bool:
    """Mobile devices (3GPP TS 23.003): Luhn."""
    return luhn_valid(written)
