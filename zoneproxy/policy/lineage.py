"""Lineage over all flows: whose keys verify, what every flow checks once any of them uses it, and what cannot be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from zoneproxy.errors import Problem
from zoneproxy.policy.check_access import missing
from zoneproxy.policy.controls import Control
from zoneproxy.policy.documents.controls.lineage import LineageDocument
from zoneproxy.policy.documents.flows import FlowDocument
from zoneproxy.policy.documents.zones import ZoneDocument
from zoneproxy.policy.flows import Flow
from zoneproxy.policy.merge import Entries, Entry
from zoneproxy.policy.record_rules import Lineage

Ring = tuple[tuple[str, tuple[str, ...]], ...]


def with_keys(flows: Sequence[Flow], zones: Mapping[str, tuple[str, ...]]) -> tuple[Flow, ...]:
    """``flows``, each lineage control with the keys of all zones; ``zones`` has those that are written there."""
    ring = _ring(flows, zones)
    return tuple(
        replace(flow, controls=tuple(_with_ring(control, ring) for control in flow.controls)) for flow in flows
    )


def _with_ring(control: Control, ring: Ring) -> Control:
    return replace(control, ring=ring) if isinstance(control, Lineage) else control


def _ring(flows: Sequence[Flow], zones: Mapping[str, tuple[str, ...]]) -> Ring:
    """A zone's own keys first; those that single flows out of it seal with verify as well."""
    keys = {zone: dict.fromkeys(names) for zone, names in zones.items()}
    for flow in flows:
        for control in flow.controls:
            if isinstance(control, Lineage) and control.key is not None:
                keys.setdefault(flow.from_zone, {})[control.key] = None
    return tuple((zone, tuple(names)) for zone, names in keys.items() if names)


# --- what cannot be ----------------------------------------------------------------------------------------------


def check_lineage(entries: Entries, known_keys: Collection[str] | None) -> Iterator[Problem]:
    """Every problem with keys for lineage. ``known_keys``: None if they are not to be checked."""
    owners: dict[str, Entry[ZoneDocument]] = {}
    for zone in entries.zones:
        for index, key in enumerate(zone.value.lineage_keys if zone.value else ()):
            if known_keys is not None and key not in known_keys:
                yield zone.problem(*missing("key", key, known_keys), "lineage_keys", index)
            owner = owners.setdefault(key, zone)
            if owner.name != zone.name:
                yield zone.problem(*_of_another(key, owner), "lineage_keys", index)
    for flow in entries.flows:
        yield from _flow(flow, owners, {zone.name for zone in entries.zones if zone.value and zone.value.lineage_keys})


def _flow(flow: Entry[FlowDocument], owners: Mapping[str, Entry[ZoneDocument]], sealed: set[str]) -> Iterator[Problem]:
    written = flow.value
    for index, control in enumerate(written.controls if written else ()):
        lineage = control.written
        if written is None or not isinstance(lineage, LineageDocument):
            continue
        owner = owners.get(lineage.key or "")
        if owner is not None and owner.name != written.from_:
            yield flow.problem(*_of_another(str(lineage.key), owner), "controls", index, "lineage", "key")
        if lineage.add and lineage.key is None and written.from_ != written.to and written.from_ not in sealed:
            message = f"nothing to seal lineage with: zone `{written.from_}` has no `lineage_keys`"
            yield flow.problem(message, f"give the zone some: lineage_keys: [{written.from_}]", "controls", index)


def _of_another(key: str, owner: Entry[ZoneDocument]) -> tuple[str, str]:
    message = f"`{key}` is a lineage key of zone `{owner.name}`: with it one could say that records come out of there"
    return message, f"each zone needs keys of its own; see {owner.origin}"
