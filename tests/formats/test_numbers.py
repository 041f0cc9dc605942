from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.formats import numbers
from zoneproxy.formats.document import Malformed


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        (b"0", b"0"),
        (b"-12", b"-12"),
        (b"4111111111111111", b"4111111111111111"),
        (b"4.111111111111111e15", b"4111111111111111"),
        (b"4.111111111111111E+15", b"4111111111111111"),
        (b"41111111111111110000e-4", b"4111111111111111"),
        (b"4111111111111111.000", b"4111111111111111"),
        (b"1.50", b"1.5"),
        (b"-1e-3", b"-0.001"),
        (b"1e3", b"1000"),
        (b"1e99999999", b"1e99999999"),
        (b"1e-999", b"1e-999"),
    ],
)
def test_numbers_of_json(written, plain):
    assert numbers.plain(written) == plain


def test_digits_are_never_lost():
    digits = b"12345678901234567890" * 50
    assert numbers.plain(digits) == digits
    assert numbers.plain(b"0." + digits + b"e400").startswith(b"1234567890")
    assert Decimal(numbers.plain(b"0." + digits).decode()) == Decimal((b"0." + digits).decode())


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_read_back(number):
    assert float(numbers.of_float(number)) == number
    assert b"e" not in numbers.of_float(number)


def test_floats_that_are_no_numbers():
    assert numbers.of_float(math.nan) == b"nan"
    assert numbers.of_float(-math.inf) == b"-inf"
    assert numbers.of_float(4111111111111111.0) == b"4111111111111111"


@given(st.integers())
def test_integers_of_any_size(number):
    magnitude = -1 - number if number < 0 else number
    written = magnitude.to_bytes((magnitude.bit_length() + 7) // 8 + 2)
    assert numbers.of_bytes(written, number < 0) == b"%d" % number


def test_integers_of_absurd_size():
    assert len(numbers.of_bytes(b"\xff" * numbers.MAX_BYTES, negative=False)) < 4300
    with pytest.raises(Malformed, match="number"):
        numbers.of_bytes(b"\xff" * (numbers.MAX_BYTES + 1), negative=False)


@given(st.integers(), st.sampled_from([2, 10]), st.integers(-400, 400))
def test_fractions(mantissa, base, exponent):
    text = numbers.of_fraction(mantissa, base, exponent)
    assert Fraction(text.decode()) == mantissa * Fraction(base) ** exponent
    assert not (b"." in text and text.endswith(b"0"))


def test_absurd_fractions_are_not_written_out():
    assert numbers.of_fraction(1, 10, 401) is None
    assert numbers.of_fraction(1, 2, -(10**30)) is None
    assert numbers.of_fraction(1 << 8 * numbers.MAX_BYTES, 10, 400) is None
