from __future__ import annotations

import pytest

from zoneproxy.detect.weights import bare, has_date, is_date, luhn_valid, mod_11_10, verhoeff, weighted


def test_separators_go():
    assert bare(b"1 2.3-4/5") == b"12345"


def test_sums():
    assert weighted(b"123", (1, 10, 100)) == 321


def test_luhn():
    assert luhn_valid(b"4111 1111 1111 1111")
    assert not luhn_valid(b"0000")


@pytest.mark.parametrize(
    ("year", "month", "day", "right"),
    [(0, 2, 29, True), (4, 2, 29, True), (5, 2, 29, False), (1, 4, 31, False), (1, 13, 1, False), (1, 1, 0, False)],
)
def test_dates(year, month, day, right):
    assert is_date(year, month, day) is right


def test_dates_in_numbers():
    assert has_date(b"991231")
    assert has_date(b"311299", "dmy")
    assert not has_date(b"311299")


def test_iso_7064():
    assert mod_11_10(b"07945")
    assert not mod_11_10(b"07946")


def test_verhoeff():
    assert verhoeff(b"2363")
    assert not verhoeff(b"2364")
    assert not verhoeff(b"3263")
