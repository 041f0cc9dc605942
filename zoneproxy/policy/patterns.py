"""Names of resources, as Kafka's ACLs match them: one name, all names with a prefix, or all names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

T = TypeVar("T")


class PatternKind(Enum):
    """Kafka's PatternType; its LITERAL ``*`` is ANY here."""

    LITERAL = "literal"
    PREFIX = "prefix"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A set of names. ``name`` is empty for ANY."""

    kind: PatternKind
    name: str = ""

    def matches(self, name: str) -> bool:
        """Whether ``name`` belongs to the set."""
        if self.kind is PatternKind.LITERAL:
            return name == self.name
        return name.startswith(self.name)

    def intersect(self, other: Pattern) -> Pattern | None:
        """The names that both sets have. Two such sets have none in common, or one lies within the other."""
        for inner, outer in ((self, other), (other, self)):
            if outer.kind is not PatternKind.LITERAL and inner.name.startswith(outer.name):
                return inner
        return self if self == other else None


ANY = Pattern(PatternKind.ANY)


class PatternMap(Generic[T]):
    """Values by pattern, found by name in a time that hardly depends on how many patterns there are.

    Prefixes are looked up by length: as many dictionary look-ups as there are different lengths.
    """

    __slots__ = ("_anything", "_lengths", "_literals", "_prefixes")

    def __init__(self) -> None:
        self._literals: dict[str, T] = {}
        self._prefixes: dict[str, T] = {}
        self._lengths: tuple[int, ...] = ()
        self._anything: list[T] = []

    def at(self, pattern: Pattern, make: Callable[[], T]) -> T:
        """The value of ``pattern``, made if there is none yet."""
        if pattern.kind is PatternKind.ANY:
            if not self._anything:
                self._anything.append(make())
            return self._anything[0]
        if pattern.kind is PatternKind.LITERAL:
            return self._literals.setdefault(pattern.name, make())
        if len(pattern.name) not in self._lengths:
            self._lengths = tuple(sorted((*self._lengths, len(pattern.name))))
        return self._prefixes.setdefault(pattern.name, make())

    def matching(self, name: str) -> list[T]:
        """The values of all patterns that match ``name``."""
        found = self._around(name)
        literal = self._literals.get(name)
        if literal is not None:
            found.append(literal)
        return found

    def covering(self, pattern: Pattern) -> list[T]:
        """The values of all patterns that match every name that ``pattern`` matches."""
        if pattern.kind is PatternKind.ANY:
            return list(self._anything)
        return self.matching(pattern.name) if pattern.kind is PatternKind.LITERAL else self._around(pattern.name)

    def items(self) -> Iterator[tuple[Pattern, T]]:
        """Every pattern with its value."""
        for value in self._anything:
            yield ANY, value
        for name, value in self._prefixes.items():
            yield Pattern(PatternKind.PREFIX, name), value
        for name, value in self._literals.items():
            yield Pattern(PatternKind.LITERAL, name), value

    def _around(self, name: str) -> list[T]:
        found = list(self._anything)
        for length in self._lengths:
            if length > len(name):
                break
            value = self._prefixes.get(name[:length])
            if value is not None:
                found.append(value)
        return found
