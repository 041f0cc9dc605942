"""Zones and identities of two policies: what is new, gone, or says something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.model import Zone
from zoneproxy.policy.snapshot import Policy

Entry = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry of the files. ``what`` is "new", "gone", or what has changed in it."""

    kind: str
    name: str
    what: str


def entry_changes(old: Policy, new: Policy) -> Iterator[EntryChange]:
    """Zones first, then who is told by what, in which order."""
    yield from _of_kind("zone", *({zone.name: _plain(zone) for zone in policy.zones} for policy in (old, new)))
    listed = [
        {who.name: {"home": who.zone, "match": matches} for who, matches in policy.principals} for policy in (old, new)
    ]
    yield from _of_kind("principal", *listed)
    made = [{rule.rule: _made(rule, matches) for rule, matches in policy.identities} for policy in (old, new)]
    yield from _of_kind("identity rule", *made)
    yield from _order("principals", *listed)
    yield from _order("identity rules", *made)
    for fingerprint in sorted(old.revoked ^ new.revoked):
        what = "turned away from now on" if fingerprint in new.revoked else "no longer turned away"
        yield EntryChange("certificate", fingerprint, what)


def _plain(zone: Zone) -> dict[str, object]:
    """Without the controls, which are told as such (``controls``)."""
    return asdict(replace(zone, beside_records=()))


def _made(rule: Derivation, matches: object) -> dict[str, object]:
    """A rule that makes principals. Its roles are no part of it here: what they change are decisions."""
    made_of = {"prefix": rule.prefix, "claim": rule.claim, "subject": rule.attribute}
    return {"home": rule.zone, "match": matches, **made_of}


def _order(kind: str, old: Mapping[str, Entry], new: Mapping[str, Entry]) -> Iterator[EntryChange]:
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield EntryChange(kind, "", "their order: where several match one client, the first one wins")


def _of_kind(kind: str, old: Mapping[str, Entry], new: Mapping[str, Entry]) -> Iterator[EntryChange]:
    for name in dict.fromkeys([*old, *new]):
        if name not in old:
            yield EntryChange(kind, name, "new")
        elif name not in new:
            yield EntryChange(kind, name, "gone")
        elif old[name] != new[name]:
            yield EntryChange(kind, name, _differences(old[name], new[name]))


def _differences(old: Entry, new: Entry) -> str:
    changed = [field for field in old if old[field] != new[field]]
    return ", ".join(
        field if field == "match" else f"{field} {_told(old[field])} → {_told(new[field])}" for field in changed
    )


def _told(value: object) -> str:
    return "none" if value in (None, "") else str(value)
