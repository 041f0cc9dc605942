from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transform.documents import documents, read
from tests.transform.field_model import ALLOWED, GONE, HASH, MASK, NULL, PATHS, REMOVE, REPLACE, RULES, expected, notes
from zoneproxy.transform.fields import FieldRules
from zoneproxy.transform.json_tokens import NotJson, tokens
from zoneproxy.transform.paths import EVERY, parse_path
from zoneproxy.transform.selectors import ByName, ByTag


def apply(text: str, *rules, allowed=()) -> str:
    """``text`` after the rules: the first time it is gone through, then its shape is known."""
    paths = [(parse_path(each) if isinstance(each, str) else each, change) for each, change in rules]
    applied = FieldRules(paths, [[parse_path(path) for path in each] for each in allowed])
    first = applied.apply(text.encode())
    second = applied.apply(text.encode())
    assert (first[0], sorted(first[1])) == (second[0], sorted(second[1]))
    return first[0].decode()


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
    for _ in range(2):
        assert sorted(rules.apply(b'{"a":"x","b":[1,2],"a":"y","c":null}')[1]) == [0, 0, 1, 1]
    text = b'{"d":1}'
    assert rules.apply(text)[0] is rules.apply(text)[0] is text


@pytest.mark.parametrize("text", ["", "text", '{"a":1', '{"a":1}{"a":2}', '{"a":1}\n{"a":2}', "{'a':1}", '{"a":"x",}'])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(NotJson):
        apply(text, ("$.a", MASK))


# --- by name, at any depth, only what is allowed -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"cvv":"123"}', "{}"),
        ('{"card":{"CVV":"123","n":1}}', '{"card":{"n":1}}'),
        (r'{"c\u0076v":1,"C-V_V":2,"cvv2":3}', '{"cvv2":3}'),
        ('{"cvv":{"x":1},"a":[{"cvv":[1]},{"cvv":null}]}', '{"a":[{},{}]}'),
        ('["cvv"]', '["cvv"]'),
        ('{"a":"cvv"}', '{"a":"cvv"}'),
    ],
)
def test_a_name_wherever_it_stands(text, expected):
    assert apply(text, (ByName(b"cvv"), REMOVE)) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$..e", '{"a":[{"f":2},{"e":{"e":3}}]}'),
        ("$..e.e", '{"a":[{"e":1,"f":2},{"e":{}}],"e":4}'),
        ("$.a..e", '{"a":[{"f":2},{}],"e":4}'),
        ("$.*", "{}"),
        ("$.*[0]", '{"a":[{"e":{"e":3}}],"e":4}'),
        ("$..[1]", '{"a":[{"e":1,"f":2}],"e":4}'),
        ("$.a[*].*", '{"a":[{},{}],"e":4}'),
    ],
)
def test_remove_at_any_depth(path, expected):
    text = '{"a":[{"e":1,"f":2},{"e":{"e":3}}],"e":4}'
    if path == "$..e":
        expected = '{"a":[{"f":2},{}]}'
    assert apply(text, (path, REMOVE)) == expected


@pytest.mark.parametrize(
    ("text", "allowed", "expected"),
    [
        ('{"id":1,"cvv":2}', [["$.id"]], '{"id":1}'),
        (
            '{"id":{"x":[1]},"to":{"city":"B","street":"S"}}',
            [["$.id", "$.to.city"]],
            '{"id":{"x":[1]},"to":{"city":"B"}}',
        ),
        ('{"to":"B 1"}', [["$.to.city"]], "{}"),
        ('{"i":[{"n":1,"p":2},3,[]]}', [["$.i[*].n"]], '{"i":[{"n":1},[]]}'),
        ('{"a":{"id":1,"x":2},"id":3}', [["$..id"]], '{"a":{"id":1},"id":3}'),
        ('{"a":1,"b":2,"c":3}', [["$.a", "$.b"], ["$.b", "$.c"]], '{"b":2}'),
        ('{"id":1,"id":{"x":2}}', [["$.id.x"]], '{"id":{"x":2}}'),
        ('{"ID":1}', [["$.id"]], "{}"),
        ("[1,2]", [["$.id"]], "[]"),
        ('"text"', [["$.id"]], "null"),
        ("7", [["$.id"]], "null"),
        ("null", [["$.id"]], "null"),
    ],
)
def test_only_what_is_allowed_is_left(text, allowed, expected):
    assert apply(text, allowed=allowed) == expected


def test_what_is_allowed_can_be_changed():
    text = '{"id":"abcdefgh","n":1}'
    assert apply(text, ("$.id", MASK), ("$.n", MASK), allowed=[["$.id"]]) == '{"id":"****efgh"}'


