from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.detect.samples import AMEX, CARD, IBAN, iban_of, luhn_digit
from zoneproxy.detect.check_digits import luhn, mod_97


def test_known_numbers():
    assert luhn(CARD.encode())
    assert luhn(AMEX.encode())
    assert not luhn((CARD[:-1] + "2").encode())
    assert mod_97((IBAN[4:] + IBAN[:4]).encode()) == 1


@given(st.text("0123456789", min_size=1, max_size=30))
def test_exactly_one_last_digit_is_right(body):
    right = [digit for digit in "0123456789" if luhn((body + digit).encode())]
    assert right == [luhn_digit(body)]


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=11, max_size=30))
def test_mod_97_agrees_with_plain_arithmetic(account):
    number = iban_of("GB", account)
    assert mod_97((number[4:] + number[:4]).encode()) == 1
