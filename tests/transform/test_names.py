from __future__ import annotations

import pytest

from zoneproxy.transform.names import normal_name


@pytest.mark.parametrize(
    "name",
    [
        "cardNumber",
        "card_number",
        "CARD-NUMBER",
        "Card Number",
        "card.number",
        "@cardNumber",
        "\uff43\uff41\uff52\uff44\uff3fnumber",
        "card\u200bnumber",
        "card\ufe0fnum\u034fber",
        "card\u2013number",
        "card\tnumber\0",
        "card\u3164number",
    ],
)
def test_one_name_as_people_write_it(name):
    assert normal_name(name.encode()) == b"cardnumber"


def test_other_names_are_others():
    assert normal_name("prénom".encode()) == "prénom".encode()
    assert normal_name("PRE\u0301NOM".encode()) == "prénom".encode()
    assert normal_name("straße".encode()) == normal_name(b"STRASSE") == b"strasse"
    assert normal_name(b"cvv2") != normal_name(b"cvv")
    assert normal_name(b"\xff") == "\ufffd".encode()
