from __future__ import annotations

from decimal import Decimal

from hypothesis import given

from tests.policy.conditions.kit import CONDITIONS
from zoneproxy.policy.conditions.parser import parse_condition
from zoneproxy.policy.conditions.tree import Condition, HeaderValue, KeyValue, Kind, Literal, Path, Variable, operands


def test_literals_of_different_kinds_are_different_conditions() -> None:
    """To Python, 1 and True are the same."""
    assert Decimal(1) == True  # noqa: E712 -- this is the trap
    assert parse_condition("$.a == 1") != parse_condition("$.a == true")
    assert parse_condition("$.a == 1.0") == parse_condition("$.a == 1")


def test_what_is_looked_at() -> None:
    text = 'not ($.a == principal.name or header("h") in ["x", 1]) and exists(key) and "g" in principal.groups'
    assert operands(parse_condition(text)) == {
        Path((b"a",)),
        Variable.PRINCIPAL_NAME,
        HeaderValue(b"h"),
        Literal(Kind.TEXT, b"x"),
        Literal(Kind.NUMBER, Decimal(1)),
        KeyValue(),
        Literal(Kind.TEXT, b"g"),
        Variable.PRINCIPAL_GROUPS,
    }


@given(CONDITIONS)
def test_equal_conditions_have_equal_hashes(condition: Condition) -> None:
    assert len({condition, condition}) == 1
    assert operands(condition)
