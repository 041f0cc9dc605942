"""Time, cut wherever a grant begins or ends: between two cuts a policy says the same all the while."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from math import inf

from zoneproxy.policy.model import Grant


class Timeline:
    """The pieces of time that some grants make. All times are seconds since the epoch."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        self._grants = tuple(grants)
        moments = {moment for grant in self._grants for moment in (grant.since, grant.until)}
        self._cuts = sorted(moments - {-inf, inf})

    def piece(self, now: float) -> tuple[float, float]:
        """The piece that ``now`` lies in: its first moment, and the first one after it."""
        index = bisect_right(self._cuts, now)
        since = self._cuts[index - 1] if index else -inf
        until = self._cuts[index] if index < len(self._cuts) else inf
        return since, until

    def in_force(self, now: float) -> tuple[Grant, ...]:
        """The grants that count at ``now``, in the order in which they were written."""
        return tuple(grant for grant in self._grants if grant.in_force(now))

    def moments(self) -> tuple[float, ...]:
        """A moment of each piece, from the first to the last."""
        return (-inf, *self._cuts)
