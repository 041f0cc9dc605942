from __future__ import annotations

import re
import unicodedata

import pytest

from zoneproxy.detect.deep.lookalikes import shape, table


@pytest.mark.parametrize(
    ("char", "plain"),
    [
        ("\uff11", "1"),
        ("\u0663", "3"),
        ("\U0001d7d8", "0"),
        ("\u096f", "9"),
        ("\u00b2", "2"),
        ("\u2460", "1"),
        ("\uff21", "A"),
        ("\uff20", "@"),
        ("\u0430", "a"), ("\u0415", "E"), ("\u03bf", "o"), ("\u3002", "."), ("\uff0e", "."),
        ("\xa0", " "), ("\u2003", " "), ("\u2013", "-"), ("\u2212", "-"),
        ("\u200b", ""), ("\u200d", ""), ("\u2060", ""), ("\ufeff", ""), ("\xad", ""), ("\u0301", ""), ("\u202e", ""),
        ("\ufe0f", ""), ("\U000e0041", ""),
    ],
)  # fmt: skip
def test_what_characters_are_taken_for(char, plain):
    assert table()[char.encode()] == plain.encode()
    assert re.search(shape(), b"." + char.encode())


@pytest.mark.parametrize(
    "char", ["\u00fc", "\u00e9", "\u00df", "\u0436", "\u4e2d", "\u20ac", "\ud55c", "\u00bd", "\u2028"]
)
def test_other_characters_stand_for_themselves(char):
    assert char.encode() not in table()


def test_all_decimal_digits_are_known():
    digits = {chr(code) for code in range(0x80, 0x20000) if unicodedata.category(chr(code)) == "Nd"}
    assert all(table()[char.encode()] == b"%d" % unicodedata.decimal(char) for char in digits)


def test_only_ascii_comes_out():
    assert all(plain.isascii() for plain in table().values())
