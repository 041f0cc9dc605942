"""What a flow does to the records that cross by it: its controls, as plain values.

A tuple of these is the whole description: everything that the output depends on is in it, except for the bytes of keys
and for who asks. So two flows with equal controls share one compiled plan, and what came of a batch can be kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from zoneproxy.policy.definitions import NO_DEFINITIONS, Definitions
from zoneproxy.policy.transforms import Transform


class Action(IntEnum):
    """What a control does with a record that has a finding; the greater one is the stricter one.

    QUARANTINE is all that BLOCK is, and besides that a sealed copy for those who look into it: so no rule loses what it
    asks for, whatever others do.
    """

    ALLOW = 0
    ALERT = 1
    REDACT = 2
    BLOCK = 3
    QUARANTINE = 4


class Depth(IntEnum):
    """What detectors look at; the greater one sees more.

    FAST: what is written plainly, or with JSON escapes. DEEP: also what is encoded, compressed, disguised or split.
    """

    FAST = 0
    DEEP = 1


@dataclass(frozen=True, slots=True)
class Control:
    """What all controls have in common. ``rule`` is the flow rule's name, for facts and metrics.

    ``dry_run``: what it would have done is counted and told, and nothing is changed. ``on_error``: what becomes of a
    record that it cannot look into; never REDACT.
    """

    rule: str
    dry_run: bool = field(default=False, kw_only=True)
    on_error: Action = field(default=Action.BLOCK, kw_only=True)

    @property
    def keys(self) -> frozenset[str]:
        """The names of the keys that it needs."""
        return frozenset()

    @property
    def keeps_records(self) -> bool:
        """Whether all records stay on fetch, whatever it finds. (What it cannot be sure of goes all the same.)"""
        return False

    @property
    def quarantines(self) -> bool:
        """Whether it may ask for sealed copies of records."""
        return self.on_error is Action.QUARANTINE

    @property
    def per_principal(self) -> bool:
        """Whether what it does depends on who asks, or from which zone."""
        return False

    @property
    def signs(self) -> bool:
        """Whether records are sealed on their way, for the zone that they go to."""
        return False


@dataclass(frozen=True, slots=True)
class Detect(Control):
    """Look for ``types`` anywhere in a record; at ``confidence`` (0..1) and above, take ``action``."""

    types: tuple[str, ...]
    confidence: float
    action: Action
    definitions: Definitions = field(default=NO_DEFINITIONS, kw_only=True)
    depth: Depth = field(default=Depth.FAST, kw_only=True)

    @property
    def keeps_records(self) -> bool:
        """See Control."""
        return self.action <= Action.REDACT

    @property
    def quarantines(self) -> bool:
        """See Control."""
        return Action.QUARANTINE in (self.action, self.on_error)


@dataclass(frozen=True, slots=True)
class RedactField(Control):
    """Change the value at a JSON path such as ``$.card.number`` or ``$.items[*].email``."""

    field: str
    transform: Transform

    @property
    def keys(self) -> frozenset[str]:
        """See Control."""
        return self.transform.keys

    @property
    def keeps_records(self) -> bool:
        """See Control."""
        return True


@dataclass(frozen=True, slots=True)
class RedactFinding(Control):
    """Change whatever one of the detectors ``types`` finds at ``confidence`` and above."""

    types: tuple[str, ...]
    confidence: float
    transform: Transform
    definitions: Definitions = field(default=NO_DEFINITIONS, kw_only=True)
    depth: Depth = field(default=Depth.FAST, kw_only=True)
    record_keys: bool = field(default=False, kw_only=True)  # also in the keys of records

    @property
    def keys(self) -> frozenset[str]:
        """See Control."""
        return self.transform.keys

    @property
    def keeps_records(self) -> bool:
        """See Control."""
        return True
