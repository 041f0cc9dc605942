from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transform.documents import Members, documents, read
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.fields import FieldRules
from zoneproxy.transform.json_tokens import NotJson, tokens
from zoneproxy.transform.making import make_change
from zoneproxy.transform.paths import EVERY, parse_path

MASK = make_change(Transform(TransformKind.MASK, keep_last=4), {})
HASH = make_change(Transform(TransformKind.HASH, key="k"), {"k": b"k" * 32})
REMOVE = make_change(Transform(TransformKind.REMOVE), {})


def apply(text: str, *rules) -> str:
    return FieldRules([(parse_path(path), change) for path, change in rules]).apply(text.encode()).text.decode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":"abcdefgh"}', '{"a":"****efgh"}'),
        ('{"a":4111111111111111}', '{"a":"************1111"}'),
        ('{"a":-1.5e300}', '{"a":"****e300"}'),
        ('{"a":true}', '{"a":"****"}'),
        ('{"a":null}', '{"a":null}'),
        ('{"a":{"b":"secret"}}', '{"a":"****"}'),
        ('{"a":[1,[2]],"b":1}', '{"a":"****","b":1}'),
        ('{"a":"","b":"abcdefgh"}', '{"a":"","b":"abcdefgh"}'),
        (' { "a" : "abcdefgh" } ', ' { "a" : "****efgh" } '),
        (r'{"\u0061":"abcdefgh"}', r'{"\u0061":"****efgh"}'),
        ('{"a":"abcdefgh","a":"ijklmnop"}', '{"a":"****efgh","a":"****mnop"}'),
        ('{"b":{"a":"abcdefgh"}}', '{"b":{"a":"abcdefgh"}}'),
        ('["a","abcdefgh"]', '["a","abcdefgh"]'),
        ('"a"', '"a"'),
        ("7", "7"),
    ],
)
def test_mask_a_member(text, expected):
    assert apply(text, ("$.a", MASK)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"x":1}', "{}"),
        ('{ "x" : 1 }', "{  }"),
        ('{"x":1,"b":2}', '{"b":2}'),
        ('{ "x":1 , "b":2 }', '{ "b":2 }'),
        ('{"b":2,"x":1}', '{"b":2}'),
        ('{"b":2 , "x":1 }', '{"b":2 }'),
        ('{"a":0,"x":1,"b":2}', '{"a":0,"b":2}'),
        ('{"x":1,"x":2}', "{}"),
        ('{"x":1,"a":0,"x":{"y":[1]},"x":3,"b":0,"x":[]}', '{"a":0,"b":0}'),
        ('{"x":null}', "{}"),
        ('{"y":{"x":1}}', '{"y":{"x":1}}'),
    ],
)
def test_remove_a_member_and_its_comma(text, expected):
    assert apply(text, ("$.x", REMOVE)) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ('{"i":[{"e":1,"f":2},{"e":3},5]}', "$.i[*].e", '{"i":[{"f":2},{},5]}'),
        ("[1,2,3]", "$[*]", "[]"),
        ("[1,2,3]", "$[0]", "[2,3]"),
        ("[1,2,3]", "$[1]", "[1,3]"),
        ("[1,2,3]", "$[2]", "[1,2]"),
        ("[1,2,3]", "$[3]", "[1,2,3]"),
        ("[[1,2],[3]]", "$[*][0]", "[[2],[]]"),
        ('{"odd name":1}', "$['odd name']", "{}"),
        ('{"a":{"b":1},"c":[]}', "$.a.b", '{"a":{},"c":[]}'),
        ("[]", "$[*]", "[]"),
        ("{}", "$", "null"),
    ],
)
def test_remove_elsewhere(text, path, expected):
    assert apply(text, (path, REMOVE)) == expected


