"""Everybody who could ask either of two policies, with every set of groups that can make a difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from zoneproxy.policy.model import Principal
from zoneproxy.policy.snapshot import Policy


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, as each of the policies knows it; None: not at all. ``name`` is for people."""

    name: str
    old: Principal | None
    new: Principal | None

    def within(self, groups: frozenset[str]) -> Actor:
        """The same, with proof that it is in ``groups``."""
        old, new = (who and replace(who, groups=groups) for who in (self.old, self.new))
        return Actor(self.name, old, new)


def actors(old: Policy, new: Policy) -> Iterator[Actor]:
    """Every principal of either policy, and one for each rule that makes principals."""
    listed = [{who.name: who for who, _ in policy.principals} for policy in (old, new)]
    for name in dict.fromkeys([*listed[0], *listed[1]]):
        yield Actor(name, listed[0].get(name), listed[1].get(name))
    made = [{rule.rule: rule for rule, _ in policy.identities} for policy in (old, new)]
    named = {*listed[0], *listed[1]}
    granted = {grant.principal for policy in (old, new) for grant in policy.grants if grant.principal} - named
    for rule in dict.fromkeys([*made[0], *made[1]]):
        both = [rules.get(rule) for rules in made]
        prefixes = tuple({each.prefix for each in both if each})
        fresh = _fresh(max(prefixes, key=len), named | granted)
        for name in (fresh, *sorted(name for name in granted if name.startswith(prefixes))):
            shown = f"{name}" if name != fresh else f"whoever `{rule}` names"
            known = [each.named(name) if each and name.startswith(each.prefix) else None for each in both]
            yield Actor(shown, *known)


def _fresh(prefix: str, taken: Iterable[str]) -> str:
    name = f"{prefix}somebody"
    while name in taken:
        name += "-else"
    return name


def group_sets(old: Policy, new: Policy) -> Iterator[frozenset[str]]:
    """No group, each group, each pair of groups; small ones first.

    That is enough. Rights unite: somebody is allowed what any of its roles allows and none denies. Where the policies
    differ for somebody in three groups or more, take one group that allows and one that denies: they differ for
    somebody in these two, too.
    """
    names = sorted({group.name for policy in (old, new) for group in policy.groups})
    for size in (0, 1, 2):
        yield from map(frozenset, combinations(names, size))
