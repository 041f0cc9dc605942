"""The most exact of many patterns that match a name, found in a time that hardly depends on how many there are.

Where the value of each pattern already holds what all wider ones say, the most exact one is all that counts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import Generic, TypeVar

from zoneproxy.policy.patterns import Pattern, PatternKind

T = TypeVar("T")


class LongestMatch(Generic[T]):
    """Values by pattern: a literal is more exact than a prefix, a long prefix than a short one, any prefix than ANY.

    Prefixes stand in order, so that the one before a name in that order is the longest that the name begins with, or
    begins with that one. From there the way leads to ever shorter ones.
    """

    __slots__ = ("_anything", "_literals", "_prefixes", "_shorter", "_values")

    def __init__(self, values: Iterable[tuple[Pattern, T]], nothing: T) -> None:
        """``nothing`` is the value of names that no pattern matches."""
        by_kind: dict[PatternKind, dict[str, T]] = {kind: {} for kind in PatternKind}
        for pattern, value in values:
            by_kind[pattern.kind][pattern.name] = value
        self._anything = by_kind[PatternKind.ANY].get("", nothing)
        self._literals = by_kind[PatternKind.LITERAL]
        self._prefixes = sorted(by_kind[PatternKind.PREFIX])
        self._values = [by_kind[PatternKind.PREFIX][prefix] for prefix in self._prefixes]
        self._shorter = _shorter(self._prefixes)

    def of(self, name: str) -> T:
        """The value of the most exact pattern that matches ``name``."""
        found = self._literals.get(name)
        if found is not None:
            return found
        prefixes = self._prefixes
        place = bisect_right(prefixes, name) - 1
        while place >= 0:
            if name.startswith(prefixes[place]):
                return self._values[place]
            place = self._shorter[place]
        return self._anything


def _shorter(prefixes: list[str]) -> list[int]:
    """For each of the sorted ``prefixes`` the place of the longest other that it begins with; -1 if there is none."""
    places = []
    open_ones: list[int] = []  # places of the prefixes that the one before begins with, itself included
    for place, prefix in enumerate(prefixes):
        while open_ones and not prefix.startswith(prefixes[open_ones[-1]]):
            open_ones.pop()
        places.append(open_ones[-1] if open_ones else -1)
        open_ones.append(place)
    return places
