from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoneproxy.formats.document import DEFAULT_LIMITS, Kind, Leaf
from zoneproxy.formats.json import read_json
from zoneproxy.formats.xml.document import read_xml
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.transform.fields import FieldRules
from zoneproxy.transform.leaf_fields import select
from zoneproxy.transform.making import make_change
from zoneproxy.transform.paths import parse_path
from zoneproxy.transform.selectors import ByName, ByTag, Rules

MASK, REMOVE, NULL = (
    make_change(Transform(kind), {}) for kind in (TransformKind.MASK, TransformKind.REMOVE, TransformKind.NULL)
)
ORDER = json.dumps({"id": 7, "card": {"number": "4111", "tags": ["a", "b"]}, "note": None, "e-mail": "x"}).encode()


def said(rules: Rules, value: bytes = ORDER, begins=None):
    leaves = read_json(value, DEFAULT_LIMITS).leaves
    selected = select(rules, leaves, begins)
    return {
        (leaves[index].path, leaves[index].kind): text for index, text in selected.changed.items()
    }, selected.applied


def rules(*pairs, allowed=()):
    return Rules(
        [(parse_path(selector) if isinstance(selector, str) else selector, change) for selector, change in pairs],
        [[parse_path(path) for path in paths] for paths in allowed],
    )


def test_a_path():
    assert said(rules(("$.id", MASK), ("$.none", MASK))) == ({((b"id",), Kind.NUMBER): b"*"}, [0])


def test_a_rule_for_a_container_is_one_for_all_in_it():
    changed, applied = said(rules(("$.card", MASK)))
    assert changed == {
        ((b"card", b"number"), Kind.TEXT): b"****",
        ((b"card", b"tags", 0), Kind.TEXT): b"*",
        ((b"card", b"tags", 1), Kind.TEXT): b"*",
    }
    assert applied == [0, 0, 0]


def test_what_is_removed_goes_with_its_name():
    changed, _ = said(rules(("$.card", REMOVE)))
    assert changed[(b"card",), Kind.NAME] is None
    assert set(changed.values()) == {None}


def test_to_null_is_to_remove_but_for_the_name():
    assert said(rules(("$.id", NULL)))[0] == {((b"id",), Kind.NUMBER): None}


def test_the_strictest_wins():
    changed, applied = said(rules(("$.card", MASK), ("$.card.number", REMOVE)))
    assert changed[(b"card", b"number"), Kind.TEXT] is None
    assert applied.count(1) == 2
    changed, _ = said(rules(("$.card", REMOVE), ("$.card.number", MASK)))
    assert changed[(b"card", b"number"), Kind.TEXT] is None


def test_null_stays_null():
    assert said(rules(("$.note", MASK)))[0] == {}
    assert said(rules(("$.note", REMOVE)))[0] == {
        ((b"note",), Kind.NAME): None,
        ((b"note",), Kind.OTHER): None,
    }


def test_names_wherever_they_stand():
    assert said(rules((ByName(b"email"), MASK), (ByName(b"Tags"), MASK)))[0] == {
        ((b"e-mail",), Kind.TEXT): b"*",
        ((b"card", b"tags", 0), Kind.TEXT): b"*",
        ((b"card", b"tags", 1), Kind.TEXT): b"*",
    }


def test_rules_that_take_note_do_so_once():
    assert said(rules((ByName(b"email"), None), ("$.card", None), ("$.card.tags[*]", None))) == ({}, [1, 2, 2, 0])


def test_tags():
    leaves = [Leaf((b"a",), b"x", Kind.TEXT, frozenset({"PII"})), Leaf((b"b",), b"y", Kind.TEXT)]
    selected = select(rules((ByTag("pii"), MASK), (ByTag("PII"), None)), leaves)
    assert selected.changed == {0: b"*"}
    assert selected.applied == [1, 0]


def test_lists_of_what_is_allowed():
    changed, applied = said(rules(allowed=[["$.id", "$.card.tags[0]"]]))
    assert {path for path, _ in changed} == {(b"card", b"number"), (b"card", b"tags", 1), (b"note",), (b"e-mail",)}
    assert set(changed.values()) == {None}
    assert set(applied) == {0}


def test_where_rules_have_been_already():
    leaves = read_json(ORDER, DEFAULT_LIMITS).leaves
    at = [leaf.path for leaf in leaves].index((b"card", b"number")) + 1
    begins = [None] * len(leaves)
    assert said(rules(("$.card", MASK), ("$.id", MASK)), begins=begins) == ({}, [])
    begins[at] = 2
    assert said(rules(("$.card", MASK)), begins=begins) == ({}, [])
    assert said(rules(("$.card.number", MASK)), begins=begins)[0] == {((b"card", b"number"), Kind.TEXT): b"****"}


@pytest.mark.parametrize("path", ["$", "$[*]", "$..a", "$.a.b", "$[0]"])
@settings(max_examples=40)
@given(
    value=st.recursive(
        st.integers(0, 9) | st.text("xy", min_size=1, max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=8,
    )
)
def test_what_goes_is_what_goes_from_json(path, value):
    written = json.dumps(value).encode()
    ours = rules((path, REMOVE))
    expected, _ = FieldRules([(parse_path(path), REMOVE)]).apply(written)
    document = read_json(written, DEFAULT_LIMITS)
    left = read_json(document.rewritten(select(ours, document.leaves).changed), DEFAULT_LIMITS)
    # An element that is a container stays, with nothing in it, so others keep their indexes.
    assert texts(left) == texts(read_json(expected, DEFAULT_LIMITS))


def texts(document):
    return [leaf.text for leaf in document.leaves if leaf.kind is not Kind.NAME and leaf.text != b"null"]


def test_note_is_taken_of_what_has_no_name_among_the_leaves():
    """As in Avro, where the names of fields are the schema's."""
    paths = [
        (b"card", b"number"),
        (b"card", b"expiry"),
        (b"list", 0, b"card", b"x"),
        (b"list", 1, b"card", b"x"),
        (b"cvv",),
    ]
    leaves = [Leaf(path, b"1", Kind.TEXT) for path in paths]
    noting = rules((ByName(b"card"), None), ("$.list", None), ("$.list[*]", MASK), (ByName(b"cvv"), None))
    assert sorted(select(noting, leaves).applied) == [0, 0, 0, 1, 2, 2, 3]
    assert select(rules((ByName(b"cvv"), MASK)), leaves).applied == [0]


def test_note_is_taken_once_of_what_has_a_name():
    assert said(rules((ByName(b"card"), None), (ByName(b"tags"), None)))[1] == [0, 1]


def test_an_attribute_of_xml_has_the_name_that_it_has():
    leaves = read_xml(b'<a CVV="123" n:cvv="4" xmlns:n="u"><cvv>5</cvv></a>', DEFAULT_LIMITS).leaves
    changed = select(rules((ByName(b"cvv"), MASK)), leaves).changed
    assert [leaves[index].text for index in changed] == [b"123", b"4", b"5"]
