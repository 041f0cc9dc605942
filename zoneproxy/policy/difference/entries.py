"""Zones and identities of two policies: what is new, gone, or says something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

from zoneproxy.policy.snapshot import Policy


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry of the files. ``what`` is "new", "gone", or what has changed in it."""

    kind: str
    name: str
    what: str


def entry_changes(old: Policy, new: Policy) -> Iterator[EntryChange]:
    """Zones first, then who is told by what, in which order."""
    zones = [{zone.name: zone for zone in policy.zones} for policy in (old, new)]
    yield from _of_kind("zone", *zones)
    listed = [{who.name: (who.zone, matches) for who, matches in policy.principals} for policy in (old, new)]
    yield from _of_kind("principal", *listed)
    made = [{rule.rule: (rule, matches) for rule, matches in policy.identities} for policy in (old, new)]
    yield from _of_kind("identity rule", *made)
    orders = [[name for name in entries if name in listed[0] and name in listed[1]] for entries in listed]
    if orders[0] != orders[1]:
        yield EntryChange("principals", "", "their order: where several match one client, the first one wins")
    for fingerprint in sorted(old.revoked ^ new.revoked):
        what = "turned away from now on" if fingerprint in new.revoked else "no longer turned away"
        yield EntryChange("certificate", fingerprint, what)


def _of_kind(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[EntryChange]:
    for name in dict.fromkeys([*old, *new]):
        if name not in old:
            yield EntryChange(kind, name, "new")
        elif name not in new:
            yield EntryChange(kind, name, "gone")
        elif old[name] != new[name]:
            yield EntryChange(kind, name, _differences(old[name], new[name]))


def _differences(old: Any, new: Any) -> str:
    if isinstance(old, tuple):
        parts = ["home"] if old[0] != new[0] else []
        return ", ".join(parts + (["match"] if old[1] != new[1] else []))
    names = [field.name for field in fields(old)]
    return ", ".join(
        f"{name} {getattr(old, name)} → {getattr(new, name)}"
        for name in names
        if getattr(old, name) != getattr(new, name)
    )
