from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.samples import IBAN as NUMBER
from tests.detect.samples import iban_of, ibans
from zoneproxy.detect.iban import IBAN, LENGTHS
from zoneproxy.detect.patterns import compile_pattern

STRETCH = compile_pattern(IBAN.stretch)


def hits(text: str) -> list[str]:
    data = text.encode()
    return [
        data[hit.start : hit.end].decode()
        for stretch in STRETCH.finditer(data)
        for hit in IBAN.hits(data, stretch.start(), stretch.end())
    ]


@given(ibans(), st.sampled_from(["", "IBAN ", ":", "é"]), st.sampled_from(["", " NEXT", ".", "\n", " 5"]))
def test_numbers_of_all_countries(number, before, after):
    assert hits(before + number + after) == [number]


@given(ibans())
def test_lower_case(number):
    account = number.replace(" ", "").replace("-", "")[4:]
    could_be_hexadecimal = set(number[:2]) <= set("ABCDEF") and not account[:8].isdigit()
    assert hits(number.lower()) == ([] if could_be_hexadecimal else [number.lower()])


@pytest.mark.parametrize(
    "text",
    [
        NUMBER[:-1] + "1",
        NUMBER[:-1],
        NUMBER + "0",
        "X" + NUMBER,
        "1" + NUMBER,
        NUMBER[:12] + "  " + NUMBER[12:],
        NUMBER[:1] + NUMBER[1:].lower(),
        "ZZ89370400440532013000",
        "GB82west12345698765432",
    ],
)
def test_not_a_number(text):
    assert hits(text) == []


def test_two_in_one_line():
    other = iban_of("NL", "ABNA" + "0417164300")
    assert hits(f"{NUMBER} {other}") == [NUMBER, other]


def test_lengths_are_those_of_iso_13616():
    assert all(15 <= length <= 33 for length in LENGTHS.values())
    assert (LENGTHS["NO"], LENGTHS["DE"], LENGTHS["MT"]) == (15, 22, 31)


@given(ibans(), st.sampled_from(["", "1", "A", " 5", "\n"]))
def test_the_closer_look_of_stage_1(number, after):
    assert IBAN.may_be((number + after).encode())
    assert not IBAN.may_be((number[:-1] + ("1" if number[-1] == "0" else "0")).encode())
