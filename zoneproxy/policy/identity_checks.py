"""What is wrong between the entries of ``identities:`` and the rest of a policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from zoneproxy.config.expected import did_you_mean
from zoneproxy.errors import Problem
from zoneproxy.policy.documents.identities import IdentityDocument
from zoneproxy.policy.merge import Entries, Entry
from zoneproxy.policy.model import UNRESTRICTED

_Source: TypeAlias = tuple[str | None, str | None, frozenset[str]]


def check_identities(entries: Entries) -> Iterator[Problem]:
    """Every problem with a rule that makes principals."""
    zones = {entry.name for entry in entries.zones}
    roles = {entry.name for entry in entries.roles} | {UNRESTRICTED}
    for entry in entries.identities:
        if entry.value is None:
            continue
        if entry.value.zone not in zones:
            zone = entry.value.zone
            yield entry.problem(f"there is no zone `{zone}`", did_you_mean(zone, zones), "zone")
        for index, role in enumerate(entry.value.roles):
            if role not in roles:
                yield entry.problem(f"there is no role `{role}`", did_you_mean(role, roles), "roles", index)
    yield from _twice(entries)
    yield from _same_names(entries)


def _twice(entries: Entries) -> Iterator[Problem]:
    first: dict[str, Entry[IdentityDocument]] = {}
    for entry in entries.identities:
        if entry.name and first.setdefault(entry.name, entry) is not entry:
            there = first[entry.name].origin
            yield entry.problem(f"an identity `{entry.name[:120]}` is there already", f"the first one is at {there}")


def _same_names(entries: Entries) -> Iterator[Problem]:
    """Names made of different things must differ: ``alice`` of one issuer is not ``alice`` of another."""
    before: list[tuple[str, _Source, Entry[IdentityDocument]]] = []
    for entry in entries.identities:
        if entry.value is None:
            continue
        prefix, source = entry.value.principal.prefix, _source(entry.value)
        for other_prefix, other_source, other in before:
            alike = prefix.startswith(other_prefix) or other_prefix.startswith(prefix)
            if alike and source != other_source:
                message = f"`{entry.name}` and `{other.name}` could make the same name out of different people"
                hint = f"give both a `prefix`, and neither one that begins with the other; see {other.origin}"
                yield entry.problem(message, hint, "principal")
                break
        before.append((prefix, source, entry))


def _source(rule: IdentityDocument) -> _Source:
    """Where the names come from: claim, attribute, issuers."""
    issuers = {match.oauth.issuer for match in rule.match if match.oauth} if rule.principal.claim else set[str]()
    return rule.principal.claim, rule.principal.subject, frozenset(issuers)
