from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.samples import CARD
from tests.transform.changes import SEVERAL, make
from tests.transform.documents import documents
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.found import Spot, change_found
from zoneproxy.transform.making import make_change
from zoneproxy.transform.put_out import PutOut

MASK = make_change(Transform(TransformKind.MASK, keep_last=4), {})
ALL = make_change(Transform(TransformKind.MASK), {})
REMOVE = make_change(Transform(TransformKind.REMOVE), {})


def change(text: str, *parts: str, by=MASK) -> str | None:
    data = text.encode()
    spots = [Spot(data.index(part.encode()), data.index(part.encode()) + len(part.encode()), by) for part in parts]
    after = change_found(data, spots)
    return None if after is None else after.decode()


MASKED = "*" * 12 + CARD[-4:]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"pay {CARD}.", f"pay {MASKED}."),
        (CARD, MASKED),
        (f'{{"a":"x {CARD}\\n"}}', f'{{"a":"x {MASKED}\\n"}}'),
        (f'{{"a":{CARD},"b":[1]}}', f'{{"a":"{MASKED}","b":[1]}}'),
        (f'{{"a":-{CARD}.5}}', f'{{"a":"-{MASKED}.5"}}'),
        (f'{{"{CARD}":1}}', f'{{"{MASKED}":1}}'),
        (f'"{CARD}"', f'"{MASKED}"'),
        (f"[{CARD}", f"[{MASKED}"),  # not JSON
        (f'{{"a":1}}\n{{"b":"{CARD}"}}', f'{{"a":1}}\n{{"b":"{MASKED}"}}'),
    ],
)
def test_in_text_and_json(text, expected):
    assert change(text, CARD) == expected


def test_escapes_are_changed_whole():
    hidden = "".join(f"\\u{ord(digit):04x}" for digit in CARD)
    assert change(f'{{"a":"{hidden}"}}', hidden) == '{"a":"' + "*" * 12 + hidden[-24:] + '"}'
    assert change(f'{{"a":"{hidden}"}}', hidden, by=ALL) == '{"a":"' + "*" * 16 + '"}'


def test_several_in_one_token():
    assert change('["aaaa bbbb aaaa"]', "aaaa", "bbbb", by=ALL) == '["**** **** aaaa"]'
    assert change("[12345678]", "12", "56", by=ALL) == '["**34**78"]'


def test_removal():
    assert change(f'{{"a":"x{CARD}y","b":{CARD[:-1]}}}', CARD, by=REMOVE) == f'{{"a":"xy","b":{CARD[:-1]}}}'
    assert change(f'{{"a":{CARD}}}', CARD, by=REMOVE) == '{"a":null}'


def test_where_spots_overlap_the_strictest_change_wins():
    assert change_found(b"0123456789", [Spot(5, 8, REMOVE), Spot(2, 6, ALL), Spot(8, 9, ALL)]) == b"01*9"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ('{"a":true}', 5, 9),  # a literal
        ('{"a":1,"b":2}', 5, 12),  # over several tokens
        ('{"a":1}', 6, 7),  # a bracket
        ('{"a":"x"}', 5, 7),  # a quote
        ('{"a":"x"}', 6, 8),
        ('{"a":"é"}', 6, 7),  # half a character
        (r'{"a":"\nx"}', 7, 9),  # half an escape
        ('{"a":1} ', 7, 8),  # behind everything
    ],
)
def test_where_json_cannot_be_cut(text, start, end):
    assert change_found(text.encode(), [Spot(start, end, MASK)]) is None


@given(documents(), st.data())
def test_json_stays_json_and_other_bytes_stay(text, data):
    if text.lstrip()[:1] not in (b"{", b"[", b'"'):
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, min(start + 4, len(text))))
    after = change_found(text, [Spot(start, end, ALL)])
    if after is not None:
        json.loads(after)
        kept = text[:start].rstrip(b"-+.eE0123456789")
        assert after.startswith(kept)
        assert after.endswith(text[end:].lstrip(b"-+.eE0123456789"))


def test_what_was_put_out_is_told():
    put_out = PutOut()
    types = frozenset({"X"})
    token, network = make("tokenise", key="one"), make("mask_ip")
    text = b'{"a":"x 1.2.3.4 y","b":17,"c":"s3cret","n":123}'
    spots = [(b"1.2.3.4", network), (b"17", token), (b"s3cret", token), (b"23", token)]
    places = [Spot(text.index(part), text.index(part) + len(part), change, types) for part, change in spots]
    after = change_found(text, places, put_out)
    assert after
    for part, change in spots:
        assert change.text(part) in after
        assert put_out.explains(change.text(part), "X")
    assert not put_out.explains(b"1.2.3.0", "Y")
    put_out.clear()
    assert change_found(b"s3cret", [Spot(0, 6, token)], put_out) == token.text(b"s3cret")
    assert put_out.explains(token.text(b"s3cret"), "Y")


@given(documents(), st.data(), st.sampled_from([*SEVERAL, make("replace", value=r'"\"\u00e9"')]))
def test_an_escape_before_a_spot_makes_no_difference(text, data, by):
    """With one, the grammar is gone by; without, only quotes are counted."""
    if text.lstrip()[:1] not in (b"{", b"["):
        return
    start = data.draw(st.integers(0, len(text) - 1))
    spots = [Spot(start, data.draw(st.integers(start + 1, min(start + 4, len(text)))), by)]
    before = rb'["\n",'
    shifted = [Spot(spot.start + len(before), spot.end + len(before), by) for spot in spots]
    with_escape = change_found(before + text + b"]", shifted)
    without = change_found(text, spots)
    assert with_escape == (None if without is None else before + without + b"]")


@pytest.mark.parametrize(
    ("text", "mask", "expected"),
    [
        ('{"a":"x"}', '"', r'{"a":"\""}'),
        ('{"a":"x"', '"', '{"a":"""'),  # no JSON
        ('{"a":"é x"}', "*", '{"a":"é *"}'),
        ('{"a":"x é"}', "é", '{"a":"é é"}'),
        ('["a","x"', "*", '["a","*"'),
    ],
)
def test_whether_it_is_json_makes_a_difference_to_what_needs_escapes_only(text, mask, expected):
    assert change(text, "x", by=make_change(Transform(TransformKind.MASK, mask_with=mask), {})) == expected
