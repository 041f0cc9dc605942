from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.samples import CARD, cards, digits, luhn_digit, written_cards
from zoneproxy.detect.card_numbers import MAX_DIGITS, MIN_DIGITS, CardNumber, is_card, lengths_from

NUMBER = CardNumber()


@given(cards())
def test_issued_numbers_are_cards(number):
    assert is_card(number.encode()) or len(set(number)) == 1


@pytest.mark.parametrize(
    "number",
    [
        CARD[:-1] + "2",  # Luhn
        "0000" * 4,  # no issuer
        "4" * 13 if luhn_digit("4" * 12) == "4" else "4444" * 4,  # one digit all over
        "2024" + "000000000000",  # between the prefixes of Mastercard
        "9" + "0" * 14 + luhn_digit("9" + "0" * 14),
        "34" + "0" * 13 + luhn_digit("34" + "0" * 13),  # 16 digits of an issuer of 15
        "50" + "0" * 98,
    ],
)
def test_not_a_card(number):
    assert not is_card(number.encode())


def test_lengths_are_those_of_the_issuer():
    assert lengths_from(b"37", 0) == lengths_from(b"0000", 0) == 0
    assert lengths_from(b"x3700", 1) == 1 << 15
    assert lengths_from(b"5018", 0) == sum(1 << count for count in range(MIN_DIGITS, MAX_DIGITS + 1))


@given(written_cards(), st.sampled_from(["", " ", "x", '"', "8", "\x00"]))
def test_a_number_is_never_refuted(card, after):
    if len(set(card) - set(" .-")) > 1:
        window = (card + after).encode()
        assert NUMBER.begins(window, 0, len(card))
        assert NUMBER.begins(window, 0, len(window))


@given(digits(24), st.integers(0, 6), st.integers(6, 24))
def test_it_says_what_trying_each_length_would(text, start, end):
    numbers = (text[start : start + count] for count in range(MIN_DIGITS, end - start + 1))
    expected = any(
        lengths_from(number.encode(), 0) >> len(number) & 1
        and luhn_digit(number[:-1]) == number[-1]
        and (start + len(number) == end or int(text[start + len(number)]) % 2 == 0)
        for number in numbers
    )
    assert NUMBER.begins(text.encode(), start, end) is expected


def test_where_it_cannot_end():
    """Behind a number a digit can only be the length of what follows, which is even."""
    grouped = " ".join(CARD[at : at + 4] for at in range(0, 16, 4))
    for written in (CARD, grouped, "-".join(CARD)):
        for after, may in (("7", False), ("8", True), (" ", True), ("-", True), (".", True)):
            window = (written + after).encode()
            assert NUMBER.begins(window, 0, len(window)) is may
        assert NUMBER.begins((written + "7").encode(), 0, len(written))
        assert not NUMBER.begins(written.encode(), 0, len(written) - 1)


def test_what_runs_of_digits_are_asked_first():
    assert NUMBER.fewest == MIN_DIGITS
    assert [digit for digit in b"0123456789" if not NUMBER.firsts >> digit & 1] == [0x30, 0x37]
