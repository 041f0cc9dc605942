from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.formats.kit import change, index_of, names, reads_or_refuses, texts
from zoneproxy.formats.document import DEFAULT_LIMITS, CannotChange, FormatLimits, Kind, Malformed
from zoneproxy.formats.json import is_open_json, read_json

ORDER = b'{"id":7, "card" : {"number":"4\\u0031 11","tags":["a",null,1.50e3,true]},\n"id":"twice"}'


def read(value: bytes):
    return read_json(value, DEFAULT_LIMITS)


def without(value: bytes, *indexes: int) -> bytes:
    return read(value).rewritten(dict.fromkeys(indexes))


def removal(value: bytes, *said: bytes) -> bytes:
    document = read(value)
    return document.rewritten({index_of(document, text): None for text in said})


def test_all_that_is_said():
    order = read(ORDER)
    assert texts(order) == [
        (b"id", b"7"),
        (b"card.number", b"41 11"),
        (b"card.tags.0", b"a"),
        (b"card.tags.1", b"null"),
        (b"card.tags.2", b"1500"),
        (b"card.tags.3", b"true"),
        (b"id", b"twice"),
    ]
    assert names(order) == [b"id", b"card", b"number", b"tags", b"id"]
    assert [leaf.kind for leaf in order.leaves if leaf.path == (b"card", b"tags", 1)] == [Kind.OTHER]


@pytest.mark.parametrize("value", [b"", b"{", b"[1,]", b"{'a':1}", b"\xef\xbb\xbf{}", b"[NaN]", b"1 2", b'"\xff"'])
def test_what_is_no_json(value):
    with pytest.raises(Malformed, match="json"):
        read(value)


def test_limits():
    assert len(read_json(b"[[1]]", FormatLimits(depth=2)).leaves) == 1
    with pytest.raises(Malformed, match="deep"):
        read_json(b"[[1]]", FormatLimits(depth=1))
    with pytest.raises(Malformed, match="leaves"):
        read_json(b"[1,2]", FormatLimits(leaves=1))
    with pytest.raises(Malformed, match="deep"):
        read(b"[" * 100_000)


def test_names_that_are_given_twice():
    unique = FormatLimits(unique_names=True)
    with pytest.raises(Malformed, match="duplicate"):
        read_json(ORDER, unique)
    with pytest.raises(Malformed, match="duplicate"):
        read_json(b'{"a":1,"\\u0061":2}', unique)
    assert read_json(b'[{"a":1,"b":{"a":2}},{"a":1}]', unique)


# --- changes -------------------------------------------------------------------------------------------------


def test_only_what_changes_is_touched():
    order = read(ORDER)
    changed = order.rewritten({index_of(order, b"41 11"): 'x"é\n'.encode(), index_of(order, b"1500"): b"*"})
    assert changed == ORDER.replace(b"4\\u0031 11", 'x\\"é\\n'.encode()).replace(b"1.50e3", b'"*"')


def test_names_can_be_changed():
    order = read(ORDER)
    assert order.rewritten({index_of(order, b"number"): b"****"}) == ORDER.replace(b"number", b"****")


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        (rb'"\/a\u0034111\u00e9"', "/a****é", rb'"\/a****\u00e9"'),
        (rb'"\n\ud83d\ude00 x \ud83d\ude00"', "\n😀 * 😀", rb'"\n\ud83d\ude00 * \ud83d\ude00"'),
        (rb'"\\aa"', "\\a", rb'"\\a"'),
        ('"é\\té"'.encode(), "éxé", '"éxé"'.encode()),
        (rb'"\t"', "", rb'""'),
    ],
)
def test_escapes_of_what_does_not_change_stay(before, text, after):
    assert read(before).rewritten({0: text.encode()}) == after


def test_surrogates_alone_stay_what_json_can_say():
    lone = read(b'["\\ud800"]')
    assert lone.rewritten({0: lone.leaves[0].text + b"x"}) == b'["\\ud800x"]'


def test_what_json_cannot_say():
    with pytest.raises(CannotChange):
        read(b'["x"]').rewritten({0: b"\xff"})


