from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.samples import CARD
from tests.transform.documents import strings
from zoneproxy.policy.controls import Transform, TransformKind
from zoneproxy.transform.change import HASH_LENGTH, Hash, Mask, Remove, character_starts, make_change

KEYS = {"one": b"1" * 32, "two": b"2" * 32}


def mask(first: int = 0, last: int = 0, mask_with: str = "*") -> Mask:
    return Mask(Transform(TransformKind.MASK, keep_first=first, keep_last=last, mask_with=mask_with))


def hashed(key: str = "one") -> Hash:
    return Hash(Transform(TransformKind.HASH, key=key), KEYS)


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
    ],
)
def test_mask(change, text, expected):
    assert change.text(text.encode()).decode() == expected


@given(st.text().flatmap(lambda text: st.tuples(st.just(text), strings(text))), st.integers(0, 5), st.integers(0, 5))
def test_a_mask_counts_characters_not_their_escapes(pair, first, last):
    text, written = pair
    change = mask(first, last, '"')
    assert json.loads(b'"' + change.in_string(written[1:-1].encode()) + b'"') == change.text(text.encode()).decode()


def test_a_mask_of_bytes_that_are_no_utf_8():
    assert mask(last=1).text(b"\xff\xc3\xff\x80") == b"***\x80"


def test_a_container_is_masked_whole():
    assert mask(last=4, mask_with="\\").container(b'["abc"]') == rb"\\\\\\\\"


@given(st.text().flatmap(lambda text: st.tuples(st.just(text), strings(text))))
def test_equal_values_have_equal_hashes(pair):
    text, written = pair
    change = hashed()
    assert change.in_string(written[1:-1].encode()) == change.text(text.encode())


def test_a_hash_is_128_bits_under_a_key_with_a_name():
    assert len(hashed().text(b"x")) == HASH_LENGTH == 32
    assert int(hashed().text(b"x"), 16)
    assert len({hashed("one").text(b"x"), hashed("two").text(b"x"), hashed("one").text(b"y")}) == 3
    renamed = Hash(Transform(TransformKind.HASH, key="other"), {"other": KEYS["one"]})
    assert renamed.text(b"x") != hashed("one").text(b"x")
    assert hashed().container(b"{}") == hashed().text(b"{}")


def test_remove():
    change = Remove(Transform(TransformKind.REMOVE))
    assert change.removes
    assert change.text(b"x") == change.in_string(b"x") == change.container(b"{}") == b""
    assert not mask().removes


def test_make_change():
    assert isinstance(make_change(Transform(TransformKind.MASK), {}), Mask)
    assert isinstance(make_change(Transform(TransformKind.HASH, key="one"), KEYS), Hash)
    assert isinstance(make_change(Transform(TransformKind.REMOVE), {}), Remove)
    assert make_change(Transform(TransformKind.MASK), {}).kind == "mask"
    with pytest.raises(KeyError):
        make_change(Transform(TransformKind.HASH, key="three"), KEYS)


def test_the_stricter_change_leaves_less():
    changes = [mask(first=6, last=4), mask(last=4), mask(), hashed(), Remove(Transform(TransformKind.REMOVE))]
    assert sorted(changes, key=lambda change: change.strictness) == changes


def test_where_characters_start():
    inside = r"a\n\u00e9é\ud83d\ude00z".encode()
    everything = set(range(len(inside) + 1))
    assert character_starts(inside, everything) == {0, 1, 3, 9, 11, 23}
    assert character_starts(b"abc", {1, 2}) == {1, 2}
