"""National numbers of Europe: what makes one valid. Every function takes a value as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from zoneproxy.detect.check_digits import luhn
from zoneproxy.detect.declared import LongNumber
from zoneproxy.detect.weights import bare, has_date, is_date, mod_11_10, weighted

if TYPE_CHECKING:
    from mypy_extensions import i64

_NIF_LETTERS: Final = b"TRWAGMYFPDXBNJZSQVHLCKE"
_HETU_LETTERS: Final = b"0123456789ABCDEFHJKLMNPRSTUVWXY"
_NIE: Final = {0x58: b"0", 0x59: b"1", 0x5A: b"2"}  # X, Y, Z


def nino(written: bytes) -> bool:
    """UK: prefixes that are never given (HMRC, NIM39110)."""
    return bare(written)[:2].upper() not in (b"BG", b"GB", b"KN", b"NK", b"NT", b"TN", b"ZZ")


def nhs(written: bytes) -> bool:
    """UK health service: modulus 11."""
    digits = bare(written)
    check = -weighted(digits[:9], range(10, 1, -1)) % 11
    return check == digits[9] - 0x30 and len(set(digits)) > 1


def nif(written: bytes) -> bool:
    """Spain, DNI and NIE: the letter that the number modulo 23 stands for."""
    number = bare(written).upper()
    digits = _NIE.get(number[0], number[:1]) + number[1:8]
    return _NIF_LETTERS[int(digits) % 23] == number[8]


_NIR_BEHIND_MONTH: Final = 10**8  # department, place, and number of the birth


def nir(written: bytes) -> bool:
    """France: sex, month, and 97 less the number modulo 97. Corsica's departments are 2A and 2B."""
    number = bare(written)
    if not number.isdigit():
        number = number.upper().replace(b"2A", b"19").replace(b"2B", b"18")
    body, check = divmod(int(number), 100)
    return _is_nir_month(body // _NIR_BEHIND_MONTH % 100) and 97 - body % 97 == check


def _is_nir_month(month: i64) -> bool:
    return 1 <= month <= 12 or 20 <= month <= 42 or month >= 50


_NIR_DIGITS: Final = 15
_NIR_MONTH: Final = 5  # digits up to the end of it
_ZERO: Final = 0x30
_BLANK: Final = 0x20


class Nir(LongNumber):
    """As a type of numbers: month and check digits refute nearly all before anybody asks how they are written."""

    def begins(self, window: bytes, start: i64, end: i64) -> bool:
        """As any long number's, none of whose departments is Corsica's: those are no runs of digits."""
        number: i64 = 0
        count: i64 = 0
        at: i64
        for at in range(start, end):
            if window[at] >= _ZERO:
                number = 10 * number + window[at] - _ZERO
                count += 1
                if count == _NIR_MONTH and not _is_nir_month(number % 100):
                    return False
                if count == _NIR_DIGITS:
                    return 97 - number // 100 % 97 == number % 100 and super().begins(window, start, end)
            elif window[at] != _BLANK:
                return False
        return False


def pesel(written: bytes) -> bool:
    """Poland: a date whose month tells the century, and weights."""
    digits = bare(written)
    is_born = is_date(int(digits[:2]), int(digits[2:4]) % 20, int(digits[4:6]))
    return is_born and -weighted(digits[:10], (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)) % 10 == digits[10] - 0x30


def de_tax_id(written: bytes) -> bool:
    """Germany: ISO 7064 MOD 11,10; of the first ten digits one or two repeat."""
    digits = bare(written)
    return digits[:1] != b"0" and 7 <= len(set(digits[:10])) <= 9 and mod_11_10(digits)


_ID_WEIGHTS: Final = (7, 3, 1, 7, 3, 1, 7, 3, 1)


def de_id_card(written: bytes) -> bool:
    """Germany, identity card and passport: weights 7-3-1 over nine characters (ICAO 9303)."""
    values = [int(chr(byte), 36) for byte in written.upper()]
    return sum(value * weight for value, weight in zip(values[:9], _ID_WEIGHTS, strict=True)) % 10 == values[9]


_ODD: Final = dict(zip("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (
    *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21), *(1, 0, 5, 7, 9, 13, 15, 17, 19, 21),
    *(2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
), strict=True))  # fmt: skip


def codice_fiscale(written: bytes) -> bool:
    """Italy: a letter told by what stands at odd and at even places (D.M. 23 December 1976)."""
    text = written.decode().upper()
    even = sum(int(char) if char.isdigit() else ord(char) - 65 for char in text[1:15:2])
    return (sum(_ODD[char] for char in text[0:15:2]) + even) % 26 == ord(text[15]) - 65


def bsn(written: bytes) -> bool:
    """Netherlands: the eleven-test."""
    digits = bare(written).zfill(9)
    return weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1)) % 11 == 0 and len(set(digits)) > 1


def be_nrn(written: bytes) -> bool:
    """Belgium: a date, and 97 less the number modulo 97; a 2 stands before it for those born from 2000 on."""
    digits = bare(written)
    check = int(digits[9:])
    is_born = is_date(int(digits[:2]), int(digits[2:4]) % 20 or 1, int(digits[4:6]) or 1)
    return is_born and check in (97 - int(digits[:9]) % 97, 97 - int(b"2" + digits[:9]) % 97)


def personnummer(written: bytes) -> bool:
    """Sweden: a date (sixty days more for coordination numbers) and Luhn over the last ten digits."""
    digits = written.translate(None, b"-+ ")[-10:]
    day = int(digits[4:6])
    return is_date(int(digits[:2]), int(digits[2:4]), day - 60 if day > 60 else day) and luhn(digits)


def hetu(written: bytes) -> bool:
    """Finland: a date and modulo 31."""
    digits = written[:6] + written[7:10]
    return has_date(digits, "dmy") and _HETU_LETTERS[int(digits) % 31] == written[10:].upper()[0]


def cpr(written: bytes) -> bool:
    """Denmark: a date. Numbers given since 2007 have no check digit."""
    return has_date(bare(written), "dmy")


def ahv(written: bytes) -> bool:
    """Switzerland: 756, and the check digit of an EAN-13."""
    digits = bare(written)
    return digits.startswith(b"756") and weighted(digits, (1, 3) * 6 + (1,)) % 10 == 0


def pt_nif(written: bytes) -> bool:
    """Portugal: modulus 11."""
    digits = bare(written)
    check = 11 - weighted(digits[:8], range(9, 1, -1)) % 11
    return digits[8] - 0x30 == (0 if check > 9 else check) and digits[:1] in b"1 2 3 5 6 7 8 9".split()
