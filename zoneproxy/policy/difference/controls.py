"""What two policies do to records on their way from one zone to another, and to what is said beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from zoneproxy.policy.controls import Control
from zoneproxy.policy.difference.atoms import Atom, atoms
from zoneproxy.policy.flows import Flow
from zoneproxy.policy.model import ResourceType
from zoneproxy.policy.snapshot import Policy, PolicySnapshot

Done = tuple[Control, ...] | None
"""What is done to records; None: no flow carries them."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """Some topics in one direction, whose records meet something else than before."""

    from_zone: str
    to_zone: str
    atoms: tuple[Atom, ...]
    before: Done
    after: Done


@dataclass(frozen=True, slots=True)
class SaidInZone:
    """A zone where something else than before is done about data in what is no record."""

    zone: str
    before: tuple[Control, ...]
    after: tuple[Control, ...]


def treatments(old: PolicySnapshot, new: PolicySnapshot) -> Iterator[Treatment]:
    """Every direction and topic for which the controls, or whether there is a flow at all, are different."""
    flows = (*old.policy.flows, *new.policy.flows)
    for from_zone, to_zone in dict.fromkeys((flow.from_zone, flow.to_zone) for flow in flows):
        ours = [flow for flow in flows if (flow.from_zone, flow.to_zone) == (from_zone, to_zone)]
        together: dict[tuple[Done, Done], list[Atom]] = {}
        for atom in atoms(ResourceType.TOPIC, (pattern for flow in ours for pattern in flow.topics)):
            before, after = (_done(snapshot, from_zone, to_zone, atom.name) for snapshot in (old, new))
            if before != after:
                together.setdefault((before, after), []).append(atom)
        for (before, after), found in together.items():
            yield Treatment(from_zone, to_zone, tuple(found), before, after)


def said_in_zones(old: Policy, new: Policy) -> Iterator[SaidInZone]:
    """Every zone whose ``beside_records`` are different. What flows ask for besides is told with their records."""
    before, after = ({zone.name: _nameless(zone.beside_records) for zone in policy.zones} for policy in (old, new))
    for zone in dict.fromkeys([*before, *after]):
        done = SaidInZone(zone, before.get(zone, ()), after.get(zone, ()))
        if done.before != done.after and zone in after:
            yield done


def _done(snapshot: PolicySnapshot, from_zone: str, to_zone: str, topic: str) -> Done:
    if not any(_about(flow, from_zone, to_zone, topic) for flow in snapshot.policy.flows):
        return () if from_zone == to_zone else None
    return _nameless(snapshot.enforced(from_zone, to_zone, topic))


def _nameless(controls: Iterable[Control]) -> tuple[Control, ...]:
    """The name of the rule is for people: renaming one does nothing to records."""
    return tuple(dict.fromkeys(replace(control, rule="") for control in controls))


def _about(flow: Flow, from_zone: str, to_zone: str, topic: str) -> bool:
    if (flow.from_zone, flow.to_zone) != (from_zone, to_zone):
        return False
    return any(pattern.matches(topic) for pattern in flow.topics)
