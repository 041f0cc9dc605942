"""Conditions made up, and how they are written: for tests of both directions."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import strategies as st

from zoneproxy.policy.conditions.tree import (
    EVERY,
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
    Operand,
    Or,
    Path,
    Variable,
    operands,
)

TEXTS = st.text(max_size=6).map(str.encode) | st.sampled_from([b"EU", b"a'b", b'a"b\\'])
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**6), max_value=10**6)
PATHS = st.lists(TEXTS.filter(bool) | st.integers(EVERY, 99), max_size=4).map(tuple).map(Path)
PLACES = PATHS | TEXTS.map(HeaderValue) | st.just(KeyValue())
ORDERED_LITERALS = TEXTS.map(lambda text: Literal(Kind.TEXT, text)) | NUMBERS.map(lambda n: Literal(Kind.NUMBER, n))
LITERALS = ORDERED_LITERALS | st.sampled_from(
    [Literal(Kind.FLAG, True), Literal(Kind.FLAG, False), Literal(Kind.NULL, None)]
)
ONE_VALUE = [Variable.PRINCIPAL_NAME, Variable.FROM_ZONE, Variable.TO_ZONE]
LOOKED_AT = PLACES | st.sampled_from(ONE_VALUE)
AMONG = st.lists(LITERALS, min_size=1, max_size=3).map(tuple) | PLACES | st.sampled_from(list(Variable))
TESTS: st.SearchStrategy[Condition] = (
    st.builds(Compare, LOOKED_AT, st.sampled_from(Comparison), ORDERED_LITERALS | LOOKED_AT)
    | st.builds(Compare, LITERALS, st.sampled_from([Comparison.EQUAL, Comparison.NOT_EQUAL]), LOOKED_AT)
    | st.builds(Member, LOOKED_AT, AMONG, st.booleans())
    | st.builds(Member, LITERALS, PLACES | st.just(Variable.PRINCIPAL_GROUPS), st.booleans())
    | st.builds(Exists, PLACES)
)
CONDITIONS = st.recursive(
    TESTS.filter(lambda test: not _lists_on_both_sides(test)),
    lambda inner: (
        st.builds(Not, inner)
        | st.lists(inner.filter(lambda c: not isinstance(c, And)), min_size=2, max_size=3).map(tuple).map(And)
        | st.lists(inner.filter(lambda c: not isinstance(c, Or)), min_size=2, max_size=3).map(tuple).map(Or)
    ),
    max_leaves=6,
)


def _lists_on_both_sides(condition: Condition) -> bool:
    found = operands(condition)
    return len([each for each in found if isinstance(each, Path) and EVERY in each.steps]) > 1 or (
        isinstance(condition, Compare | Member)
        and isinstance(condition.left, Path)
        and EVERY in condition.left.steps
        and condition.left in ([condition.right] if isinstance(condition, Compare) else [condition.among])
    )


def written(condition: Condition) -> str:
    """``condition`` as somebody could write it."""
    if isinstance(condition, Or):
        return " or ".join(map(written, condition.conditions))
    if isinstance(condition, And):
        return " and ".join(f"({written(c)})" if isinstance(c, Or) else written(c) for c in condition.conditions)
    if isinstance(condition, Not):
        return f"not ({written(condition.condition)})"
    if isinstance(condition, Exists):
        return f"exists({_operand(condition.place)})"
    if isinstance(condition, Compare):
        return f"{_operand(condition.left)} {condition.comparison.value} {_operand(condition.right)}"
    among = condition.among
    right = f"[{', '.join(map(_operand, among))}]" if isinstance(among, tuple) else _operand(among)
    return f"{_operand(condition.left)} {'not in' if condition.negated else 'in'} {right}"


def _operand(operand: Operand) -> str:
    if isinstance(operand, Variable):
        return operand.value
    if isinstance(operand, KeyValue):
        return "key"
    if isinstance(operand, HeaderValue):
        return f"header({_quoted(operand.name)})"
    if isinstance(operand, Path):
        return "$" + "".join(map(_step, operand.steps))
    if isinstance(operand.value, bytes):
        return _quoted(operand.value)
    if isinstance(operand.value, Decimal):
        return format(operand.value, "f")
    return {True: "true", False: "false", None: "null"}[operand.value]


def _step(step: bytes | int) -> str:
    if isinstance(step, bytes):
        return f"[{_quoted(step)}]"
    return "[*]" if step == EVERY else f"[{step}]"


def _quoted(text: bytes) -> str:
    return json.dumps(text.decode())
