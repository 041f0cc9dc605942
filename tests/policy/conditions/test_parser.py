from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy.conditions.kit import CONDITIONS, written
from zoneproxy.policy.conditions.parser import MAX_LENGTH, parse_condition
from zoneproxy.policy.conditions.reading import MAX_DEPTH, MAX_PARTS
from zoneproxy.policy.conditions.tree import (
    And,
    Compare,
    Comparison,
    Condition,
    Exists,
    HeaderValue,
    KeyValue,
    Kind,
    Literal,
    Member,
    Not,
    Or,
    Path,
    Variable,
)
from zoneproxy.policy.conditions.words import NotACondition

REGION = Path((b"region",))
EU = Literal(Kind.TEXT, b"EU")
IS_EU = Compare(REGION, Comparison.EQUAL, EU)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ('$.region == "EU"', IS_EU),
        ("$.region=='EU'", IS_EU),
        ('"EU" == $.region', Compare(EU, Comparison.EQUAL, REGION)),
        ("$.n >= 1.50", Compare(Path((b"n",)), Comparison.GREATER_OR_EQUAL, Literal(Kind.NUMBER, Decimal("1.5")))),
        ("$.a != null", Compare(Path((b"a",)), Comparison.NOT_EQUAL, Literal(Kind.NULL, None))),
        ("$.a == true", Compare(Path((b"a",)), Comparison.EQUAL, Literal(Kind.FLAG, True))),
        ('header("x y") == key', Compare(HeaderValue(b"x y"), Comparison.EQUAL, KeyValue())),
        ("$.tenant == principal.name", Compare(Path((b"tenant",)), Comparison.EQUAL, Variable.PRINCIPAL_NAME)),
        ("zone.from != zone.to", Compare(Variable.FROM_ZONE, Comparison.NOT_EQUAL, Variable.TO_ZONE)),
        ("$.t in principal.groups", Member(Path((b"t",)), Variable.PRINCIPAL_GROUPS)),
        ('"ops" in principal.groups', Member(Literal(Kind.TEXT, b"ops"), Variable.PRINCIPAL_GROUPS)),
        ("principal.name in $.readers[*]", Member(Variable.PRINCIPAL_NAME, Path((b"readers", -1)))),
        ('$.region in ["EU"]', Member(REGION, (EU,))),
        ('$.region not in ["EU"]', Member(REGION, (EU,), negated=True)),
        ("exists($.region)", Exists(REGION)),
        ("exists(key)", Exists(KeyValue())),
        ("not exists($)", Not(Exists(Path(())))),
        ("not not exists(key)", Not(Not(Exists(KeyValue())))),
        ("((exists(key)))", Exists(KeyValue())),
    ],
)
def test_conditions(text: str, condition: Condition) -> None:
    assert parse_condition(text) == condition


def test_and_binds_closer_than_or_and_not_closer_than_both() -> None:
    a, b, c = (Exists(Path((name,))) for name in (b"a", b"b", b"c"))
    assert parse_condition("exists($.a) or exists($.b) and not exists($.c)") == Or((a, And((b, Not(c)))))
    assert parse_condition("(exists($.a) or exists($.b)) and exists($.c)") == And((Or((a, b)), c))


@pytest.mark.parametrize(
    ("text", "what", "at"),
    [
        ("", "found the end", 0),
        ("$.a", "expected `==`", 3),
        ("$.a ==", "expected a path", 6),
        ("$.a == $.b $.c", "expected `and`, `or` or the end, found `$.c`", 11),
        ("$.a not == 1", "expected `in`", 8),
        ("$.a in []", "expected a text or a number", 8),
        ("$.a in [1", "expected `]`", 9),
        ("$.a in [$.b]", "expected a text or a number", 8),
        ("(exists($.a)", "expected `)`, found the end", 12),
        ("exists(principal.name)", "expected a path", 7),
        ("exists $.a", "expected `(`", 7),
        ("header(x) == 1", "the name of a header, in quotes", 7),
        ('header("x" == 1', "expected `)`", 11),
        ("1 == 1", "both sides are written out", 0),
        ("true and 1 in [1]", "expected `==`", 5),
        ("exists(key) and 1 in [1]", "both sides are written out", 16),
        ("$.a < true", "only numbers and texts", 0),
        ("null > $.a", "only numbers and texts", 0),
        ('principal.groups == "a"', "is a list", 0),
        ('"a" == principal.groups', "is a list", 0),
        ('principal.groups in ["a"]', "is a list", 0),
        ("$.a[*] == $.b[*].c", "only one side may have `[*]`", 0),
        ("$.a[*] in $.b[*].c", "only one side may have `[*]`", 0),
        ("principal.age == 1", "expected a path", 0),
        ("$.a[-1] == 1", "expected `==`", 3),
        ("$.a == '" + "x" * 10, "not understood: `'xxxxxxxxxx`", 7),
    ],
)
def test_what_is_no_condition_and_where(text: str, what: str, at: int) -> None:
    with pytest.raises(NotACondition) as caught:
        parse_condition(text)
    assert what in caught.value.what
    assert caught.value.at == at


def test_conditions_are_bounded() -> None:
    deep = "(" * MAX_DEPTH + "exists(key)" + ")" * MAX_DEPTH
    assert parse_condition(deep) == Exists(KeyValue())
    with pytest.raises(NotACondition, match="nested too deep"):
        parse_condition(f"({deep})")
    with pytest.raises(NotACondition, match="nested too deep"):
        parse_condition("not " * (MAX_DEPTH + 1) + "exists(key)")
    with pytest.raises(NotACondition, match="too long"):
        parse_condition(f"$.a in [{','.join('1' * MAX_PARTS)}]")
    with pytest.raises(NotACondition, match="longer than"):
        parse_condition(" " * (MAX_LENGTH + 1))


@given(CONDITIONS)
def test_what_is_written_is_what_is_understood(condition: Condition) -> None:
    assert parse_condition(written(condition)) == condition


PIECES = st.sampled_from(
    ["$.a", "$", "[*]", "(", ")", "not ", "and ", "or ", "in ", "==", "<", '"', "'", "\\", "1", "-", "e9", "key", "[",
     "]", ",", "exists", "header", "principal.groups", "zone.to", "null ", " ", "\0", "é", "\ud800"]
)  # fmt: skip


@given(st.text(max_size=60) | st.lists(PIECES, max_size=40).map("".join))
def test_no_text_does_anything_but_be_a_condition_or_not(text: str) -> None:
    wrong = _fault(text)
    assert wrong is None or (0 <= wrong.at <= len(text) and wrong.what.isprintable())


def _fault(text: str) -> NotACondition | None:
    try:
        parse_condition(text)
    except NotACondition as wrong:
        return wrong
    return None
