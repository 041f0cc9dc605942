"""What a condition is: plain values that compare and hash by what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final

EVERY: Final = -1
"""The step ``[*]`` of a path."""


class Kind(Enum):
    """What a literal is. Values of different kinds are never compared: 5 is not "5", and 1 is not true."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is written in the condition: UTF-8, an exact decimal, True or False, None."""

    kind: Kind
    value: bytes | Decimal | bool | None


@dataclass(frozen=True, slots=True)
class Path:
    """Places in the record's value: names in UTF-8, indexes, EVERY. No step at all is the whole value."""

    steps: tuple[bytes | int, ...]


@dataclass(frozen=True, slots=True)
class HeaderValue:
    """What the headers of a name (UTF-8) say."""

    name: bytes


@dataclass(frozen=True, slots=True)
class KeyValue:
    """The record's key."""


class Variable(Enum):
    """Who asks, and across which boundary."""

    PRINCIPAL_NAME = "principal.name"
    PRINCIPAL_GROUPS = "principal.groups"
    FROM_ZONE = "zone.from"
    TO_ZONE = "zone.to"


Place = Path | HeaderValue | KeyValue
Operand = Place | Variable | Literal


class Comparison(Enum):
    """How two values are compared."""

    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="


@dataclass(frozen=True, slots=True)
class Compare:
    """Every value of one side, held against every one of the other."""

    left: Operand
    comparison: Comparison
    right: Operand


@dataclass(frozen=True, slots=True)
class Member:
    """Whether every value of ``left`` is (``negated``: is not) among those of the other side."""

    left: Operand
    among: tuple[Literal, ...] | Operand
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether there is anything, null included, at a place."""

    place: Place


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    conditions: tuple[Condition, ...]


Condition = Compare | Member | Exists | Not | And | Or


def operands(condition: Condition) -> frozenset[Operand]:
    """All that a condition looks at."""
    if isinstance(condition, Not):
        return operands(condition.condition)
    if isinstance(condition, And | Or):
        return frozenset().union(*map(operands, condition.conditions))
    if isinstance(condition, Exists):
        return frozenset({condition.place})
    if isinstance(condition, Compare):
        return frozenset({condition.left, condition.right})
    among = condition.among
    return frozenset({condition.left, *(among if isinstance(among, tuple) else (among,))})
