"""The leaves of a document as a tree, in which paths can be followed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from zoneproxy.formats.document import Kind, Leaf
from zoneproxy.policy.conditions.tree import EVERY

MAX_VALUES = 10_000
"""Where a path leads to more, nothing is said."""
CONTAINER: Final = object()
"""An object or array, or what there is no word for in a condition."""

Value = object
"""Texts as bytes of UTF-8, numbers as Decimal, True, False, None, CONTAINER."""

_OTHER = {b"true": True, b"false": False, b"null": None}


class Tree:
    """What is at one place, and the places below it by names and indexes."""

    __slots__ = ("below", "names", "values")

    def __init__(self) -> None:
        self.below: dict[bytes | int, Tree] = {}
        self.values: list[Value] = []
        self.names = 0  # how often it was named

    @classmethod
    def of(cls, leaves: Iterable[Leaf]) -> Tree:
        """The root. Names that come from the data are no values, but they tell what is named twice."""
        root = cls()
        for leaf in leaves:
            place = root
            for step in leaf.path:
                below = place.below.get(step)
                if below is None:
                    below = place.below[step] = cls()
                place = below
            if leaf.kind is Kind.NAME:
                place.names += 1
            else:
                place.values.append(_value(leaf))
        return root

    def at(self, steps: Sequence[bytes | int]) -> Sequence[Value] | None:
        """All values there, () for none; None where it could be read in two ways, or there are too many."""
        places = [self]
        for step in steps:
            places = [below for place in places for below in place.next(step)]
            if len(places) > MAX_VALUES or any(place.is_ambiguous for place in places):
                return None
        return [place.values[0] if place.values else CONTAINER for place in places]

    @property
    def is_ambiguous(self) -> bool:
        """Whether somebody else might see another value here."""
        return self.names > 1 or len(self.values) > 1

    def next(self, step: bytes | int) -> Iterator[Tree]:
        """The places that a step leads to."""
        if step == EVERY:
            yield from (below for place, below in self.below.items() if isinstance(place, int))
        elif step in self.below:
            yield self.below[step]


def _value(leaf: Leaf) -> Value:
    if leaf.kind is Kind.OTHER:
        return _OTHER.get(leaf.text, CONTAINER)
    if leaf.kind is Kind.NUMBER:
        try:
            return Decimal(leaf.text.decode())
        except (ArithmeticError, ValueError):
            return CONTAINER
    return leaf.text
