"""Tells which grants are in force, when that changes and, for those that broke the glass, again and again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zoneproxy.policy.model import Grant
    from zoneproxy.telemetry.log import Logger
    from zoneproxy.telemetry.metrics import Metrics

REMIND_SECONDS = 300.0


def instant(moment: float) -> str | None:
    """A moment as people write it; None: none, it has always been or always will be."""
    return None if abs(moment) == inf else datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


class GrantTeller:
    """Keeps the log and the metrics up to date with what is in force."""

    def __init__(self, metrics: Metrics, logger: Logger) -> None:
        self._metrics = metrics
        self._log = logger
        self._told: list[Grant] = []
        self._reminded = -inf
        self.tell((), -inf)

    def tell(self, grants: Iterable[Grant], now: float) -> None:
        """``grants`` are in force ``now`` (seconds since the epoch)."""
        current = [replace(grant, origin=None) for grant in grants]  # it is the same grant if its line has moved
        begun = [grant for grant in current if grant not in self._told]
        for grant in self._told:
            if grant not in current:
                self._log.info("grant over", why="expired" if grant.until <= now else "revoked", **_said(grant))
        for grant in begun:
            self._say("grant in force", "break-glass grant in force", grant)
        self._remind(begun, current, now)
        self._told = current
        loud = sum(grant.break_glass for grant in current)
        self._metrics.grants_in_force.labels("break_glass").set(loud)
        self._metrics.grants_in_force.labels("ordinary").set(len(current) - loud)

    def _remind(self, begun: list[Grant], current: list[Grant], now: float) -> None:
        if begun or now - self._reminded >= REMIND_SECONDS:
            self._reminded = now
            for grant in current:
                if grant.break_glass and grant not in begun:
                    self._say("", "break-glass grant still in force", grant)

    def _say(self, quiet: str, loud: str, grant: Grant) -> None:
        if grant.break_glass:
            self._log.warning(loud, **_said(grant))
        else:
            self._log.info(quiet, **_said(grant))


def _said(grant: Grant) -> dict[str, object]:
    """How a log line tells a grant."""
    return {
        "holder": grant.holder,
        "role": grant.role,
        "since": instant(grant.since),
        "until": instant(grant.until),
        "reason": grant.reason,
        "approved_by": grant.approved_by,
    }
