from __future__ import annotations

import pytest

from zoneproxy.detect.deep.pieces import View
from zoneproxy.detect.deep.siblings import SHAPE, pieces
from zoneproxy.detect.patterns import compile_pattern


def read(text: bytes) -> bytes:
    found = sorted(pieces(text))
    assert not found or compile_pattern(SHAPE).search(text)
    return View(text, found).text


@pytest.mark.parametrize(
    "text",
    [
        b'{"pan1":"4111","pan2":"1111","pan3":"11111111"}',
        b'{"pan1": 4111 , "pan2": 1111, "pan3": "11111111"}',
        b'{"x":{"card_a":"4111","card_b":"1111","card_c":"11111111"}}',
        b'{"cardA":"4111","cardB":"1111","cardC":"11111111"}',
        b'["4111","1111","1111","1111"]',
        b'{"parts": [ "4111", "1111",\n "1111", "1111" ]}',
    ],
)
def test_neighbours_are_read_as_one(text):
    assert b"4111111111111111" in read(text)


@pytest.mark.parametrize(
    "text",
    [
        b'{"pan":"4111","cvv":"1111"}',
        b'{"a1":"4111","x":1,"a2":"1111"}',
        b"[4111,1111,1111,1111]",
        b'{"a1":4.5,"a2":4.5}',
        b'{"a":"x","b":"y","c":["z"]}',
        b'["a",1,"b"]',
        b'"pan1":"4111","pan2":"1111"',
        b"plain text",
    ],
)
def test_others_are_not(text):
    assert read(text) == text
