"""Whether a condition holds for a record: True, False, or None where there is no telling.

As in SQL, what is not there, is null, or is of another kind than what it is compared with makes a comparison neither
true nor false, and its opposite as well. Only what is true lets a record through, so ``not ($.secret == true)`` keeps
back a record that does not say whether it is secret. Where a path leads to several values, a comparison has to hold for
every one of them.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from decimal import Decimal
from types import NoneType
from typing import Any

from zoneproxy.boundary.rules.tree import CONTAINER, Value
from zoneproxy.boundary.rules.values import WRITTEN_NULL, Sight
from zoneproxy.policy.conditions.tree import (
    And,
    Compare,
    Comparison,
    Condition,
    Exists,
    Literal,
    Member,
    Not,
    Operand,
    Or,
    Variable,
)

Truth = bool | None


def holds(condition: Condition, sight: Sight) -> Truth:
    """What ``condition`` says of the record that ``sight`` is of. Raises nothing."""
    if isinstance(condition, And):
        return _every(holds(each, sight) for each in condition.conditions)
    if isinstance(condition, Or):
        return _opposite(_every(_opposite(holds(each, sight)) for each in condition.conditions))
    if isinstance(condition, Not):
        return _opposite(holds(condition.condition, sight))
    if isinstance(condition, Exists):
        return sight.exists(condition.place)
    return _member(condition, sight) if isinstance(condition, Member) else _compare(condition, sight)


def _every(truths: Iterable[Truth]) -> Truth:
    """False if any is, else None if any is, else True."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def _opposite(truth: Truth) -> Truth:
    return None if truth is None else not truth


# --- comparisons -------------------------------------------------------------------------------------------------


def _compare(condition: Compare, sight: Sight) -> Truth:
    left, right = sight.values(condition.left), sight.values(condition.right)
    if not left or not right:
        return None
    compared = _COMPARED[condition.comparison]
    return _every(compared(one, other) for one in left for other in right)


def _equal(one: Value, other: Value) -> Truth:
    if one is WRITTEN_NULL or other is WRITTEN_NULL:
        return one is None or other is None
    if type(one) is not type(other) or one is None or one is CONTAINER:
        return None
    return one == other


def _not_equal(one: Value, other: Value) -> Truth:
    return _opposite(_equal(one, other))


def _in_order(compared: Callable[[Any, Any], bool]) -> Callable[[Value, Value], Truth]:
    def truth(one: Value, other: Value) -> Truth:
        if type(one) is not type(other) or not isinstance(one, bytes | Decimal):
            return None
        return compared(one, other)

    return truth


_COMPARED: dict[Comparison, Callable[[Value, Value], Truth]] = {
    Comparison.EQUAL: _equal,
    Comparison.NOT_EQUAL: _not_equal,
    Comparison.LESS: _in_order(operator.lt),
    Comparison.LESS_OR_EQUAL: _in_order(operator.le),
    Comparison.GREATER: _in_order(operator.gt),
    Comparison.GREATER_OR_EQUAL: _in_order(operator.ge),
}


# --- membership --------------------------------------------------------------------------------------------------


def _member(condition: Member, sight: Sight) -> Truth:
    left, group = sight.values(condition.left), _group(condition.among, sight)
    if not left or group is None:
        return None
    truths = map(group.has, left)
    return _every(map(_opposite, truths) if condition.negated else truths)


def _group(among: tuple[Literal, ...] | Operand, sight: Sight) -> _Group | None:
    if isinstance(among, tuple):
        return _Group([value for literal in among for value in sight.values(literal) or ()])
    values = sight.values(among)
    known = values or (values is not None and isinstance(among, Variable))  # somebody may be in no group at all
    return _Group(values or ()) if known else None


class _Group:
    """Values to be looked up, each among those of its own kind: to Python, 1 and True are the same."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._by_kind: dict[type, list[Value]] = {}  # no sets: a record could choose numbers with one hash
        self._null_is_written = False
        for value in values:
            if value is WRITTEN_NULL:
                self._null_is_written = True
            else:
                self._by_kind.setdefault(type(value), []).append(value)

    def has(self, value: Value) -> Truth:
        """True: it is one of them. False: it is none of them, and all can be compared with it."""
        if value is WRITTEN_NULL:
            return NoneType in self._by_kind
        if value is None or value is CONTAINER:
            if not self._null_is_written or (self._by_kind and value is CONTAINER):
                return None
            return value is None
        if value in self._by_kind.get(type(value), ()):
            return True
        return False if self._by_kind.keys() <= {type(value)} else None
