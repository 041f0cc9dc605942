from __future__ import annotations

import pytest

from zoneproxy.detect.phone import PHONE
from zoneproxy.detect.scanner import Scanner

SCANNER = Scanner(["PHONE"])


def found(text: str) -> list[str]:
    data = text.encode()
    return [data[hit.start : hit.end].decode() for hit in SCANNER.scan(data) if hit.confidence >= 0.5]


@pytest.mark.parametrize(
    "number",
    [
        "+49 151 52141821",
        "+442079460123",
        "(303) 867-5309",
        "303-867-5309",
        "303.867.5309",
        "1 800 867 5309",
        "303-867-5309x12",
    ],
)
def test_numbers_that_stand_for_themselves(number):
    assert found(f"at {number}, or") == [number]


@pytest.mark.parametrize("number", ["030 123456", "60-56-85-91", "0341 8387176", "01.84.17.61.18", "3660170548"])
def test_numbers_that_need_a_word(number):
    assert found(number) == []
    assert found(f"phone: {number}") == [number]


@pytest.mark.parametrize(
    "text",
    [
        "123-456-7890-A", "SKU-303-8675309", "order 303-867-5309",
        "tel 2026-11-22", "tel 1790000000000", "tel 20261122",
        "phone, ssn 123-45-6789", "1.2.3-rc.1+12345678", "a303-867-5309", "303-867-53091", "+1111111111", "tel 12345",
    ],
)  # fmt: skip
def test_no_numbers(text):
    assert found(text) == []


def test_the_closer_look():
    assert PHONE.may_be(b"+49 1")
    assert not PHONE.may_be(b'phone": "none", "x')
    assert PHONE.may_be(b'phone": "030 123456"')
