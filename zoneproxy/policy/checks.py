"""What is wrong between entries: names given twice, and references to what is not there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from zoneproxy.errors import Problem
from zoneproxy.policy.check_access import check_access, missing
from zoneproxy.policy.documents.controls.control import ControlDocument
from zoneproxy.policy.documents.flows import FlowDocument
from zoneproxy.policy.documents.principals import PrincipalDocument
from zoneproxy.policy.identities import Match
from zoneproxy.policy.identity_checks import check_identities
from zoneproxy.policy.lineage import check_lineage
from zoneproxy.policy.merge import Entries, Entry, level_names
from zoneproxy.policy.model import UNRESTRICTED
from zoneproxy.policy.shared_upstreams import check_sharing


def check(
    entries: Entries, known_keys: Collection[str] | None, known_types: Collection[str] | None
) -> Iterator[Problem]:
    """Every problem between entries. ``known_keys`` and ``known_types``: None if they are not to be checked."""
    yield from _twice("zone", entries.zones)
    yield from _twice("role", entries.roles)
    yield from _twice("principal", entries.principals)
    yield from _twice("group", entries.groups)
    yield from _twice("flow", entries.flows)
    yield from _twice("detector", entries.detectors)
    yield from _twice("allow-list", entries.allow_lists)
    yield from _levels(entries.levels)
    yield from _zones(entries, known_types)
    yield from check_sharing(entries.zones)
    yield from check_access(entries)
    yield from _same_match(entries.principals)
    yield from check_identities(entries)
    yield from _roles(entries)
    yield from _flows(entries, known_keys, known_types)
    yield from check_lineage(entries, known_keys)


def _twice(kind: str, entries: Sequence[Entry[Any]]) -> Iterator[Problem]:
    first: dict[str, Entry[Any]] = {}
    for entry in entries:
        if entry.name and first.setdefault(entry.name, entry) is not entry:
            there = first[entry.name].origin
            yield entry.problem(f"a {kind} `{entry.name[:120]}` is there already", f"the first one is at {there}")


def _levels(entries: Sequence[Entry[tuple[str, ...]]]) -> Iterator[Problem]:
    for entry in entries[1:]:
        yield entry.problem("`levels` is there already", f"the first one is at {entries[0].origin}")
    for entry in entries:
        levels = entry.value or ()
        for index, level in enumerate(levels):
            if level in levels[:index]:
                yield entry.problem(f"the level `{level}` is listed twice", "lowest first, each once", index)


def _zones(entries: Entries, known_types: Collection[str] | None) -> Iterator[Problem]:
    levels = level_names(entries)
    for entry in entries.zones:
        if entry.value is None:
            continue
        if entry.value.level not in levels:
            yield entry.problem(*missing("level", entry.value.level, levels), "level")
        detect = entry.value.beside_records
        if detect and detect.on_error is not None:
            message = "`on_error` is about records: what is said beside them and cannot be looked into is refused"
            yield entry.problem(message, "leave it out", "beside_records", "on_error")
        for name in detect.types_named() if detect else ():
            if known_types is not None and name not in known_types:
                yield entry.problem(*missing("detector", name, known_types), "beside_records", "types")


def _same_match(entries: Sequence[Entry[PrincipalDocument]]) -> Iterator[Problem]:
    first: dict[Match, Entry[PrincipalDocument]] = {}
    for entry in entries:
        for match in entry.value.match if entry.value else ():
            other = first.setdefault(match.as_match(), entry)
            if other is not entry:
                message = f"`{entry.name}` would never be reached: `{other.name}` matches the same clients"
                yield entry.problem(message, f"see {other.origin}", "match")


def _roles(entries: Entries) -> Iterator[Problem]:
    for entry in entries.roles:
        if entry.name == UNRESTRICTED:
            yield entry.problem("the role `unrestricted` is built in: everything in one's home zone", "choose a name")


def _flows(
    entries: Entries, known_keys: Collection[str] | None, known_types: Collection[str] | None
) -> Iterator[Problem]:
    zones = {entry.name for entry in entries.zones}
    for entry in entries.flows:
        if entry.value is None:
            continue
        for end, zone in (("from", entry.value.from_), ("to", entry.value.to)):
            if zone not in zones:
                yield entry.problem(*missing("zone", zone, zones), end)
        yield from _on_error(entry)
        for index, control in enumerate(entry.value.controls):
            for message, hint, *inside in _control(control, known_keys, known_types):
                yield entry.problem(message, hint, "controls", index, *inside)


def _on_error(entry: Entry[FlowDocument]) -> Iterator[Problem]:
    """Controls that look together and are milder than others of the flow about what they cannot look into."""
    controls = entry.value.controls if entry.value else ()
    for index, control in enumerate(controls):
        mine = control.written
        if mine.looks_at is None or getattr(mine, "on_error", None) is None:
            continue
        others = [each for each in controls if each.written.looks_at == mine.looks_at]
        strictest = max(others, key=lambda each: each.written.error_action)
        if mine.error_action < strictest.written.error_action and mine.dry_run == strictest.written.dry_run:
            named = f"`{strictest.written.error_action.name.lower()}` for what cannot be looked into"
            message = f"`on_error` has no effect: a `{strictest.kind}` of the same flow asks for {named}"
            yield entry.problem(
                message, "write it in all of them, or in none", "controls", index, control.kind, "on_error"
            )


def _control(
    control: ControlDocument, known_keys: Collection[str] | None, known_types: Collection[str] | None
) -> Iterator[tuple[str, ...]]:
    written = control.written
    for name in written.types_named():
        if known_types is not None and name not in known_types:
            yield *missing("detector", name, known_types), control.kind, "types"
    key = written.key_named()
    if key is not None and known_keys is not None and key not in known_keys:
        yield *missing("key", key, known_keys), control.kind, "key"
