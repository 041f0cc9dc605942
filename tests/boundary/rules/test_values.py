from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.boundary.batch_kit import record
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.rules.tree import CONTAINER, MAX_VALUES
from zoneproxy.boundary.rules.values import MAX_JSON_BYTES, WRITTEN_NULL, Sight
from zoneproxy.policy.conditions.tree import EVERY, HeaderValue, KeyValue, Kind, Literal, Path, Variable

CROSSING = Crossing("fetch", "t", 0, "a", "b", "alice", frozenset({"ops"}))


def at(value: bytes | str, *steps: Any) -> Any:
    sight = Sight(record(value), CROSSING)
    found = sight.values(Path(tuple(step.encode() if isinstance(step, str) else step for step in steps)))
    assert not (sight.unreadable and found is not None)
    return "unreadable" if sight.unreadable else found


@pytest.mark.parametrize(
    ("value", "steps", "found"),
    [
        ('{"a":"\\u0045\\ud83d\\ude00"}', ["a"], ["E😀".encode()]),
        ('"\\ud800"', [], [b"\xed\xa0\x80"]),
        ('{"a":[1,-0.50,1E2]}', ["a", EVERY], [Decimal(1), Decimal("-0.5"), Decimal(100)]),
        ('{"a":[1,2]}', ["a", 1], [Decimal(2)]),
        ('{"a":[1,2]}', ["a", 2], []),
        ('{"a":{"0":1}}', ["a", 0], []),
        ("[true,null,{},[]]", [EVERY], [True, None, CONTAINER, CONTAINER]),
        ('{"a":1}', ["b"], []),
        ('{"a":1}', ["a", "b"], []),
        ('"text"', [0], []),
        (b"1e" + b"9" * 30, [], [CONTAINER]),  # there is no such number
        ('{"a":1,"b":2,"a":3}', ["b"], [Decimal(2)]),
        ('{"a":1,"b":2,"a":3}', ["a"], None),
        ('{"\\u0061":{"c":1},"b":2,"a":{"c":1}}', ["a", "c"], None),
        ('{"a":{"b":1,"b":1}}', ["a"], [CONTAINER]),
        (" [ ] ", [], [CONTAINER]),
        (b"\xef\xbb\xbf1", [], "unreadable"),
        ("1", [], [Decimal(1)]),
        (b"", [], "unreadable"),
        (b'"\xff"', [], "unreadable"),
        ("NaN", [], "unreadable"),
        ("[-Infinity]", [], "unreadable"),
        ("1 2", [], "unreadable"),
        ("'a'", [], "unreadable"),
        ('"\n"', [], "unreadable"),
        ("01", [], "unreadable"),
        ("[" * 100_000, [], "unreadable"),
        ('{"a":1}'.encode("utf-16"), ["a"], "unreadable"),
    ],
)
def test_what_is_at_a_path(value: bytes | str, steps: list[Any], found: Any) -> None:
    assert at(value, *steps) == found


def test_how_much_is_read() -> None:
    assert at(b'"' + b"x" * (MAX_JSON_BYTES - 2) + b'"') == [b"x" * (MAX_JSON_BYTES - 2)]
    assert at(b'"' + b"x" * (MAX_JSON_BYTES - 1) + b'"') == "unreadable"
    assert len(at(json.dumps([0] * MAX_VALUES), EVERY)) == MAX_VALUES
    assert at(json.dumps([0] * (MAX_VALUES + 1)), EVERY) is None
    assert at(json.dumps([[0] * MAX_VALUES, [0]]), EVERY, EVERY) is None


def test_other_places() -> None:
    sight = Sight(record(b"no JSON", b"k", [(b"h", b"1"), (b"h", b"2"), (b"n", None)]), CROSSING)
    assert sight.values(KeyValue()) == (b"k",)
    assert sight.values(HeaderValue(b"h")) is None
    assert sight.values(HeaderValue(b"n")) == [None]
    assert sight.values(HeaderValue(b"x")) == []
    assert [sight.exists(HeaderValue(name)) for name in (b"h", b"n", b"x")] == [True, True, False]
    assert sight.exists(KeyValue())
    assert not sight.unreadable
    assert sight.exists(Path(())) is None
    assert sight.unreadable


def test_literals_and_variables() -> None:
    sight = Sight(record(b""), CROSSING)
    assert sight.values(Literal(Kind.NULL, None)) == (WRITTEN_NULL,)
    assert sight.values(Literal(Kind.FLAG, True)) == (True,)
    assert sight.values(Variable.PRINCIPAL_NAME) == (b"alice",)
    assert sight.values(Variable.PRINCIPAL_GROUPS) == [b"ops"]
    assert sight.values(Variable.FROM_ZONE) == (b"a",)
    assert sight.values(Variable.TO_ZONE) == (b"b",)


def test_existence() -> None:
    sight = Sight(record(b'{"a":null,"b":[]}'), CROSSING)
    assert sight.exists(Path((b"a",))) is True
    assert sight.exists(Path((b"b", EVERY))) is False
