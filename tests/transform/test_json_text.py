from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.transform.json_text import NotJson, check_utf_8, decode_string, encode_string, is_number


@given(st.text())
def test_what_is_said_is_written_and_read(text):
    said = text.encode()
    assert json.loads(encode_string(said)) == text
    assert decode_string(encode_string(said)) == said
    for ensure_ascii in (True, False):
        assert decode_string(json.dumps(text, ensure_ascii=ensure_ascii).encode()) == said


def test_lone_surrogates():
    said = decode_string(rb'"\ud800\u00e9"')
    assert said == "\ud800é".encode(errors="surrogatepass")
    assert json.loads(encode_string(said)) == "\ud800é"


def test_plain_text_is_written_as_it_is():
    assert encode_string(b"abc/\x7f") == b'"abc/\x7f"'
    assert encode_string("é".encode()) == '"é"'.encode()


@pytest.mark.parametrize("text", ["0", "-1", "1.50", "1e5", "-0.1E-3", "123456789012345678901234567890"])
def test_numbers(text):
    assert is_number(text.encode())


@pytest.mark.parametrize("text", ["", "01", "+1", "1.", ".5", "1e", "0x1", "1 ", " 1", "NaN", "-", "1\n"])
def test_no_numbers(text):
    assert not is_number(text.encode())


def test_utf_8():
    check_utf_8("é中".encode())
    for text in (b"\xff", b"\xed\xa0\x80", b"\xc0\x80", "é".encode()[:1]):
        with pytest.raises(NotJson):
            check_utf_8(text)