def test_what_a_list_of_allowed_fields_removes_is_told_by_a_number_of_its_own():
    rules = FieldRules([((b"a",), MASK), (ByTag("PII"), MASK)], [[(b"a",)], [(b"a",), (b"b",)]])
    for _ in range(2):
        assert sorted(rules.apply(b'{"a":"x","b":{},"c":2}')[1]) == [0, 2, 2]


def test_taking_note_changes_nothing():
    rules = FieldRules([(ByName(b"cvv"), None), ((b"card",), REMOVE), ((b"a",), None), ((b"n",), NULL)])
    for _ in range(2):
        after, told = rules.apply(b'{"card":{"cvv":1,"x":[{"CVV":null}]}}')
        assert (after, sorted(told)) == (b"{}", [0, 0, 1])
        text = b'{"a":1}'
        after, told = rules.apply(text)
        assert after is text
        assert list(told) == [2]


def test_what_is_not_utf_8_is_refused_in_a_known_shape_too():
    rules = FieldRules([((b"a",), MASK)])
    rules.apply('{"a":1,"b":"é"}'.encode())
    assert rules.apply('{"a":1,"b":"中"}'.encode())[0] == '{"a":"*","b":"中"}'.encode()
    with pytest.raises(NotJson):
        rules.apply(b'{"a":1,"b":"\xe9"}')


# --- any document --------------------------------------------------------------------------------------------


@given(documents(), RULES, ALLOWED)
def test_only_what_the_rules_mean_is_changed(text, rules, allowed):
    fields = FieldRules(rules, allowed)
    wanted = expected(read(text), rules, allowed)
    for _ in range(2):  # gone through, then by its shape
        after, applied = fields.apply(text)
        assert read(after) == (None if wanted is GONE else wanted)
        counts, noted = Counter(applied), Counter(notes(read(text), rules))
        assert all(counts[rule] == noted[rule] for rule, (_, change) in enumerate(rules) if change is None)


@st.composite
def of_one_shape(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Two documents that differ in scalars only."""
    first = draw(documents())
    strings = ['"x"', '"other text"', r'"a\n\u00e9"', '"é"']
    scalars = st.sampled_from([text.encode() for text in (*strings, "12.5", "-3", "true", "null")])
    second, done = bytearray(), 0
    for kind, start, end in tokens(first):
        if kind <= 3:
            second += first[done:start] + draw(scalars)
            done = end
    return first, bytes(second + first[done:])


@given(of_one_shape(), RULES, ALLOWED)
def test_a_known_shape_makes_no_difference(pair, rules, allowed):
    known = FieldRules(rules, allowed)
    known.apply(pair[0])
    for text in pair:
        (after, applied), (other, told) = known.apply(text), FieldRules(rules, allowed).apply(text)
        assert (after, sorted(applied)) == (other, sorted(told))


@given(documents(), st.lists(PATHS, min_size=1, max_size=4))
def test_every_other_byte_stays(text, paths):
    after, applied = FieldRules([(path, MASK) for path in paths]).apply(text)
    old, new = list(tokens(text)), list(tokens(after))
    if len(old) != len(new):
        return  # a container became a string
    assert between(text, old) == between(after, new)
    different = [
        after[slice(*there)] for (_, *here), (_, *there) in zip(old, new, strict=True)
        if text[slice(*here)] != after[slice(*there)]
    ]  # fmt: skip
    assert len(different) <= len(applied)
    assert all(b"*" in token for token in different)


def between(text, tokens):
    """The bytes that belong to no token."""
    ends = [0, *(end for _, _, end in tokens)]
    return [text[end:start] for end, (_, start, _) in zip(ends, tokens, strict=False)] + [text[ends[-1] :]]


def test_what_opaque_changes_have_put_out():
    rules = [((b"a",), HASH), (ByName(b"b"), REPLACE), ((b"c",), MASK), ((b"d",), REMOVE)]
    fields = FieldRules(rules)
    after, _ = fields.apply(b'{"a":"x","i":[{"B":1},{"b":null}],"c":"abcdefgh","d":1}')
    assert [output for output, _ in fields.values_put_out(after)] == [HASH.text(b"x"), b"0", b"null"]
    assert list(FieldRules([((b"c",), MASK)]).values_put_out(after)) == []
    with pytest.raises(NotJson):
        list(fields.values_put_out(b"{"))


def test_elements_that_have_moved_up_are_not_taken_for_what_was_put_out():
    fields = FieldRules([((b"l", 0), REMOVE), ((b"l", 1), HASH)])
    after, _ = fields.apply(b'{"l":["x","y","z"]}')
    assert after == b'{"l":["%b","z"]}' % HASH.text(b"y")
    assert list(fields.values_put_out(after)) == []
