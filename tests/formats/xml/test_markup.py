from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.formats.document import CannotChange, Malformed
from zoneproxy.formats.xml.markup import Place, said, written

EVERYWHERE = [Place.TEXT, Place.ATTRIBUTE]


@pytest.mark.parametrize("place", EVERYWHERE)
@pytest.mark.parametrize(
    ("markup", "text"),
    [
        (b"plain", b"plain"),
        (b"&#52;&#x31;&#00000000049;&#x0031;", b"4111"),
        (b"&lt;&gt;&amp;&quot;&apos;", b"<>&\"'"),
        (b"&#x1F600;&#xe9;", "😀é".encode()),
        (b"&unknown;", b"&unknown;"),
    ],
)
def test_references(place, markup, text):
    assert said(markup, place) == text


@pytest.mark.parametrize("place", [Place.CDATA, Place.COMMENT, Place.INSTRUCTION, Place.NAME])
def test_elsewhere_nothing_stands_for_anything_else(place):
    assert said(b"&#52;", place) == b"&#52;"


@pytest.mark.parametrize("markup", [b"&#9999999;", b"&#xd800;", b"&#xffffff;"])
def test_characters_that_there_are_not(markup):
    with pytest.raises(Malformed, match="xml"):
        said(markup, Place.TEXT)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cn"]), max_size=20), st.sampled_from(EVERYWHERE))
def test_what_is_written_is_read_again(text, place):
    markup = written(text.encode(), place)
    assert said(markup, place) == text.encode()
    assert not set(b"<\"'" if place is Place.ATTRIBUTE else b"<") & set(markup)


def test_white_space_survives_in_attributes():
    assert written(b"a\n\tb\r", Place.ATTRIBUTE) == b"a&#10;&#9;b&#13;"
    assert written(b"a\n\tb\r", Place.TEXT) == b"a\n\tb&#13;"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        *((b"\xff", place) for place in Place),
        *((b"\x01", place) for place in Place),
        (b"name", Place.NAME),
        (b"a]]>b", Place.CDATA),
        (b"a]", Place.CDATA),
        (b"a--b", Place.COMMENT),
        (b"a-", Place.COMMENT),
        (b"a?>b", Place.INSTRUCTION),
    ],
)
def test_what_cannot_be_said(text, place):
    with pytest.raises(CannotChange):
        written(text, place)


@pytest.mark.parametrize("place", [Place.CDATA, Place.COMMENT, Place.INSTRUCTION])
def test_what_needs_no_escape(place):
    assert written(b"****<&", place) == b"****<&"
