from __future__ import annotations

import pytest
from hypothesis import given

from tests.detect.samples import SSN, ssns
from zoneproxy.detect.patterns import compile_pattern
from zoneproxy.detect.us_ssn import US_SSN, is_issued

STRETCH = compile_pattern(US_SSN.stretch)
BARE = SSN.replace("-", "")


def hits(text: str) -> list[tuple[str, bool]]:
    data = text.encode()
    return [
        (data[hit.start : hit.end].decode(), hit.valid)
        for stretch in STRETCH.finditer(data)
        for hit in US_SSN.hits(data, stretch.start(), stretch.end())
    ]


@given(ssns())
def test_written_apart_it_stands_for_itself(number):
    digits = "".join(filter(str.isdigit, number))
    assert hits(f"x {number}, y") == ([(number, True)] if is_issued(digits.encode()) else [])


def test_digits_alone_are_doubtful():
    assert hits(f"x {BARE} y") == [(BARE, False)]


@pytest.mark.parametrize(
    "digits", ["000121234", "666121234", "900121234", "987654321", "123001234", "123450000", "078051120", "219099999"]
)
def test_never_issued(digits):
    assert not is_issued(digits.encode())
    assert hits(f"{digits[:3]}-{digits[3:5]}-{digits[5:]}") == []


@pytest.mark.parametrize(
    "text",
    [
        f"1{SSN}",
        f"{SSN}1",
        f"a{SSN}",
        f"{SSN}_",
        f"1-{SSN}",
        f"{SSN}-1",
        f"1.{BARE}",
        f"{BARE}.5",
        "456 78.9012",
        f"{SSN[:6]}{SSN[7:]}",
    ],
)
def test_within_something_longer(text):
    assert hits(text) == []


def test_one_does_not_hide_another():
    assert hits(f"123 4 {SSN} {SSN}") == [(SSN, True), (SSN, True)]
    assert hits(f"12345 {BARE}") == [(BARE, False)]
    assert hits(f"123 45 {BARE}") == [(BARE, False)]


def test_the_closer_look_of_stage_1():
    assert US_SSN.may_be(f"{SSN}7".encode())
    assert US_SSN.may_be(b"1ssn 22")
    assert not US_SSN.may_be(b"000-12-3456 ssn")
