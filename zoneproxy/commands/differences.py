"""How the difference between two policies is written, for people and for programs."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from zoneproxy.commands.common import json_text
from zoneproxy.commands.times import told
from zoneproxy.policy.explain import notation
from zoneproxy.policy.model import ResourceType
from zoneproxy.policy.patterns import PatternKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from zoneproxy.policy.difference.atoms import Atom
    from zoneproxy.policy.difference.controls import Done, SaidInZone, Treatment
    from zoneproxy.policy.difference.difference import Difference
    from zoneproxy.policy.difference.entries import EntryChange
    from zoneproxy.policy.difference.summary import Change

_PLURALS = {"topic": "topics", "group": "groups", "transactional id": "transactional ids"}


# --- for people ----------------------------------------------------------------------------------------------


def as_text(difference: Difference) -> str:
    """A difference to read: what is written first, what it does below."""
    if not difference:
        return "no decision changes, and nothing is done to records otherwise"
    parts = [
        list(_entries(difference.entries)),
        list(_rights(difference.changes)),
        list(_records(difference.treatments)),
        list(_said(difference.said)),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _entries(entries: Sequence[EntryChange]) -> Iterator[str]:
    if entries:
        yield "entries"
    for entry in entries:
        yield f"  {' '.join(filter(None, (entry.kind, entry.name)))}: {entry.what}"


def _rights(changes: Sequence[Change]) -> Iterator[str]:
    if changes:
        yield "rights (+ may from now on, - may no longer)"
    for (principal, groups, zone), several in groupby(changes, lambda each: (each.principal, each.groups, each.zone)):
        within = f" in {' and '.join(groups)}" if groups else ""
        yield f"  {principal}{within}, zone {zone}"
        for change in several:
            yield f"    {'+' if change.gained else '-'} {_right(change)}"


def _right(change: Change) -> str:
    text = f"{notation.operations(change.operations)} {_names(change.resource, change.atoms, every=change.every)}"
    text += f" {change.circumstances}" if change.circumstances else ""
    if change.since is not None:
        text += f" from {told(change.since)} on"
    return text + (f" until {told(change.until)}" if change.until is not None else "")


def _names(resource: ResourceType, atoms: Sequence[Atom], *, every: bool) -> str:
    if resource is ResourceType.CLUSTER:
        return "the cluster"
    kind = resource.name.lower().replace("_", " ")
    if every:
        return f"all {_PLURALS[kind]}"
    alone = len(atoms) == 1 and atoms[0].pattern.kind is PatternKind.LITERAL
    return f"{kind if alone else _PLURALS[kind]} {', '.join(map(str, atoms))}"


def _records(treatments: Sequence[Treatment]) -> Iterator[str]:
    if treatments:
        yield "records (+ done from now on, - no longer)"
    for each in treatments:
        way = f"within {each.from_zone}" if each.from_zone == each.to_zone else f"{each.from_zone} → {each.to_zone}"
        yield f"  {way}, {_names(ResourceType.TOPIC, each.atoms, every=False)}"
        yield from (f"    {line}" for line in _done(each.before, each.after))


def _said(changes: Sequence[SaidInZone]) -> Iterator[str]:
    if changes:
        yield "beside records (+ done from now on, - no longer)"
    for each in changes:
        yield f"  in {each.zone}, and by those at home there"
        yield from (f"    {line}" for line in _done(each.before, each.after))


def _done(before: Done, after: Done) -> Iterator[str]:
    if before is None:
        yield "+ a flow carries them" + ("" if after else ", as they are")
    if after is None:
        yield "- no flow carries them any more"
        return
    old, new = ([notation.control(control) for control in done or ()] for done in (before, after))
    yield from (f"- {control}" for control in old if control not in new)
    yield from (f"+ {control}" for control in new if control not in old)
    if before and after and old == new:
        yield f"the same controls with other keys, detectors or allow-lists: {'; '.join(new)}"
    elif before and after and set(old) == set(new):
        yield f"the same controls in another order: {'; '.join(new)}"


# --- for programs --------------------------------------------------------------------------------------------


def as_json(difference: Difference) -> str:
    """The same as JSON; times are seconds since the epoch, null is now or for ever."""
    return json_text(
        {
            "changed": bool(difference),
            "entries": difference.entries,
            "rights": [_plain_right(change) for change in difference.changes],
            "records": [_plain_treatment(each) for each in difference.treatments],
            "beside_records": [_plain_said(each) for each in difference.said],
        }
    )


def _plain_right(change: Change) -> dict[str, object]:
    return {
        "gained": change.gained,
        "principal": change.principal,
        "groups": change.groups,
        "zone": change.zone,
        "resource": change.resource.name.lower(),
        "operations": [operation.name.lower() for operation in change.operations],
        "names": _plain_names(change.atoms),
        "every_name": change.every,
        "circumstances": change.circumstances,
        "since": change.since,
        "until": change.until,
    }


def _plain_names(atoms: Sequence[Atom]) -> list[dict[str, str]]:
    """``any``: every name that is in none of the other sets that the policies make."""
    return [{"pattern": atom.pattern.kind.value, "name": atom.pattern.name, "example": atom.name} for atom in atoms]


def _plain_treatment(each: Treatment) -> dict[str, object]:
    names = _plain_names(each.atoms)
    return {"from": each.from_zone, "to": each.to_zone, "topics": names, **_plain_done(each.before, each.after)}


def _plain_said(each: SaidInZone) -> dict[str, object]:
    return {"zone": each.zone, **_plain_done(each.before, each.after)}


def _plain_done(before: Done, after: Done) -> dict[str, object]:
    both = (None if done is None else [notation.control(control) for control in done] for done in (before, after))
    return dict(zip(("before", "after"), both, strict=True))
