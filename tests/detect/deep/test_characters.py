from __future__ import annotations

import html
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.detect.deep.characters import pieces, shape
from zoneproxy.detect.deep.pieces import View
from zoneproxy.detect.patterns import compile_pattern


def read(text: str | bytes) -> str:
    data = text if isinstance(text, bytes) else text.encode()
    return View(data, list(pieces(data))).text.decode(errors="replace")


@pytest.mark.parametrize(
    ("written", "says"),
    [
        (r"\u0034\u0031", "41"), (r"\x34\x31", "41"), (r"\u{34}\U00000031", "41"), (r"\064\061", "41"),
        ("%34%31", "41"), ("%u0034", "4"), ("%2534", "%34"), ("&#52;&#x31;", "41"), ("&#052", "4"), ("&commat;", "@"),
        (r"\ud83d\ude00", "\U0001f600"), (r"a\"b\\c\/d\ne", 'a"b\\c/d\ne'), ("\uff14\uff11", "41"), ("4\u200b1", "41"),
        ("%b4", "\ufffd"), ("&nosuch;", "&nosuch;"), ("&#99999999;", "&#99999999;"), ("&#1114112;", "&#1114112;"),
        ("m\u00fcller", "m\u00fcller"),
        (b"4\xa01", "4 1"),
        (b"4\xad1", "41"),
        (r"\q", r"\q"),
        ("100%", "100%"),
        ("%%20", "% "),
    ],
)  # fmt: skip
def test_what_characters_stand_for(written, says):
    assert read(written) == says


def test_an_escaped_escape_is_undone_once():
    assert read(r"\\u0034") == r"\u0034"
    assert read("&amp;#52;") == "&#52;"


@given(st.text(max_size=20))
def test_the_ways_of_others_are_undone(text):
    plain = "".join(char for char in text if char.isascii() and char.isalnum())
    assert read(urllib.parse.quote(plain + " @", safe="")) == plain + " @"
    assert read(html.escape(plain + "<&>")) == plain + "<&>"


@given(st.binary(max_size=30))
def test_the_pattern_matches_wherever_something_else_than_short_escapes_is_found(data):
    for written in (data, b"%" + data, b"\\u00" + data, b"&#" + data):
        found = [piece for piece in pieces(written) if written[piece.start : piece.end] not in (b'\\"', b"\\b", b"\\f")]
        assert not found or compile_pattern(shape()).search(written)
