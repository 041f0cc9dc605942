from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.batch_kit import record
from tests.policy.conditions.kit import CONDITIONS
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.rules.conditions import Truth, holds
from zoneproxy.boundary.rules.values import Sight
from zoneproxy.policy.conditions.parser import parse_condition
from zoneproxy.policy.conditions.tree import Condition, Not

CROSSING = Crossing("fetch", "t", 0, "a", "b", "alice", frozenset({"ops", "dev"}))
VALUE: dict[str, Any] = {
    "region": "EU", "n": 5, "price": 12.50, "on": True, "nothing": None, "object": {"a": 1}, "tags": ["x", "y"],
    "numbers": [1, 2, 3], "mixed": ["x", 1, None], "none": [], "items": [{"r": "EU"}, {"r": "US"}], "nulls": [None],
}  # fmt: skip


def truth(text: str, value: Any = VALUE, **more: Any) -> Truth:
    text_of_value = value if isinstance(value, bytes) else json.dumps(value).encode()
    return holds(parse_condition(text), Sight(record(text_of_value, **more), CROSSING))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('$.region == "EU"', True),
        ('$.region == "eu"', False),
        ('$.region != "US"', True),
        ('$.region < "F"', True),
        ('$.region >= "EU"', True),
        ("$.n == 5", True),
        ("$.n == 5.0", True),
        ("$.n > 4.999", True),
        ("$.n <= 4.999", False),
        ("$.price == 12.5", True),
        ("$.on == true", True),
        ("$.on != false", True),
        # what is not there, is null or is of another kind
        ('$.other == "EU"', None),
        ('$.other != "EU"', None),
        ('not ($.other == "EU")', None),
        ('$.nothing == "EU"', None),
        ('$.nothing != "EU"', None),
        ('$.n == "5"', None),
        ('$.n != "5"', None),
        ("$.on == 1", None),
        ('$.n < "6"', None),
        ("$.on < $.on", None),
        ("$.object == 1", None),
        ("$.object == $.object", None),
        ("$.nothing == $.nothing", None),
        # null, if it is asked for
        ("$.nothing == null", True),
        ("$.nothing != null", False),
        ("null == $.n", False),
        ("$.object != null", True),
        ("$.other == null", None),
        # several values
        ('$.items[*].r == "EU"', False),
        ('$.items[*].r != "US"', False),
        ('$.items[*].r != "UK"', True),
        ("$.none[*] == 1", None),
        ("$.numbers[*] > 0", True),
        ("$.numbers[*] > 1", False),
        ("$.mixed[*] == 1", None),
        # membership
        ('$.region in ["EU", "UK"]', True),
        ('$.region in ["US", "UK"]', False),
        ('$.region not in ["US", "UK"]', True),
        ('$.region in ["US", 1]', None),
        ('$.region in ["EU", 1]', True),
        ('$.region in ["US", null]', False),
        ("$.nothing in [1, null]", True),
        ("$.nothing in [1]", None),
        ("$.nothing not in [1, null]", False),
        ("$.object in [null]", False),
        ("$.object in [1, null]", None),
        ("$.on in [1]", None),
        ("$.n in [true]", None),
        ('$.tags[*] in ["x", "y", "z"]', True),
        ('$.tags[*] in ["x"]', False),
        ('$.tags[*] not in ["x"]', False),
        ('"y" in $.tags[*]', True),
        ('"z" in $.tags[*]', False),
        ('"z" not in $.tags[*]', True),
        ('"z" in $.mixed[*]', None),
        ('"z" in $.none[*]', None),
        ('"z" not in $.other[*]', None),
        ("null in $.nulls[*]", True),
        ("null in $.tags[*]", False),
        # existence
        ("exists($.nothing)", True),
        ("exists($.object)", True),
        ("exists($.object.b)", False),
        ("exists($.none[*])", False),
        ("not exists($.other)", True),
        # who asks
        ('principal.name == "alice"', True),
        ('principal.name in ["bob"]', False),
        ('"ops" in principal.groups', True),
        ('"x" in principal.groups', False),
        ("$.region in principal.groups", False),
        ("$.n in principal.groups", None),
        ('zone.from == "a" and zone.to == "b"', True),
        # together
        ('$.region == "EU" and $.n == 5', True),
        ('$.region == "EU" and $.other == 1', None),
        ('$.region == "US" and $.other == 1', False),
        ('$.other == 1 and $.region == "US"', False),
        ('$.region == "EU" or $.other == 1', True),
        ('$.other == 1 or $.region == "EU"', True),
        ('$.other == 1 or $.region == "US"', None),
        ('not ($.region == "US" or $.n == 6)', True),
    ],
)  # fmt: skip
def test_truth(text: str, expected: Truth) -> None:
    assert truth(text) is expected


def test_keys_and_headers() -> None:
    headers = [("x", b"EU"), ("twice", b"1"), ("twice", b"1"), ("null", None)]
    more = {"key": b"k", "headers": [(name.encode(), value) for name, value in headers]}
    for text, expected in {
        'key == "k"': True,
        "exists(key)": True,
        'header("x") == "EU"': True,
        'header("X") == "EU"': None,
        'header("twice") == "1"': None,
        'exists(header("twice"))': True,
        'header("null") == null': True,
        'exists(header("null"))': True,
        'exists(header("none"))': False,
    }.items():
        assert truth(text, b"no JSON", **more) is expected, text
    assert truth('key == "k"') is None
    assert truth("key == null") is True
    assert truth("exists(key)") is False


@pytest.mark.parametrize(
    "text", ['$.region == "EU"', '$.region != "EU"', "not exists($.region)", "exists($)", "$ == null", '"x" in $.a[*]']
)
def test_nothing_is_said_about_what_cannot_be_read(text: str) -> None:
    for value in (b"", b"{", b"EU", b'{"region":"EU"} x', b'{"a":1,"region":"EU","region":"US"}'):
        if b"region" not in value or "region" in text:
            assert truth(text, value) is None


def test_numbers_are_exact() -> None:
    assert truth("$ == 0.1", b"0.10") is True
    assert truth("$ == 0.1", b"0.1000000000000000000000000000000001") is False
    assert truth("$ > 9007199254740992", b"9007199254740993") is True
    assert truth("$ == 1e3", b"1000") is True
    assert truth("$ < 1", b"1e-999999999") is True
    assert truth("$ > 1", b"1e" + b"9" * 30) is None  # there is no such number


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["", "a", "EU"]), inner, max_size=3),
    max_leaves=8,
)
VALUES = JSON.map(json.dumps).map(str.encode) | st.binary(max_size=10)
PARTS = st.none() | st.binary(max_size=3)
HEADERS = st.lists(st.tuples(st.binary(max_size=3), PARTS), max_size=3)


@given(CONDITIONS, VALUES, PARTS, HEADERS)
def test_there_is_an_answer_for_every_record_and_its_opposite_for_the_opposite(
    condition: Condition, value: bytes, key: bytes | None, headers: list[Any]
) -> None:
    told = holds(condition, Sight(record(value, key, headers), CROSSING))
    assert told in (True, False, None)
    opposite = holds(Not(condition), Sight(record(value, key, headers), CROSSING))
    assert opposite is (None if told is None else not told)
