from __future__ import annotations

import pytest

from tests.transform.field_model import HASH, MASK, REMOVE
from zoneproxy.transform.json_tokens import MAX_DEPTH, NotJson
from zoneproxy.transform.outline import GONE, Cut, Outline, outline
from zoneproxy.transform.paths import EVERY
from zoneproxy.transform.selectors import ByName, Rules


def outlined(text: bytes, *rules, allowed=()) -> Outline:
    made = Rules(rules, allowed)
    return outline(text, made.machine.root, made.changes)


def test_cuts_are_in_order_and_apart():
    text = b'{"a":1,"x":{"a":2,"b":3},"a":[4]}'
    found = outlined(text, ((b"a",), MASK), ((b"x", b"a"), REMOVE))
    assert found.cuts == [Cut(5, 6, 0), Cut(12, 18, GONE), Cut(29, 32, 0)]
    assert found.noted == [1]


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        (b"[1,2,3]", [(1, 6, GONE)]),
        (b"[ 1 , 2 ]", [(2, 7, GONE)]),
        (b"[]", []),
        (b"[{},[]]", [(1, 6, GONE)]),
    ],
)
def test_children_that_go(text, cuts):
    assert outlined(text, ((EVERY,), REMOVE)).cuts == cuts


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        (b'{"x":1,"a":2}', [(1, 7, GONE)]),
        (b'{"a":2 , "x":1 }', [(6, 14, GONE)]),
        (b'{"x":1,"a":2,"x":[3],"b":4,"x":5}', [(1, 7, GONE), (13, 21, GONE), (26, 32, GONE)]),
    ],
)
def test_members_that_go_take_a_comma_along(text, cuts):
    assert outlined(text, ((b"x",), REMOVE)).cuts == cuts


def test_a_whole_document():
    assert outlined(b' {"a":1} ', ((), HASH)).cuts == [(1, 8, 0)]
    assert outlined(b"1", ((), REMOVE)).cuts == [(0, 1, 0)]
    assert outlined(b"1", allowed=[[(b"a",)]]).cuts == [(0, 1, 0)]


def test_notes_are_taken_inside_of_what_goes():
    text = b'{"a":{"cvv":[{"cvv":1}]},"cvv":{"b":{}},"c":{"d":[[]]}}'
    found = outlined(text, ((b"a",), REMOVE), (ByName(b"cvv"), None), ((b"cvv", b"b"), MASK))
    assert sorted(found.noted) == [0, 1, 1, 1]
    assert found.cuts == [(1, 25, GONE), (36, 38, 2)]


@pytest.mark.parametrize("text", [b"", b"{", b'{"a":1}}', b'{"a":1,}', b"\xff"])
def test_what_is_no_json(text):
    with pytest.raises(NotJson):
        outlined(text, ((b"a",), MASK))


def deep(levels: int) -> bytes:
    return b'{"x":' + b"[" * levels + b"]" * levels + b"}"


def test_depth_is_limited_wherever_rules_lead():
    for rule in (((b"a",), MASK), ((b"x",), MASK), (ByName(b"cvv"), MASK)):
        assert outlined(deep(MAX_DEPTH - 1), rule)
        with pytest.raises(NotJson):
            outlined(deep(MAX_DEPTH), rule)


def test_runs_of_members_are_passed_over():
    text = b'{ "x" : 1 , "b" : {"a":2} , "a" : 3 , "x":4, "y":[5] }'
    assert outlined(text, ((b"a",), MASK)).cuts == [Cut(text.index(b"3"), text.index(b"3") + 1, 0)]
    assert outlined(text, ((b"a",), REMOVE)).cuts == [Cut(text.index(b'"a" '), text.index(b'"x":4'), GONE)]
    removed = outlined(b'{"b":1 , "c":2 , "a":3}', ((b"a",), REMOVE))
    assert removed.cuts == [Cut(14, 22, GONE)]
