"""What the records of a topic would meet on their way, in each direction."""

from __future__ import annotations

from dataclasses import dataclass

from zoneproxy.policy.controls import Control
from zoneproxy.policy.flows import Flow
from zoneproxy.policy.model import Principal
from zoneproxy.policy.snapshot import PolicySnapshot


@dataclass(frozen=True, slots=True)
class Crossing:
    """One direction. No ``flows``: no rule is about it, which across zones means that nothing passes."""

    written: bool  # by the principal; otherwise read by it
    from_zone: str
    to_zone: str
    flows: tuple[Flow, ...]
    controls: tuple[Control, ...]


def crossings(snapshot: PolicySnapshot, who: Principal, zone: str, topic: str) -> tuple[Crossing, ...]:
    """What happens to records that somebody writes to a topic of ``zone``, and to those that it reads."""
    return tuple(
        Crossing(written, *ends, _matching(snapshot, *ends, topic), snapshot.controls(*ends, topic))
        for written, ends in ((True, (who.zone, zone)), (False, (zone, who.zone)))
    )


def _matching(snapshot: PolicySnapshot, from_zone: str, to_zone: str, topic: str) -> tuple[Flow, ...]:
    return tuple(
        flow
        for flow in snapshot.policy.flows
        if (flow.from_zone, flow.to_zone) == (from_zone, to_zone) and any(p.matches(topic) for p in flow.topics)
    )
