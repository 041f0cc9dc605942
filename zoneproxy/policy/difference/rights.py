"""What somebody's rights are made of: whoever has equal rights in both policies gets equal answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zoneproxy.policy.acl import Rule
from zoneproxy.policy.model import UNRESTRICTED, Principal, ResourceType
from zoneproxy.policy.patterns import Pattern
from zoneproxy.policy.snapshot import PolicySnapshot

PlainRule = tuple[bool, int, ResourceType, frozenset[Pattern], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Rights:
    """Where somebody is at home, and by which rules; wherever those were written."""

    home: str
    unrestricted: bool
    rules: frozenset[PlainRule]


def rights(snapshot: PolicySnapshot, who: Principal | None) -> Rights | None:
    """The rights of somebody at the snapshot's moment; None if the policy does not know it."""
    if who is None:
        return None
    roles = snapshot.roles_of(who)
    rules = (rule for role in roles for rule in snapshot.policy.roles.get(role, ()))
    return Rights(who.zone, UNRESTRICTED in roles, frozenset(map(plain, rules)))


def plain(rule: Rule) -> PlainRule:
    """A rule without its place."""
    return rule.allow, rule.mask(), rule.resource, frozenset(rule.patterns), rule.hosts


def patterns(rules: Iterable[PlainRule], kind: ResourceType) -> set[Pattern]:
    """Every pattern in rules about resources of one kind."""
    return {pattern for _, _, about, patterns, _ in rules if about is kind for pattern in patterns}


def addresses(rules: Iterable[PlainRule]) -> set[str]:
    """Every host in rules."""
    return {host for *_, hosts in rules for host in hosts}