def test_the_strictest_rule_wins():
    text = '{"a":{"b":"abcdefgh","c":1},"d":"abcdefgh"}'
    assert apply(text, ("$.a.b", MASK), ("$.a", REMOVE), ("$.d", MASK), ("$.d", HASH)) == apply(
        text, ("$.a", REMOVE), ("$.d", HASH)
    )


def test_hash_is_the_same_for_a_string_and_a_number():
    first, second = json.loads(apply('{"a":"123"}', ("$.a", HASH))), json.loads(apply('{"a":123}', ("$.a", HASH)))
    assert first == second
    assert json.loads(apply('{"a":{"b":1}}', ("$.a", HASH))) != json.loads(apply('{"a":{"b":2}}', ("$.a", HASH)))


def test_what_was_done_is_told_by_rule():
    rules = FieldRules([((b"a",), MASK), ((b"b", EVERY), REMOVE), ((b"c",), MASK)])
    assert list(rules.apply(b'{"a":"x","b":[1,2],"a":"y","c":null}').rules) == [0, 1, 1, 0]
    text = b'{"d":1}'
    assert rules.apply(text).text is text


@pytest.mark.parametrize("text", ["", "text", '{"a":1', '{"a":1}{"a":2}', '{"a":1}\n{"a":2}', "{'a':1}", '{"a":"x",}'])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(NotJson):
        apply(text, ("$.a", MASK))


# --- any document --------------------------------------------------------------------------------------------

STEPS = st.sampled_from([b"card", b"number", b"items", b"a", b"b", b"odd name", "\u00e9".encode(), b"", EVERY, 0, 1])
RULES = st.lists(
    st.tuples(st.lists(STEPS, min_size=1, max_size=3).map(tuple), st.sampled_from([MASK, HASH, REMOVE])),
    min_size=1,
    max_size=4,
)
GONE = object()


def expected(tree, paths, inside=()):
    """``tree`` after the rules, built the simple way."""
    changes = [change for path, change in paths if matches(path, inside)]
    if changes and inside:
        change = max(changes, key=lambda change: change.strictness)
        return GONE if change.removes else changed(tree, change)
    if isinstance(tree, Members):
        members = [(name, expected(value, paths, (*inside, name.encode()))) for name, value in tree]
        return Members((name, value) for name, value in members if value is not GONE)
    if isinstance(tree, list):
        elements = [expected(value, paths, (*inside, index)) for index, value in enumerate(tree)]
        return [value for value in elements if value is not GONE]
    return tree


def matches(path, inside):
    return len(path) == len(inside) and all(
        step == here or (step == EVERY and isinstance(here, int)) for step, here in zip(path, inside, strict=True)
    )


class Opaque:
    """Stands for a changed container, whose text this model does not know."""

    def __eq__(self, other):
        return isinstance(other, str)

    __hash__ = None


def changed(value, change):
    if value is None:
        return None
    if isinstance(value, list):
        return Opaque()
    text = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
    return change.text(text.encode()).decode()


@given(documents(), RULES)
def test_only_what_the_rules_mean_is_changed(text, rules):
    assert expected(read(text), rules) == read(FieldRules(rules).apply(text).text)


@given(documents(), RULES)
def test_every_other_byte_stays(text, rules):
    changed = FieldRules([(path, MASK) for path, _ in rules]).apply(text)
    before, after = list(tokens(text)), list(tokens(changed.text))
    if len(before) != len(after):
        return  # a container became a string
    assert between(text, before) == between(changed.text, after)
    different = [
        changed.text[slice(*new)] for (_, *old), (_, *new) in zip(before, after, strict=True)
        if text[slice(*old)] != changed.text[slice(*new)]
    ]  # fmt: skip
    assert len(different) <= len(changed.rules)
    assert all(b"*" in token for token in different)


def between(text, tokens):
    """The bytes that belong to no token."""
    ends = [0, *(end for _, _, end in tokens)]
    return [text[end:start] for end, (_, start, _) in zip(ends, tokens, strict=False)] + [text[ends[-1] :]]
