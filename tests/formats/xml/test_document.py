from __future__ import annotations

import codecs
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.kit import change, index_of, names, reads_or_refuses, texts
from zoneproxy.formats.document import DEFAULT_LIMITS, CannotChange, FormatLimits, Malformed
from zoneproxy.formats.xml.document import read_xml

ORDER = b"""<?xml version="1.0" encoding="UTF-8"?>
<o:order xmlns:o="urn:o" id='4&#49;11'>
  <card o:type="visa"><number>41<![CDATA[11 ]]>1<!-- never mind -->1&#x31;1</number></card>
  <note>a <b>bold</b> &amp; <i/>word</note>
  <empty/><blank> </blank><?go there?>
</o:order>"""


def read(value: bytes):
    return read_xml(value, DEFAULT_LIMITS)


def changed(value: bytes, text: bytes, to: bytes | None) -> bytes:
    document = read(value)
    return document.rewritten({index_of(document, text): to})


def test_all_that_is_said():
    assert texts(read(ORDER)) == [
        (b"order.@o", b"urn:o"),
        (b"order.@id", b"4111"),
        (b"order.card.@type", b"visa"),
        (b"order.card.number.#comment", b" never mind "),
        (b"order.card.number", b"4111 1111"),
        (b"order.note.b", b"bold"),
        (b"order.note", b"a  & word"),
        (b"order.#instruction", b"go there"),
    ]
    assert names(read(ORDER))[:5] == [b"o:order", b"xmlns:o", b"id", b"card", b"o:type"]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "xml"),
        (b"text", "xml"),
        (b"<a></a></a>", "xml"),
        (b"</a>", "xml"),
        (b"<a>", "xml"),
        (b"<a>&#x110000;</a>", "xml"),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "xml"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "xml"),
        (b"<a>\xff</a>", "encoding"),
        (b'<?xml version="1.0" encoding="utf-7"?><a/>', "encoding"),
        (codecs.BOM_UTF16_LE + b"<", "encoding"),
    ],
)
def test_what_is_none(value, reason):
    with pytest.raises(Malformed, match=reason):
        read(value)


def test_limits():
    assert read(b"<a>" * 512 + b"</a>" * 512)
    with pytest.raises(Malformed, match="deep"):
        read(b"<a>" * 100_000)
    with pytest.raises(Malformed, match="leaves"):
        read_xml(b"<a>" + b"<!---->" * 4 + b"</a>", FormatLimits(leaves=4))


# --- changes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "to", "markup", "after"),
    [
        (b"4111", b'"<', b"4&#49;11", b"&#34;&#60;"),
        (b"bold", b"x<&y", b"bold", b"x&#60;&#38;y"),
        (b" never mind ", b"***", b" never mind ", b"***"),
        (b"go there", b"***", b"go there", b"***"),
        # Of a text in pieces only those are written again that have to be.
        (
            b"4111 1111",
            b"**** ****",
            b"41<![CDATA[11 ]]>1<!-- never mind -->1&#x31;1",
            b"**** ****<![CDATA[]]><!-- never mind -->",
        ),
        (b"4111 1111", b"41** 1111", b"41<![CDATA[11 ]]>", b"41<![CDATA[** ]]>"),
        (b"4111 1111", b"4111 1**1", b"1&#x31;1", b"**1"),
        (b"4111 1111", b"4111 1111x", b"1&#x31;1", b"111x"),
        (b"4111 1111", b"", b"41<![CDATA[11 ]]>1<!-- never mind -->1&#x31;1", b"<![CDATA[]]><!-- never mind -->"),
        (b"4111 1111", None, b"41<![CDATA[11 ]]>1<!-- never mind -->1&#x31;1", b"<![CDATA[]]><!-- never mind -->"),
        (b"a  & word", b"a  & ****", b"word", b"****"),
        # What is removed.
        (b"4111", None, b" id='4&#49;11'", b""),
        (b"o:type", None, b' o:type="visa"', b""),
        (b" never mind ", None, b"<!-- never mind -->", b""),
        (b"empty", None, b"<empty/>", b""),
        (b"card", None, ORDER[ORDER.index(b"<card") : ORDER.index(b"</card>") + 7], b""),
    ],
)  # fmt: skip
def test_changes(said, to, markup, after):
    assert ORDER.count(markup) == 1
    assert changed(ORDER, said, to) == ORDER.replace(markup, after)


