"""A crossing: whose records of which topic go from where to where, and under which policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from zoneproxy.boundary.facts import Mode
from zoneproxy.boundary.patience import Patience

Side = Literal["produce", "fetch"]


@dataclass(frozen=True, slots=True)
class Crossing:
    """What records of one partition are treated for. ``observe``: decide and count, and change nothing."""

    side: Side
    topic: str
    partition: int
    from_zone: str = ""
    to_zone: str = ""
    principal: str = ""  # its name, without ``User:``
    groups: frozenset[str] = frozenset()  # of the principal
    digest: str = ""  # of the policy
    now: float = 0.0  # seconds since the epoch
    observe: bool = False
    patience: Patience | None = field(default=None, compare=False)  # of the event loop that waits, if one does

    @property
    def mode(self) -> Mode:
        """For facts."""
        return "observed" if self.observe else "enforced"