@pytest.mark.parametrize(
    ("value", "gone", "left"),
    [
        (b'{"a":1, "b":2, "c":3}', [b"1"], b'{"b":2, "c":3}'),
        (b'{"a":1, "b":2, "c":3}', [b"2"], b'{"a":1, "c":3}'),
        (b'{"a":1, "b":2, "c":3}', [b"3"], b'{"a":1, "b":2}'),
        (b'{"a":1, "b":2, "c":3 }', [b"1", b"2"], b'{"c":3 }'),
        (b'{"a":1, "b":2, "c":3 }', [b"2", b"3"], b'{"a":1 }'),
        (b'{"a":1, "b":2, "c":3 }', [b"1", b"3"], b'{"b":2 }'),
        (b'{ "a":1, "b":2, "c":3 }', [b"1", b"2", b"3"], b"{  }"),
        (b'[1, [2, 3], "x"]', [b"2", b"x"], b"[1, [3]]"),
        (b'{"a":{"b":1},"c":2}', [b"a"], b'{"c":2}'),
        (b'{"a":{"b":1},"c":2}', [b"a", b"1"], b'{"c":2}'),
        (b'{"a":{"b":1},"c":2}', [b"1"], b'{"a":{},"c":2}'),
        (b" 17 ", [b"17"], b" null "),
        (b'"x"', [b"x"], b"null"),
    ],
)
def test_removal(value, gone, left):
    assert removal(value, *gone) == left


def test_what_is_removed_needs_no_other_change():
    document = read(b'{"a":{"b":1,"c":"x"},"d":2}')
    assert document.rewritten({0: None, index_of(document, b"x"): b"****"}) == b'{"d":2}'


@pytest.mark.parametrize(
    ("value", "is_open"),
    [
        (b' {"a":[1,"x",2.5,null]}', True),
        (b"[]", True),
        (b'{"a":"\\u0031"}', False),
        (b'{"a":"[\\"x\\"]"}', False),
        (b'{"a":1e3}', False),
        (b'{"a":"[1E3]"}', False),
        (b'{"a":" [1]"}', False),
        (b'{"a":12.00}', False),
        (b'{"a":12.001}', True),
        (b'{"a":1', False),
        (b"12", False),
        (b'"a"', False),
    ],
)
def test_what_shows_all_that_it_says(value, is_open):
    assert is_open_json(value) is is_open


# --- properties ----------------------------------------------------------------------------------------------

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.text(max_size=6), st.data())
def test_one_changed_leaf(value, text, data):
    written = json.dumps(value, ensure_ascii=data.draw(st.booleans())).encode()
    leaves = read(written).leaves
    if leaves:
        change(read_json, written, data.draw(st.integers(0, len(leaves) - 1)), text.encode())


@given(VALUES, st.data())
def test_removed_leaves(value, data):
    written = json.dumps(value).encode()
    before = read(written)
    gone = data.draw(st.sets(st.integers(0, max(0, len(before.leaves) - 1)))) if before.leaves else set()
    after = read(without(written, *gone))
    if not any(leaf.kind is Kind.NAME for leaf in before.leaves) and before.leaves[:1] and before.leaves[0].path:
        expected = [leaf.text for index, leaf in enumerate(before.leaves) if index not in gone]
        assert [leaf.text for leaf in after.leaves] == expected


@given(st.binary(max_size=40) | st.text('{}[]",:\\u0129 enull-', max_size=30).map(str.encode))
def test_any_bytes(value):
    reads_or_refuses(read_json, value)


def test_a_long_text_with_escapes_is_changed_in_one_pass():
    before = b'{"a":"\\n' + b"x" * 200_000 + b' 4111 y\\t"}'
    document = read_json(before, DEFAULT_LIMITS)
    (index,) = (at for at, leaf in enumerate(document.leaves) if leaf.text.startswith(b"\n"))
    after = document.rewritten({index: document.leaves[index].text.replace(b"4111", b"****")})
    assert after == before.replace(b"4111", b"****")
