"""What is told of findings: how many of each type, how sure, and where the first ones are. Never a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneproxy.app.scanning.search import Found

MAX_LISTED = 100_000  # findings that are listed; all are counted


@dataclass(slots=True)
class OfType:
    """All findings of one type."""

    count: int = 0
    units: int = 0
    highest: float = 0.0
    places: dict[str, int] = field(default_factory=dict)
    first: list[str] = field(default_factory=list)


class Report:
    """Grows while things are looked through. ``examples`` places of each type are remembered, all if ``listed``."""

    def __init__(self, examples: int = 3, listed: bool = False) -> None:
        self.types: dict[str, OfType] = {}
        self.units = 0
        self.bytes = 0
        self.listed: list[Found] = []
        self.problems: list[str] = []  # what could not be read
        self._examples = examples
        self._lists = listed

    @property
    def findings(self) -> int:
        """How many there are."""
        return sum(each.count for each in self.types.values())

    def add(self, found: list[Found], size: int) -> None:
        """What was found in one unit of ``size`` bytes."""
        self.units += 1
        self.bytes += size
        for one in found:
            self._count(one)
        for type_ in {one.type for one in found}:
            self.types[type_].units += 1
        if self._lists:
            self.listed += found[: MAX_LISTED - len(self.listed)]

    def _count(self, one: Found) -> None:
        of_type = self.types.setdefault(one.type, OfType())
        of_type.count += 1
        of_type.highest = max(of_type.highest, one.confidence)
        of_type.places[one.place] = of_type.places.get(one.place, 0) + 1
        if len(of_type.first) < self._examples:
            of_type.first.append(one.where)
