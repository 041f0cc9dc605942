from __future__ import annotations

import pytest

from zoneproxy.detect.crypto_address import CRYPTO_ADDRESS, is_address, may_be
from zoneproxy.detect.patterns import compile_pattern

# Of the first block; of BIP 173; of EIP 55.
ADDRESSES = [
    b"1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
    b"3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy",
    b"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
    b"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses(address):
    assert is_address(address)
    assert not is_address(b"0x" + b"0" * 40)
    match = compile_pattern(CRYPTO_ADDRESS.shape).search(b"x: " + address + b"z")
    assert CRYPTO_ADDRESS.may_be((b"x: " + address + b"z")[match.start() :])


@pytest.mark.parametrize("address", ADDRESSES[:3])
def test_one_character_wrong(address):
    wrong = address[:-1] + (b"q" if address[-1:] != b"q" else b"p")
    assert not is_address(wrong)


def test_what_is_too_short():
    assert not is_address(b"1" + b"2" * 25)
    assert not CRYPTO_ADDRESS.may_be(b" 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb ")


def test_what_begins_like_a_hexadecimal_id_is_passed_over_by_both_stages():
    for text in (b"1a2b3c4d5" + b"Z" * 20, b"bc1" + b"02" * 20):
        assert not is_address(text)
        assert not may_be(text)


def test_stage_1_adds_up_wherever_an_address_may_end():
    address = ADDRESSES[2]
    for text in (address, address + b"qq", address.upper() + b" and more"):
        assert may_be(text)
    assert not may_be(address[:-1] + b"q and more")
    assert not may_be(address[:-1])


def test_stage_1_passes_over_what_is_mostly_one_digit():
    assert may_be(b"x" + b"12345" * 8)
    assert not may_be(b"x" + b"1234" * 10)
