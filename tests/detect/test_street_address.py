from __future__ import annotations

import json

import pytest

from zoneproxy.detect.scanner import Scanner
from zoneproxy.detect.street_address import STREET_ADDRESS

SCANNER = Scanner(["STREET_ADDRESS"])


def found(text: str) -> list[str]:
    data = text.encode()
    hits = SCANNER.scan(data)
    assert not hits or SCANNER.suspicious(data)
    return [data[hit.start : hit.end].decode() for hit in hits if hit.confidence >= 0.5]


ADDRESSES = [
    "1600 Pennsylvania Avenue",
    "221B Baker Street",
    "350 5th Ave",
    "12 N. Main St",
    "4573 Hickory Boulevard",
    "10 DOWNING STREET",
    "12 O'Connell Street, Apt. 4b",
    "77 Massachusetts Ave Suite 500",
    "10-12 Rose Gardens",
    "56 rue La Boétie",
    "3 bis, avenue de la République",
    "12 Allée des Érables",
    "Augsburger Straße 36",
    "Hauptstr. 5",
    "Am Alten Weg 7 b",
    "Kerkstraat 12a",
    "Drottninggatan 71",
    "Calle Mayor 5",
    "Avenida de la Constitución, 20",
    "Via Giuseppe Verdi 10",
    "Rua João Pessoa 1636",
    "ul. Biskupa Bogedaina 118",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_next_to_a_word(address: str) -> None:
    assert found(f"Address: {address}, Springfield") == [address]
    assert found(json.dumps({"shipTo": {"street": address}, "n": 1}, ensure_ascii=False)) == [address]
    assert found(f"at {address}, Springfield") == []


def test_escapes_and_names_of_several_words() -> None:
    assert SCANNER.scan(json.dumps({"streetAddress": "Augsburger Straße 36"}).encode())
    for name in ("billing_address", "homeAddress", "homeaddress", "street", "addressline"):
        assert found(f'{{"{name}":"12 Main St"}}') == ["12 Main St"]


@pytest.mark.parametrize(
    "text",
    [
        "address: 10.0.0.1",
        "address: ann@example.com",
        "address: 0x12 Main",
        "ip address 10.1.2.3 in 5 Minutes",
        "address: the 3 best streets",
        "address: 12 main st",  # nothing tells it from any other words
        "address: 100 Items",
        "address: 12 Stores",
        "address: Version 5",
        "street: 5 Guys",
        "address: Building 12",
    ],
)
def test_no_addresses(text: str) -> None:
    assert found(text) == []


def test_the_closer_look() -> None:
    assert STREET_ADDRESS.may_be(b'address":"12 Main St"}')
    assert not STREET_ADDRESS.may_be(b'address":"10.0.0.1","x":"y"}')
    assert not STREET_ADDRESS.may_be(b'address":"ann@example.com","x":"y"}')


def test_stage_one_looks_for_what_all_words_have_in_them() -> None:
    for word in STREET_ADDRESS.words:
        assert SCANNER.suspicious(f'{{"{word}":"12 Main St"}}'.encode())
        assert STREET_ADDRESS.may_be(f'{word}":"12 Main St"}}'.encode())
