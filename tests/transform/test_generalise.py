from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transform.changes import make
from zoneproxy.policy.transforms import Unit


def generalise(text: str, **options) -> str:
    return make("generalise", **options).text(text.encode()).decode()


@pytest.mark.parametrize(
    ("text", "step", "expected"),
    [
        ("37", "10", "30"),
        ("30", "10", "30"),
        ("-3", "10", "-10"),
        ("0", "10", "0"),
        ("-0.0", "10", "0"),
        ("37.5", "10", "30"),
        ("1.37", "0.5", "1.0"),
        ("1.2e3", "500", "1000"),
        ("123456789012345678901234567890", "1000", "123456789012345678901234567000"),
        (" 37 ", "10", "30"),
        ("1e99", "10", "1" + "0" * 99),
        ("1e-99", "10", "0"),
        ("1e100", "10", "****"),
        ("9" * 41, "10", "****"),
        ("1,000", "10", "****"),
        ("37 years", "10", "****"),
        ("NaN", "10", "****"),
        ("", "10", "****"),
    ],
)
def test_numbers(text, step, expected):
    assert generalise(text, step=step) == expected


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**6))
def test_whole_numbers_are_exact(number, step):
    assert int(generalise(str(number), step=str(step))) == number // step * step


@given(st.decimals(-(10**9), 10**9, places=3), st.sampled_from(["0.25", "10", "2.5"]))
def test_a_multiple_of_the_step_not_above(number, step):
    after = Decimal(generalise(f"{number:f}", step=step))
    assert after <= number < after + Decimal(step)
    assert math.isclose(after % Decimal(step), 0)


def test_numbers_of_json_stay_numbers():
    change = make("generalise", step="10")
    assert change.value(b"37") == b"30"
    assert change.value(b'"37"') == b'"30"'
    assert change.value(b"1e200") == b'"****"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SW1A 1AA", "SW1"),
        ("s-w 1A", "s-w 1"),
        ("90210", "902"),
        ("〒100-0001", "〒10"),
        ("ABC", "****"),
        ("A-B-C-", "****"),
        ("", "****"),
    ],
)
def test_postcodes(text, expected):
    assert generalise(text, keep_first=3) == expected


def test_a_postcode_is_no_number():
    assert make("generalise", keep_first=3).value(b"90210") == b'"902"'


def test_dates_and_networks():
    assert generalise("2024-03-17", to=Unit.YEAR) == "2024-01-01"
    assert generalise("soon", to=Unit.YEAR) == "****"
    assert generalise("-" + "9" * 11, to=Unit.YEAR) == "****"
    assert generalise("192.0.2.77", to=Unit.NETWORK) == "192.0.2.0/24"
    assert generalise("192.0.2.77", to=Unit.NETWORK, bits_v4=8) == "192.0.0.0/8"
    assert generalise("home", to=Unit.NETWORK) == "****"
