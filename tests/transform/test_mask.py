from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.samples import CARD
from tests.transform.changes import make
from tests.transform.documents import strings


def mask(first: int = 0, last: int = 0, mask_with: str = "*"):
    return make("mask", keep_first=first, keep_last=last, mask_with=mask_with)


def format_mask(first: int = 0, last: int = 0):
    return make("mask", keep_first=first, keep_last=last, keep_format=True)


DASHED = "-".join(CARD[at : at + 4] for at in range(0, 16, 4))


@pytest.mark.parametrize(
    ("change", "text", "expected"),
    [
        (mask(last=4), CARD, "*" * 12 + CARD[-4:]),
        (mask(first=6, last=4), CARD, CARD[:6] + "*" * 6 + CARD[-4:]),
        (mask(), "größe", "*****"),
        (mask(first=2, last=1), "größe", "gr**e"),
        (mask(last=4), "123", "***"),
        (mask(last=4), "1234", "****"),
        (mask(first=2, last=2), "é中", "**"),
        (mask(last=1, mask_with="•"), "abc", "••c"),
        (mask(last=1), "", ""),
        (format_mask(), "Jane Doe, 12-b", "Xxxx Xxx, ##-x"),
        (format_mask(last=4), DASHED, "####-####-####-" + CARD[-4:]),
        (format_mask(first=1, last=1), "größe", "gxxxe"),
        (format_mask(first=1, last=1), "Größe7中", "Gxxxx#中"),
        (format_mask(first=2, last=1), "a7B", "x#X"),
        (format_mask(last=2), "中", "x"),
        (format_mask(), "", ""),
    ],
)
def test_mask(change, text, expected):
    assert change.text(text.encode()).decode() == expected
    assert json.loads(change.value(json.dumps(text).encode())) == expected
    assert json.loads(change.value(json.dumps(text, ensure_ascii=False).encode())) == expected


@given(
    st.binary(max_size=12).map(lambda text: bytes(byte % 95 + 32 for byte in text)),
    st.integers(0, 5),
    st.integers(0, 5),
)
def test_plain_text_is_masked_alike_in_strings_and_elsewhere(text, first, last):
    plain = text.translate(None, b'"\\')
    change = mask(first, last)
    assert change.alike(plain) == change.text(plain) == change.in_string(plain)
    assert mask(first, last, '"').alike(plain) is None


@given(st.text().flatmap(lambda text: st.tuples(st.just(text), strings(text))), st.integers(0, 5), st.integers(0, 5))
def test_a_mask_counts_characters_not_their_escapes(pair, first, last):
    text, written = pair
    for change in (mask(first, last, '"'), format_mask(first, last)):
        assert json.loads(b'"' + change.in_string(written[1:-1].encode()) + b'"') == change.text(text.encode()).decode()


def test_a_mask_of_bytes_that_are_no_utf_8():
    assert mask(last=1).text(b"\xff\xc3\xff\x80") == b"***\x80"
    assert format_mask(last=1).text(b"\xff\xc3\xff\x80") == b"xxx\x80"


def test_other_values_than_strings():
    assert mask(last=4).value(CARD.encode()).decode() == '"' + "*" * 12 + CARD[-4:] + '"'
    assert mask(last=1, mask_with="\\").container(b'["abc"]') == rb'"\\\\\\\\"'
    assert format_mask().value(b"-1.5e3") == b'"-#.#x#"'


def test_what_keeps_more_is_less_strict():
    masks = [mask(first=6, last=4), format_mask(last=4), mask(last=4), format_mask(), mask()]
    assert sorted(masks, key=lambda change: change.strictness) == masks


@given(
    st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\')),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_plain_strings_are_masked_alike(text, first, last):
    for change in (mask(first, last), mask(first, last, '"'), format_mask(first, last)):
        plain = change.for_plain()
        assert plain
        assert plain(text.encode()) == change.in_string(text.encode())
