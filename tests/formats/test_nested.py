from __future__ import annotations

import json

import pytest

from tests.formats.kit import index_of, names, texts
from zoneproxy.formats.document import DEFAULT_LIMITS, FormatLimits, Malformed
from zoneproxy.formats.json import read_json
from zoneproxy.formats.nested import MAX_LEVELS, nested

INNER = json.dumps({"card": {"number": 4111.0, "note": "x"}})
OUTER = json.dumps({"id": 1, "payload": INNER, "text": "{no json}"}).encode()


def unfold(value: bytes, limits: FormatLimits = DEFAULT_LIMITS):
    return nested(read_json(value, limits), limits)


def wrapped(value: object, levels: int) -> bytes:
    for _ in range(levels):
        value = {"in": json.dumps(value)}
    return json.dumps(value).encode()


def test_leaves_of_the_inner_document_stand_for_the_text():
    document = unfold(OUTER)
    assert texts(document) == [
        (b"id", b"1"),
        (b"payload.card.number", b"4111"),
        (b"payload.card.note", b"x"),
        (b"text", b"{no json}"),
    ]
    assert names(document) == [b"id", b"payload", b"card", b"number", b"note", b"text"]
    assert [document.begins()[index_of(document, text)] for text in (b"1", b"x", b"card")] == [None, 1, 1]


def test_changes_inside_and_outside():
    document = unfold(OUTER)
    changed = {index_of(document, b"4111"): b"*", index_of(document, b"x"): None, index_of(document, b"1"): b"one"}
    expected = INNER.replace("4111.0", '"*"').replace(', "note": "x"', "")
    assert json.loads(document.rewritten(changed)) == {"id": "one", "payload": expected, "text": "{no json}"}
    assert document.rewritten({}) == OUTER


def test_what_nests_nothing_stays_as_it_is():
    document = read_json(b'["a", "[", "{}", 1]', DEFAULT_LIMITS)
    assert nested(document, DEFAULT_LIMITS) is document


@pytest.mark.parametrize("levels", range(1, MAX_LEVELS + 1))
def test_levels(levels):
    document = unfold(wrapped({"n": 1.5e3}, levels))
    assert texts(document)[-1][1] == b"1500"
    changed = document.rewritten({index_of(document, b"1500"): b"gone"})
    assert b"1500" not in changed
    assert texts(unfold(changed))[-1][1] == b"gone"


def test_deeper_down_a_text_is_a_text():
    assert texts(unfold(wrapped({"n": 1.5e3}, MAX_LEVELS + 2)))[-1][1].startswith(b'{"in"')


def test_a_string_in_a_string():
    document = unfold(json.dumps({"a": json.dumps(json.dumps("4111"))}).encode())
    assert texts(document) == [(b"a", b"4111")]


def test_limits_hold_for_all_of_it():
    value = json.dumps(["[1,2]", "[3,4]"]).encode()
    assert unfold(value, FormatLimits(leaves=4))
    with pytest.raises(Malformed, match="leaves"):
        unfold(value, FormatLimits(leaves=3))
    with pytest.raises(Malformed, match="duplicate"):
        unfold(json.dumps(['{"a":1,"a":2}']).encode(), FormatLimits(unique_names=True))
