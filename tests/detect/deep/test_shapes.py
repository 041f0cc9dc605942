from __future__ import annotations

import base64
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.detect.deep.shapes import (
    MAGICS,
    NUL,
    PRINTABLE,
    base_32,
    base_64,
    hexadecimal,
    just,
    one_of,
    raw,
    worth_decoding,
)

TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=9, max_size=9).map(str.encode)


@given(TEXT)
def test_text_looks_like_coded_text(text):
    assert re.match(base_64([PRINTABLE] * 9), base64.b64encode(text))
    assert re.match(base_64([PRINTABLE] * 9), base64.urlsafe_b64encode(text))
    assert re.match(base_64([PRINTABLE] * 7), base64.b64encode(text))
    assert re.match(base_32([PRINTABLE] * 9), base64.b32encode(text))
    assert re.match(base_32([PRINTABLE] * 6), base64.b32encode(text).lower())
    assert re.match(hexadecimal([PRINTABLE] * 9), text.hex().encode())
    assert re.match(hexadecimal([PRINTABLE] * 9), text.hex().upper().encode())
    assert re.match(raw([PRINTABLE] * 9), text)


@given(st.binary(min_size=9, max_size=9).filter(lambda data: any(byte > 0x7E or byte < 0x20 for byte in data[:8])))
def test_what_is_no_text_mostly_does_not(data):
    assert not re.match(hexadecimal([PRINTABLE] * 9), data.hex().encode())
    assert not re.match(base_64([PRINTABLE] * 3), base64.b64encode(bytes([0x80, 0x80, 0x80])))
    assert not re.match(base_32([PRINTABLE] * 5), base64.b32encode(bytes(5)))


def test_wide_text_and_magics_are_worth_decoding():
    wide = "card".encode("utf-16-le")
    assert re.match(base_64([PRINTABLE, NUL] * 4), base64.b64encode(wide))
    patterns = [re.compile(base_64(kinds)) for kinds in worth_decoding(6, 3)]
    for data in (b"printed!", wide, "card".encode("utf-16-be"), "\uff11\uff12\uff13\uff14".encode()):
        for ahead in range(3):
            assert any(pattern.search(base64.b64encode(b"\x80" * ahead + data)) for pattern in patterns)
    for magic in MAGICS:
        data = bytes(map(min, magic)) + b"\xff" * 8
        assert any(pattern.match(base64.b64encode(data)) for pattern in patterns)


def test_classes_and_literals():
    assert re.fullmatch(one_of(b"]-^\\"), b"\\")
    assert re.fullmatch(raw(just(b"\x1f\x8b")), b"\x1f\x8b")
    assert not re.fullmatch(hexadecimal(just(b"\x1f")), b"f1")


@pytest.mark.parametrize("group", [1, 3, 5])
def test_digits_of_full_width_are_looked_for_from_each_byte_of_a_group(group):
    digits = "\uff14\uff11\uff11\uff11\uff11\uff11".encode()
    for start in range(3 if group > 1 else 1):
        assert any(re.match(raw(kinds), digits[start:]) for kinds in worth_decoding(6, group))
