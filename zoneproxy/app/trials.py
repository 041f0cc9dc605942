"""What is only tried out, for a metric: nobody should have to read files to know that nothing is held back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneproxy.config.model import Config
    from zoneproxy.policy.snapshot import PolicySnapshot


def tried_out(config: Config, snapshot: PolicySnapshot) -> Iterator[tuple[str, str]]:
    """(kind, name) of listeners and zones that observe, and of flows with any control that is a dry run."""
    yield from (("listener", listener.name) for listener in config.listeners if listener.observe)
    yield from (("zone", zone.name) for zone in snapshot.zones.values() if zone.observe)
    flows = snapshot.policy.flows
    yield from (("flow", flow.name) for flow in flows if any(control.dry_run for control in flow.controls))
