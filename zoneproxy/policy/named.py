"""Zones for named principals only: whoever may do something there is one that the policy names.

A match that fits many clients makes one principal of all of them, and nobody can tell afterwards who it was; a rule of
``identities`` lets in whoever shows some mark. Both are fine elsewhere. In such a zone they are refused at load, be
they at home there or let in by a flow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from zoneproxy.errors import Problem
from zoneproxy.policy.acl import SUPPORTED, AclTable, Rule
from zoneproxy.policy.compile import flow_of, rules_of
from zoneproxy.policy.documents.identities import IdentityDocument
from zoneproxy.policy.documents.matches import MatchDocument
from zoneproxy.policy.documents.principals import PrincipalDocument
from zoneproxy.policy.flows import Flow, FlowTable
from zoneproxy.policy.merge import Entries, Entry, level_names
from zoneproxy.policy.model import ResourceType

_ANY_TLS = "9"  # better than every version: what a flow asks for makes no difference here


def check_named(entries: Entries) -> Iterator[Problem]:
    """Every principal, or rule that makes principals, that stands for many and may do something in such a zone."""
    highest = level_names(entries)[-1]
    closed = {entry.name for entry in entries.zones if entry.value and entry.value.names_needed(highest)}
    flows = [flow_of(entry.value, entry.origin) for entry in entries.flows if entry.value]
    for entry, value, why in _open(entries):
        home = value.zone
        if home in closed:
            yield _problem(entry, why, home, f"its home, zone `{home}`,")
            continue
        rules = _rules(entries, value, entry.name)
        for flow in flows:
            zone = flow.to_zone if flow.from_zone == home else flow.from_zone
            if home in (flow.from_zone, flow.to_zone) and zone in closed and _lets_in(rules, flow, home, zone):
                yield _problem(entry, why, zone, f"through flow `{flow.name}` it reaches zone `{zone}`, which")
                break


def _problem(entry: Entry[Any], why: str, zone: str, where: str) -> Problem:
    hint = f"match it by a name without a star, or give the zone `{zone}` `named_principals_only: false`"
    return entry.problem(f"`{entry.name}` {why}; {where} is for named principals only", hint, "match")


def _open(entries: Entries) -> Iterator[tuple[Entry[Any], PrincipalDocument | IdentityDocument, str]]:
    """The entries that stand for many, and why."""
    for principal in entries.principals:
        if principal.value and _fits_many(principal.value.match):
            yield principal, principal.value, "is whoever fits its `match`"
    for identity in entries.identities:
        if identity.value:
            yield identity, identity.value, "makes principals that the policy does not name"


def _fits_many(matches: Sequence[MatchDocument]) -> bool:
    return any(not match.as_match().named for match in matches)


def _rules(entries: Entries, value: PrincipalDocument | IdentityDocument, name: str) -> list[Rule]:
    """The rules of all roles that it may ever have: its own, those granted, and those of groups.

    What somebody unnamed will prove to be in is not known: it may be any group.
    """
    groups = {each.name: each.value for each in entries.groups if each.value}
    groups = {name: group for name, group in groups.items() if group.zone in (None, value.zone)}
    names = {*value.roles, *(role for group in groups.values() for role in group.roles)}
    grants = [each.value for each in entries.grants if each.value]
    names |= {grant.role for grant in grants if grant.principal == name or grant.group in groups}
    return [rule for role in entries.roles if role.name in names for rule in rules_of(role)]


def _lets_in(rules: Sequence[Rule], flow: Flow, home: str, zone: str) -> bool:
    """Whether the rules allow anything on a topic that the flow permits."""
    table, flows = AclTable(rules), FlowTable([flow])
    return any(
        table.allows_some(ResourceType.TOPIC, operation, flows.patterns(home, zone, operation, _ANY_TLS), host)
        for operation in SUPPORTED[ResourceType.TOPIC]
        for host in {host for rule in rules for host in rule.hosts}
    )
