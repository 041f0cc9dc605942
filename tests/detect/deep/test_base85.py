from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.detect.deep.base85 import ALPHABETS
from zoneproxy.detect.patterns import compile_pattern

SECRET = b"4111111111111111"
TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=16, max_size=40).map(str.encode)


def read(text):
    found = []
    for alphabet in ALPHABETS:
        pieces = list(alphabet.pieces(text))
        assert not pieces or compile_pattern(alphabet.shape).search(text)
        found += [(piece.start, piece.end, piece.says) for piece in pieces]
    return found


@given(TEXT)
def test_text_in_either_alphabet_is_read(text):
    assert any(text in says for _, _, says in read(base64.b85encode(text)))
    assert any(text in says for _, _, says in read(base64.a85encode(text, adobe=True)))
    assert any(text in says for _, _, says in read(b"x " + base64.a85encode(text) + b" y"))


def test_the_run_is_whole():
    written = base64.b85encode(SECRET)
    (found,) = [each for each in read(b'{"a":"' + written + b'"}') if SECRET in each[2]]
    assert found[:2] == (6, 6 + len(written))


def test_groups_that_there_are_not_end_a_run():
    written = base64.b85encode(SECRET) + b"~~~~~"
    assert any(SECRET in says for _, _, says in read(written))


@pytest.mark.parametrize("text", [b"", b'{"id":"8da8c1ab-77b8-4201-9802-900a3777fe9d"}', b"COMPLETED", b"9" * 60])
def test_other_text_says_nothing(text):
    assert read(text) == []
