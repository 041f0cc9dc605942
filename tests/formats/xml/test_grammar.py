from __future__ import annotations

import codecs
from itertools import pairwise

import pytest

from zoneproxy.formats.document import Malformed
from zoneproxy.formats.xml.grammar import attributes, check, encoding_of, tokens

ORDER = b"""<?xml version="1.0"?><!-- c --><o:rder  a = "1>" b='"'><x/>t&amp;<![CDATA[<y>]]><?go x?></o:rder >\n"""


def test_tokens():
    assert [(token.kind, ORDER[slice(*token.inside)]) for token in tokens(ORDER)] == [
        ("comment", b" c "),
        ("open", b"o:rder"),
        ("open", b"x"),
        ("text", b"t&amp;"),
        ("cdata", b"<y>"),
        ("instruction", b"go x"),
        ("close", b"o:rder"),
        ("text", b"\n"),
    ]
    placed = [(token.start, token.end) for token in tokens(ORDER)]
    assert all(left[1] == right[0] for left, right in pairwise(placed))
    assert (placed[0][0], placed[-1][1]) == (ORDER.index(b"<!--"), len(ORDER))


def test_attributes():
    tag = next(token for token in tokens(ORDER) if token.kind == "open")
    found = [(ORDER[slice(*one.name)], ORDER[slice(*one.value)]) for one in attributes(ORDER, tag)]
    assert found == [(b"a", b"1>"), (b"b", b'"')]
    assert [ORDER[one.start : one.end] for one in attributes(ORDER, tag)] == [b'  a = "1>"', b" b='\"'"]


@pytest.mark.parametrize("text", [b"<", b"<!--", b"<a", b"<a b>", b"<![CDATA[", b"<!DOCTYPE a><a/>", b"<a b='>"])
def test_what_is_no_token(text):
    with pytest.raises(Malformed, match="xml"):
        list(tokens(text))


def test_the_parser_has_the_last_word():
    check(ORDER)
    for text in (b"", b"<a>", b"<a></b>", b"<a/><a/>", b"<a b='1' b='2'/>", b"<a>&x;</a>", b"<a>&#0;</a>", b"text"):
        with pytest.raises(Malformed, match="xml"):
            check(text)
    with pytest.raises(Malformed, match="doctype"):
        check(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"<a/>", (b"", "utf-8")),
        (b'<?xml version="1.0" encoding="UTF-8"?><a/>', (b"", "utf-8")),
        (b"<?xml version='1.0' encoding = 'Latin-1' standalone='yes'?><a/>", (b"", "iso8859-1")),
        (b'<?xml version="1.0" encoding="us-ascii"?><a/>', (b"", "ascii")),
        (b'<?xml version="1.0" encoding="windows-1252"?><a/>', (b"", "cp1252")),
        (codecs.BOM_UTF8 + b'<?xml version="1.0" encoding="utf-8"?>', (codecs.BOM_UTF8, "utf-8")),
        (
            codecs.BOM_UTF16_LE + '<?xml version="1.0" encoding="UTF-16"?>'.encode("utf-16-le"),
            (codecs.BOM_UTF16_LE, "utf-16-le"),
        ),
        (codecs.BOM_UTF16_BE + "<a/>".encode("utf-16-be"), (codecs.BOM_UTF16_BE, "utf-16-be")),
    ],
)
def test_encodings(value, expected):
    assert encoding_of(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        b'<?xml version="1.0" encoding="utf-7"?><a/>',
        b'<?xml version="1.0" encoding="cp037"?><a/>',
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b'<?xml version="1.0" encoding="utf-16"?><a/>',
        codecs.BOM_UTF8 + b'<?xml version="1.0" encoding="latin-1"?>',
        codecs.BOM_UTF16_LE + '<?xml version="1.0" encoding="UTF-8"?>'.encode("utf-16-le"),
    ],
)
def test_encodings_that_nobody_agrees_on(value):
    with pytest.raises(Malformed, match="encoding"):
        encoding_of(value)


def test_a_lot_of_space_in_a_tag_takes_no_longer_than_it_is():
    text = b"<a b='1'" + b" " * 300_000 + b">x</a>"  # minutes, if it were searched through again from each of its bytes
    tag = next(tokens(text))
    assert [text[slice(*each.value)] for each in attributes(text, tag)] == [b"1"]
