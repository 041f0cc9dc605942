from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.config.scalars import plain_scalar


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("0", 0),
        ("-12", -12),
        ("+7", 7),
        ("010", 10),
        ("1.5", 1.5),
        (".5", 0.5),
        ("6e3", "6e3"),
        ("6.0e3", 6000.0),
    ],
)
def test_means_what_yaml_1_2_says(text: str, value: object) -> None:
    assert plain_scalar(text) == value
    assert type(plain_scalar(text)) is type(value)


@pytest.mark.parametrize(
    "text", ["yes", "no", "on", "off", "y", "12:30", "2026-12-01", "1_000", "0x1f", ".inf", ".nan"]
)
def test_words_stay_words(text: str) -> None:
    assert plain_scalar(text) == text


def test_numbers_beyond_64_bits_stay_text() -> None:
    assert plain_scalar("9" * 18) == 10**18 - 1
    assert plain_scalar("9" * 5000) == "9" * 5000


@given(st.text())
def test_never_fails_and_never_makes_infinity(text: str) -> None:
    value = plain_scalar(text)
    assert not isinstance(value, float) or math.isfinite(value)
