from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transform.changes import SEVERAL, make
from tests.transform.documents import documents, read, strings
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.change import Change, Rank
from zoneproxy.transform.json_tokens import Kind, tokens


class Reversed(Change):
    """Enough of a change to see what the base class makes of it."""

    strictness = (0, 0)
    keeps_numbers = True

    def text(self, text: bytes) -> bytes:
        return text.decode(errors="surrogatepass")[::-1].encode(errors="surrogatepass")


REVERSED = Reversed(Transform(TransformKind.MASK))


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ('"abc"', '"cba"'),
        ('"a\\nb\\u00e9"', '"éb\\na"'),
        ('"a\\"b\\\\"', '"\\\\b\\"a"'),
        ("123", "321"),
        ("120", '"021"'),  # no number any more
        ("true", '"eurt"'),
        ("null", "null"),
        ('{"a":1}', '"****"'),
        ("[1]", '"****"'),
    ],
)
def test_any_json_value(token, expected):
    assert REVERSED.value(token.encode()).decode() == expected


@given(st.text().flatmap(lambda text: st.tuples(st.just(text), strings(text))))
def test_it_sees_through_escapes(pair):
    text, written = pair
    assert json.loads(b'"' + REVERSED.in_string(written[1:-1].encode()) + b'"') == text[::-1]


def test_a_lone_surrogate_stays_one():
    assert json.loads(REVERSED.value(rb'"\ud800x"')) == "x\ud800"


def test_plain_strings():
    assert REVERSED.for_plain() == REVERSED.in_string


# --- all of them ---------------------------------------------------------------------------------------------


@given(st.sampled_from(SEVERAL), documents())
def test_json_stays_json_and_null_stays_null(change, text):
    text = text.strip()
    after = change.value(text)
    read(after)
    if text == b"null":
        assert after == b"null"
    elif not (change.nulls or change.removes):
        assert after != b"null"
    assert change.value(text) == after


@given(st.sampled_from(SEVERAL), st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters='"\\')))
def test_plain_strings_become_what_all_strings_do(change, text):
    plain = change.for_plain()
    if plain is not None:
        assert b'"' + plain(text.encode()) + b'"' == change.value(b'"' + text.encode() + b'"')


@given(
    st.sampled_from([*SEVERAL, make("mask", mask_with='"'), make("mask", mask_with="é", keep_last=1)]),
    st.text(st.characters(max_codepoint=127, exclude_characters='"\\')).map(str.encode),
)
def test_what_is_alike_in_strings_and_elsewhere(change, plain):
    alike = change.alike(plain)
    assert alike in (None, change.text(plain))
    assert alike in (None, change.in_string(plain))
    if change.text(plain).isalnum():
        assert alike == change.in_string(plain)


def test_a_mask_that_needs_an_escape_is_not_alike():
    assert make("mask", mask_with='"').alike(b"ab") is None
    assert make("replace", value=r'"\""').alike(b"ab") is None
    assert make("mask", keep_first=1, keep_last=1).alike(b"abcd") == b"a**d"


@given(st.sampled_from(SEVERAL), st.binary(max_size=40))
def test_any_bytes(change, text):
    assert change.text(text) == change.text(text)


CANARY = "kmq7zjw4vx9p2hdt"


@given(st.sampled_from(SEVERAL), st.text(max_size=8).map(lambda text: text + CANARY + text))
def test_a_canary_is_not_left(change, text):
    plain = change.text(text.encode()).decode()
    written = change.value(json.dumps(text).encode()).decode()
    assert not any(CANARY[at : at + 7] in said for at in range(10) for said in (plain, written))


@pytest.mark.parametrize("change", SEVERAL, ids=lambda change: change.kind)
def test_what_is_not_understood_is_hidden_whole(change):
    if change.kind in ("generalise", "shift_date", "mask_ip", "mask_email"):
        assert change.text(b"-") == change.text(b"") == b"****"
    assert b"inside" not in change.value(b'{"a":"inside"}')


def test_strictness_is_a_total_order():
    assert sorted(SEVERAL, key=lambda change: change.strictness) == SEVERAL
    assert [change.strictness[0] for change in SEVERAL] == sorted(change.strictness[0] for change in SEVERAL)
    assert {change.strictness[0] for change in SEVERAL} == set(Rank)


def test_only_these_make_null():
    assert [change.kind for change in SEVERAL if change.nulls] == ["null"]
    assert [change.kind for change in SEVERAL if change.removes] == ["remove"]


def test_numbers_stay_numbers_where_they_can():
    kinds = [next(kind for kind, *_ in tokens(change.value(b"1700000000"))) for change in SEVERAL]
    numbers = [change.kind for change, kind in zip(SEVERAL, kinds, strict=True) if kind == Kind.NUMBER]
    assert numbers == ["generalise", "generalise", "generalise", "shift_date", "replace"]
