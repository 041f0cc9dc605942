"""Numbers in plain decimal: ``4.111111111111111e15`` says what ``4111111111111111`` says."""

from __future__ import annotations

from decimal import Decimal

from zoneproxy.formats.document import Malformed

_LONGEST_EXPONENT = 4  # digits, with its sign
_MOST_ZEROS = 400  # that writing an exponent out may take; a 64-bit float goes up to 308
MAX_BYTES = 1700  # of an integer: what Python writes out (4300 digits) without being asked twice


def plain(number: bytes) -> bytes:
    """A number of JSON in plain decimal; as it is written if that would be absurdly long."""
    if number.isdigit():
        return number
    _, exponent_mark, exponent = number.lower().partition(b"e")
    if len(exponent) > _LONGEST_EXPONENT or (exponent_mark and abs(int(exponent)) > _MOST_ZEROS):
        return number
    return of_decimal(Decimal(number.decode()))


def of_decimal(number: Decimal) -> bytes:
    """``number``, which is finite and has no large exponent, without an exponent or zeros at its end."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.encode()


def of_float(number: float) -> bytes:
    """The shortest number that is read as ``number``; ``nan`` or ``inf`` as they are called."""
    text = repr(number)
    return of_decimal(Decimal(text)) if text[-1].isdigit() else text.encode()


def of_bytes(number: bytes, negative: bool) -> bytes:
    """An integer of any size (RFC 8949, 3.4.3): big-endian, and -1 minus that if ``negative``. Raises Malformed."""
    number = number.lstrip(b"\0")
    if len(number) > MAX_BYTES:
        raise Malformed("number")
    magnitude = int.from_bytes(number)
    return b"%d" % (-1 - magnitude if negative else magnitude)


def of_fraction(mantissa: int, base: int, exponent: int) -> bytes | None:
    """``mantissa`` times ``base`` (2 or 10) to the power of ``exponent``; None if that is absurdly long."""
    if abs(exponent) > _MOST_ZEROS:
        return None
    places = max(0, -exponent)
    if exponent >= 0:
        mantissa *= base**exponent
    elif base == _BINARY:
        mantissa *= 5**places  # a half is five tenths
    try:
        digits = b"%d" % abs(mantissa)
    except ValueError:  # more than Python writes out
        return None
    digits = digits.rjust(places + 1, b"0")
    whole, fraction = digits[: len(digits) - places], digits[len(digits) - places :].rstrip(b"0")
    return (b"-" if mantissa < 0 else b"") + whole + (b"." + fraction if fraction else b"")


_BINARY = 2
