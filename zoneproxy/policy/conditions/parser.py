"""A text → the condition that it is. By recursive descent, bounded in length, depth and parts:

    condition  = all {"or" all}
    all        = one {"and" one}
    one        = "not" one | "(" condition ")" | "exists" "(" place ")" | operand test
    test       = ("==" | "!=" | "<" | "<=" | ">" | ">=") operand | ["not"] "in" (list | operand)
    list       = "[" literal {"," literal} "]"
    operand    = place | literal | "principal.name" | "principal.groups" | "zone.from" | "zone.to"
    place      = path | "header" "(" text ")" | "key"
    literal    = text | number | "true" | "false" | "null"

Paths are those of field rules: ``$.card.number``, ``$.items[*].email``, ``$['odd name'][0]``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from zoneproxy.policy.conditions.reading import Reading
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
    Place,
    Variable,
)
from zoneproxy.policy.conditions.words import NotACondition, Word, WordKind

MAX_LENGTH = 4096  # characters

_CONSTANTS = {
    "true": Literal(Kind.FLAG, True),
    "false": Literal(Kind.FLAG, False),
    "null": Literal(Kind.NULL, None),
}
_COMPARISONS = {comparison.value: comparison for comparison in Comparison}
_VARIABLES = {variable.value: variable for variable in Variable}


def parse_condition(text: str) -> Condition:
    """The condition that ``text`` is. Raises NotACondition, and nothing else whatever the text is."""
    if len(text) > MAX_LENGTH:
        raise NotACondition(f"longer than {MAX_LENGTH} characters", MAX_LENGTH)
    return _Parser(text).whole()


class _Parser(Reading):
    def whole(self) -> Condition:
        condition = self._condition()
        if self.word.kind is not WordKind.END:
            raise self.expected("`and`, `or` or the end")
        return condition

    # --- conditions ----------------------------------------------------------------------------------------------

    def _condition(self) -> Condition:
        parts = [self._all()]
        while self.take("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Condition:
        parts = [self._one()]
        while self.take("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Condition:
        self.count()
        if self.take("not"):
            self.deeper()
            inner = self._one()
            self.higher()
            return Not(inner)
        if self.take("("):
            self.deeper()
            inner = self._condition()
            self.higher()
            self.require(")")
            return inner
        if self.take("exists"):
            self.require("(")
            place = self._place()
            self.require(")")
            return Exists(place)
        return self._test()

    def _test(self) -> Condition:
        start, left = self.word, self._operand()
        negated = self.take("not")
        if self.take("in"):
            among = self._list() if self.take("[") else self._operand()
            return _member(left, among, negated, start)
        comparison = None if negated else _COMPARISONS.get(self.word.written)
        if comparison is None:
            raise self.expected("`in`" if negated else "`==`, `!=`, `<`, `<=`, `>`, `>=`, `in` or `not in`")
        self.next()
        return _compare(left, comparison, self._operand(), start)

    # --- what is compared ----------------------------------------------------------------------------------------

    def _operand(self) -> Operand:
        word = self.word
        variable = _VARIABLES.get(word.written)
        if variable is not None:
            self.count()
            self.next()
            return variable
        if word.kind is WordKind.PATH or word.written in ("key", "header"):
            return self._place()
        return self._literal('a path as `$.a.b`, `header("name")`, `key`, `principal.name` or a literal')

    def _place(self) -> Place:
        self.count()
        word = self.word
        if word.kind is WordKind.PATH:
            self.next()
            return Path(cast("tuple[bytes | int, ...]", word.value))
        if self.take("key"):
            return KeyValue()
        if self.take("header"):
            self.require("(")
            name = self.word
            if name.kind is not WordKind.TEXT:
                raise self.expected("the name of a header, in quotes")
            self.next()
            self.require(")")
            return HeaderValue(cast("bytes", name.value))
        raise self.expected('a path as `$.a.b`, `header("name")` or `key`')

    def _list(self) -> tuple[Literal, ...]:
        literals = [self._literal("a text or a number")]
        while self.take(","):
            literals.append(self._literal("a text or a number"))
        self.require("]")
        return tuple(literals)

    def _literal(self, expected: str) -> Literal:
        self.count()
        word = self.word
        literal = _CONSTANTS.get(word.written)
        if word.kind is WordKind.TEXT:
            literal = Literal(Kind.TEXT, cast("bytes", word.value))
        elif word.kind is WordKind.NUMBER:
            literal = Literal(Kind.NUMBER, cast("Decimal", word.value))
        if literal is None:
            raise self.expected(expected)
        self.next()
        return literal


def _compare(left: Operand, comparison: Comparison, right: Operand, start: Word) -> Condition:
    _look_at_something(left, right, start)
    _is_no_list(left, start)
    _is_no_list(right, start)
    if comparison not in _FOR_EVERYTHING and any(_has_no_order(side) for side in (left, right)):
        raise NotACondition("only numbers and texts are less or greater", start.at)
    return Compare(left, comparison, right)


def _member(left: Operand, among: tuple[Literal, ...] | Operand, negated: bool, start: Word) -> Condition:
    _look_at_something(left, among, start)
    _is_no_list(left, start)
    return Member(left, among, negated)


def _look_at_something(left: Operand, right: tuple[Literal, ...] | Operand, start: Word) -> None:
    """``1 == 1`` is a slip of the pen, and all of one list against all of another takes too long."""
    if isinstance(left, Literal) and isinstance(right, tuple | Literal):
        raise NotACondition("both sides are written out: nothing of a record is looked at", start.at)
    if all(isinstance(side, Path) and EVERY in side.steps for side in (left, right)):
        raise NotACondition("only one side may have `[*]`", start.at)


def _is_no_list(operand: Operand, start: Word) -> None:
    if operand is Variable.PRINCIPAL_GROUPS:
        raise NotACondition("`principal.groups` is a list: ... `in principal.groups`", start.at)


def _has_no_order(operand: Operand) -> bool:
    return isinstance(operand, Literal) and operand.kind in (Kind.FLAG, Kind.NULL)


_FOR_EVERYTHING = frozenset({Comparison.EQUAL, Comparison.NOT_EQUAL})
