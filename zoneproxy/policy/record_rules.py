"""Controls that are about whole records: what must be so for them to cross, who sees them, and where they have been."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeGuard

from zoneproxy.policy.conditions.tree import Condition, Variable, operands
from zoneproxy.policy.controls import Control
from zoneproxy.policy.patterns import Pattern

DEFAULT_MAX_HOPS = 8
LINEAGE_HEADERS = "zoneproxy-lineage"
"""All headers whose names begin so are the proxy's own."""


@dataclass(frozen=True, slots=True)
class RowFilter(Control):
    """Only records of which ``condition`` is true cross; ``when`` is how it was written. Tombstones do, too."""

    when: str = field(compare=False)
    condition: Condition

    @property
    def per_principal(self) -> bool:
        """See Control."""
        return any(isinstance(operand, Variable) for operand in operands(self.condition))


@dataclass(frozen=True, slots=True)
class HeaderNames(Control):
    """Headers that must be there, and headers that must not: these are taken off, or the record does not cross."""

    require: tuple[Pattern, ...]
    forbid: tuple[Pattern, ...]
    removes: bool

    @property
    def keeps_records(self) -> bool:
        """See Control."""
        return self.removes and not self.require


@dataclass(frozen=True, slots=True)
class MaximumSize(Control):
    """The most bytes that a record's key, value, headers (names and values) or all of these may have."""

    key: int | None = None
    value: int | None = None
    headers: int | None = None
    record: int | None = None


@dataclass(frozen=True, slots=True)
class Lineage(Control):
    """Verify where a record says that it has been, and (``add``) write down that it crosses here, too.

    ``require``: without lineage it does not cross. ``key`` signs, if it is written; otherwise the first of those that
    ``ring`` has for the zone that the record leaves. ``ring``: zone → names of the keys that may have signed for it.
    """

    key: str | None = None
    require: bool = False
    add: bool = True
    max_hops: int = DEFAULT_MAX_HOPS
    ring: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """See Control."""
        return frozenset(name for _, names in self.ring for name in names) | ({self.key} if self.key else frozenset())

    @property
    def keeps_records(self) -> bool:
        """See Control."""
        return not self.require

    @property
    def signs(self) -> bool:
        """See Control."""
        return self.add

    @property
    def only_guards(self) -> bool:
        """Whether records without lineage are none of its business."""
        return not self.add and not self.require

    def as_guard(self) -> Lineage:
        """The same, for flows that have no such rule."""
        return Lineage("", add=False, ring=self.ring)


def is_lineage(control: Control) -> TypeGuard[Lineage]:
    """Whether it is a lineage control that is meant."""
    return isinstance(control, Lineage) and not control.dry_run
