"""What is wrong between those who have roles: references of principals, groups and grants to what is not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zoneproxy.config.expected import did_you_mean
from zoneproxy.errors import Problem
from zoneproxy.policy.documents.grants import GrantDocument
from zoneproxy.policy.merge import Entries, Entry
from zoneproxy.policy.model import UNRESTRICTED


def check_access(entries: Entries) -> Iterator[Problem]:
    """Every problem with who has which role."""
    roles = {entry.name for entry in entries.roles} | {UNRESTRICTED}
    zones = {entry.name for entry in entries.zones}
    groups = {entry.name for entry in entries.groups}
    for principal in entries.principals:
        yield from _zone(principal, zones)
        yield from _listed(principal, "role", roles)
        yield from _listed(principal, "group", groups)
    for group in entries.groups:
        yield from _zone(group, zones)
        yield from _listed(group, "role", roles)
    for grant in entries.grants:
        if grant.value is not None:
            yield from _grant(entries, grant, grant.value, roles, groups)


def missing(kind: str, name: str, known: Iterable[str]) -> tuple[str, str]:
    """Message and hint for a name that is none of ``known``."""
    return f"there is no {kind} `{name}`", did_you_mean(name, known)


def _zone(entry: Entry[Any], zones: set[str]) -> Iterator[Problem]:
    zone = entry.value.zone if entry.value else None
    if zone is not None and zone not in zones:
        yield entry.problem(*missing("zone", zone, zones), "zone")


def _listed(entry: Entry[Any], kind: str, known: set[str]) -> Iterator[Problem]:
    """The names in the list ``roles`` or ``groups`` of an entry."""
    for index, name in enumerate(getattr(entry.value, f"{kind}s", ())):
        if name not in known:
            yield entry.problem(*missing(kind, name, known), f"{kind}s", index)


def _grant(
    entries: Entries, entry: Entry[GrantDocument], grant: GrantDocument, roles: set[str], groups: set[str]
) -> Iterator[Problem]:
    if grant.role not in roles:
        yield entry.problem(*missing("role", grant.role, roles), "role")
    if grant.group is not None and grant.group not in groups:
        yield entry.problem(*missing("group", grant.group, groups), "group")
    principals = {each.name for each in entries.principals}
    if grant.principal is not None and grant.principal not in principals and not _made(entries, grant.principal):
        yield entry.problem(*missing("principal", grant.principal, principals), "principal")


def _made(entries: Entries, name: str) -> bool:
    """Whether a rule of ``identities`` could make such a name."""
    return any(entry.value and name.startswith(entry.value.principal.prefix) for entry in entries.identities)
