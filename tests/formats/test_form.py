from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.kit import change, index_of, names, reads_or_refuses, texts
from zoneproxy.formats.document import DEFAULT_LIMITS, FormatLimits, Kind, Malformed
from zoneproxy.formats.form import read_form

PAID = b"card=4111%2d1111&name=A+%26+B&card=%34%32&empty=&%6eote&=x&bad=%zz%4"


def read(value: bytes):
    return read_form(value, DEFAULT_LIMITS)


def test_all_that_is_said():
    assert texts(read(PAID)) == [
        (b"card", b"4111-1111"),
        (b"name", b"A & B"),
        (b"card", b"42"),
        (b"", b"x"),
        (b"bad", b"%zz%4"),
    ]
    assert names(read(PAID)) == [b"card", b"name", b"card", b"empty", b"note", b"bad"]


def test_text_that_is_not_utf_8():
    assert [leaf.kind for leaf in read(b"a=%ff").leaves] == [Kind.NAME, Kind.BYTES]


@pytest.mark.parametrize("value", [b"a=b c", b"a=b\n", b"\x00", b"a\x7f"])
def test_what_is_none(value):
    with pytest.raises(Malformed, match="form"):
        read(value)


def test_limits():
    with pytest.raises(Malformed, match="leaves"):
        read_form(b"a&b&c", FormatLimits(leaves=2))


@pytest.mark.parametrize(
    ("text", "to", "after"),
    [
        (b"4111-1111", "* é+&=".encode(), PAID.replace(b"4111%2d1111", b"*+%C3%A9%2B%26%3D")),
        (b"note", b"n", PAID.replace(b"%6eote", b"n")),
        (b"4111-1111", None, PAID[17:]),
        (b"A & B", None, PAID.replace(b"name=A+%26+B&", b"")),
        (b"empty", None, PAID.replace(b"empty=&", b"")),
        (b"%zz%4", None, PAID[: PAID.index(b"&bad")]),
    ],
)
def test_changes(text, to, after):
    document = read(PAID)
    assert document.rewritten({index_of(document, text): to}) == after


def test_all_pairs_removed():
    document = read(b"a=1&b=2")
    assert document.rewritten({0: None, 1: None, 2: None}) == b""
    assert document.rewritten({1: b"x", 0: None}) == b"b=2"


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=5), st.text(max_size=8))),
    st.text(min_size=1, max_size=8),
    st.data(),
)
def test_one_changed_leaf(pairs, text, data):
    written = urlencode(pairs).encode()
    leaves = read(written).leaves
    assert [leaf.text.decode() for leaf in leaves if leaf.kind is not Kind.NAME] == [
        value for _, value in pairs if value
    ]
    if leaves:
        index = data.draw(st.integers(0, len(leaves) - 1))
        _, after = change(read_form, written, index, text.encode())
        assert len(parse_qsl(after.decode(), keep_blank_values=True)) == len(pairs)


@given(st.binary(max_size=30) | st.text("ab=&%41+", max_size=30).map(str.encode))
def test_any_bytes(value):
    reads_or_refuses(read_form, value)