@pytest.mark.parametrize(
    ("said", "to"), [(b"o:order", None), (b"card", b"****"), (b"bold", b"\x00"), (b"bold", b"\xff")]
)
def test_what_cannot_be_said(said, to):
    with pytest.raises(CannotChange):
        changed(ORDER, said, to)


def test_characters_are_never_cut():
    value = "<a>é<b/>ê</a>".encode()
    assert changed(value, "éê".encode(), "éë".encode()) == "<a>é<b/>ë</a>".encode()
    assert changed(value, "éê".encode(), "èê".encode()) == "<a>è<b/>ê</a>".encode()
    assert changed(value, "éê".encode(), "ê".encode()) == "<a>ê<b/></a>".encode()


@pytest.mark.parametrize(
    ("bom", "codec", "declared"),
    [
        (b"", "latin-1", "ISO-8859-1"),
        (b"", "cp1252", "windows-1252"),
        (codecs.BOM_UTF8, "utf-8", "UTF-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
    ],
)
def test_encodings(bom, codec, declared):
    text = f'<?xml version="1.0" encoding="{declared}"?><a é="ü">4111</a>'
    value = bom + text.encode(codec)
    assert texts(read(value)) == [("a.@é".encode(), "ü".encode()), (b"a", b"4111")]
    assert changed(value, b"4111", b"*") == bom + text.replace("4111", "*").encode(codec)
    assert read(value).rewritten({}) == value


def test_characters_that_the_encoding_has_not():
    value = '<?xml version="1.0" encoding="latin-1"?><a>é</a>'.encode("latin-1")
    assert changed(value, "é".encode(), "€".encode()).endswith(b"<a>&#8364;</a>")


# --- properties ----------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1, max_size=6)


@st.composite
def elements(draw, depth=0):
    attributes = "".join(f" {name}={quoteattr(draw(WORDS))}" for name in draw(st.sets(st.sampled_from("abc"))))
    parts = []
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.integers(0, 4 if depth < 3 else 3))
        word = draw(WORDS)
        if kind == 0:
            parts.append(f"<![CDATA[{word.replace(']', ')')}]]>")
        elif kind == 1:
            parts.append(f"<!--{word.replace('-', '_')}-->")
        elif kind == 4:
            parts.append(draw(elements(depth + 1)))
        else:
            parts.append(escape(word))
    return f"<e{attributes}>{''.join(parts)}</e>"


@given(elements(), WORDS, st.data())
def test_one_changed_leaf(element, text, data):
    value = element.encode()
    leaves = read(value).leaves
    index = data.draw(st.integers(0, len(leaves) - 1))
    if not text.isspace() and not text.endswith(("-", "]", "?")) and "--" not in text:
        try:
            _, after = change(read_xml, value, index, text.encode())
        except CannotChange:
            assert leaves[index].text == b"e" or leaves[index].text in (b"a", b"b", b"c")
        else:
            ElementTree.fromstring(after)


@given(elements())
def test_texts_are_those_that_others_read(element):
    ours = [
        text for path, text in texts(read(element.encode())) if not path.endswith((b"#comment", b"@a", b"@b", b"@c"))
    ]

    def theirs(node):
        for child in node:
            yield from theirs(child)
        direct = (node.text or "") + "".join(child.tail or "" for child in node)
        if direct.strip(" \t\r\n\x0b\x0c"):
            yield direct.encode()

    assert ours == list(theirs(ElementTree.fromstring(element)))


@given(st.binary(max_size=30) | st.text("<a/>='\"&#4;!-[]?", max_size=30).map(str.encode))
def test_any_bytes(value):
    reads_or_refuses(read_xml, value)
