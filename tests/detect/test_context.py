from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.detect.context import MAX_NAME, Contexts, Words, words


def contexts(source: bytes, offsets: Iterable[int]) -> list[list[Words]]:
    """The words around each of ``offsets``."""
    found = Contexts(source)
    return [found.at(offset) for offset in offsets]


def around(source: str, needle: str = "HERE") -> set[str]:
    """All words around ``needle``."""
    data = source.encode()
    (found,) = contexts(data, [data.index(needle.encode())])
    return set().union(*found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("customerSSN", {"customer", "ssn", "customer ssn"}),
        ("customer_ssn", {"customer", "ssn", "customer ssn"}),
        ("Social-Security No.", {"social", "security", "no", "social security", "security no"}),
        ("SSNNumber2", {"ssn", "number", "2", "ssn number", "number 2"}),
        ("classname", {"classname"}),
        ("号ssn", {"号", "ssn", "号 ssn"}),
        ("", set()),
    ],
)
def test_words(text, expected):
    assert words(text.encode()) == expected


def test_text_before_a_hit():
    assert {"card", "no", "card no"} <= around("my card no: HERE card2")
    assert "card" not in around("card" + "." * 30 + "HERE")


@pytest.mark.parametrize(
    ("source", "expected", "not_expected"),
    [
        ('{"card":{"number":"HERE"}}', {"card", "number"}, set()),
        ('{"card":null,"x":"HERE"}', {"x"}, {"card"}),
        ('{"card":{"a":1},"x":["HERE"]}', {"x"}, {"card", "a"}),
        ('[{"ssn":1},{"x":"my HERE"}]', {"x", "my"}, {"ssn"}),
        ('{"a":{"b":[1,{"c":HERE}]}}', {"a", "b", "c"}, set()),
        ('{"a":1,"my HERE":2}', {"my"}, {"a"}),
        ('{"a":{"my HERE":2}}', {"a", "my"}, set()),
        (r'{"c\u0061rd":"HERE"}', {"card"}, set()),
        ('{"a":"\\"card\\"","x":"HERE"}', {"x"}, {"card"}),
        ('{"a":"x"} pan HERE', {"pan"}, set()),
        ('{"a":"open pan HERE', {"a", "pan"}, set()),
        ("{}}]] pan HERE", {"pan"}, set()),
        ('{"a', set(), set()),
        # Whole members and elements before it, also nested ones
        ('{"card":{"a":[1,{"b":[{}]}]},"c":[{"pan":1},"x"],"x":"HERE"}', {"x"}, {"card", "a", "b", "c", "pan"}),
        ('{"card":[{"pan":{"a":{"b":{"c":1}}}},{"x":[1,"y",{"a":2},"HERE"]}]}', {"card", "x"}, {"pan", "a", "b", "c"}),
        ('{"card":1,"a":{"pan":1},"b":{"c":[1,2,"HERE"],"x":"y"},"d":1}', {"b", "c"}, {"card", "a", "pan", "x", "d"}),
        (r'{"pan":"\\","cc":"\",","x":"HERE"}', {"x"}, {"pan", "cc"}),
        ('{"pan":1}}}},"x":[1,HERE', {"x"}, {"pan"}),
    ],
)
def test_names_on_the_way(source, expected, not_expected):
    found = around(source) if "HERE" in source else set().union(*contexts(source.encode(), [1])[0])
    assert expected <= found
    assert not not_expected & found


def test_endless_names_say_nothing():
    name = "card " * MAX_NAME
    assert "card" not in around(json.dumps({name: {"x": "HERE"}}))


def test_many_offsets():
    source = json.dumps({"a": "1 HERE", "b": ["HERE", {"c": "HERE"}], "d": 5}).encode() + b" HERE"
    offsets = [at for at in range(len(source)) if source.startswith(b"HERE", at)]
    found = [set().union(*phrases) & set("abcd") for phrases in contexts(source, offsets)]
    assert found == [{"a"}, {"b"}, {"b", "c"}, set()]


@given(st.text('{}[]":,\\ab1 ', max_size=60), st.data())
def test_any_text_has_some_context(text, data):
    source = text.encode()
    offsets = sorted(data.draw(st.lists(st.integers(0, len(source)), max_size=4)))
    if offsets:
        assert len(contexts(source, offsets)) == len(offsets)


def test_time_is_linear_in_quotes():
    source = b'{"' + rb"\"" * 200_000
    assert len(contexts(source, [len(source)])) == 1


@pytest.mark.parametrize("again", [b"[", b'{"a":[1,', b"[{[1]", b'["a""b"', b'{"a":["x",{"b":1,'])
def test_time_is_linear_in_brackets(again):
    source = b"{" + again * 20_000
    offsets = range(0, len(source), len(source) // 1000)
    assert len(contexts(source, offsets)) == len(offsets)


@pytest.mark.parametrize(
    "text",
    ['{"ssn":null,"id":5', 'x {"ssn": "", "id": 5', 'in "ssn":1}, 5', 'said "ssn","id":5', 'got "my ssn"} 5'],
)
def test_in_text_a_member_of_json_speaks_for_its_own_value_only(text):
    source = b"log " + text.encode()
    (around,) = contexts(source, [len(source) - 1])
    assert all("ssn" not in some for some in around)


def test_in_text_what_is_no_member_speaks_for_what_follows():
    source = b'log "the ssn": 5'
    (around,) = contexts(source, [len(source) - 1])
    assert any("ssn" in some for some in around)
