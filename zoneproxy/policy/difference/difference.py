"""Two policies → everything that differs, from a moment on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf

from zoneproxy.policy.difference.actors import Actor, actors, group_sets
from zoneproxy.policy.difference.controls import SaidInZone, Treatment, said_in_zones, treatments
from zoneproxy.policy.difference.decisions import Decision, Space, decisions, space
from zoneproxy.policy.difference.entries import EntryChange, entry_changes
from zoneproxy.policy.difference.rights import Rights, plain, rights
from zoneproxy.policy.difference.summary import Change, summarise
from zoneproxy.policy.model import Principal
from zoneproxy.policy.snapshot import Policy, PolicySnapshot

_Span = tuple[float | None, float | None]  # (since, until); None: from now on, and for ever


@dataclass(frozen=True, slots=True)
class Difference:
    """All that differs between two policies."""

    entries: tuple[EntryChange, ...]
    changes: tuple[Change, ...]
    treatments: tuple[Treatment, ...]
    said: tuple[SaidInZone, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.entries or self.changes or self.treatments or self.said)


def difference(old: PolicySnapshot, new: PolicySnapshot, now: float) -> Difference:
    """Compare two policies from ``now`` on (seconds since the epoch), through all beginnings and ends of grants."""
    return Difference(
        entries=tuple(entry_changes(old.policy, new.policy)),
        changes=_Comparison(old, new, now).changes(),
        treatments=tuple(treatments(old, new)),
        said=tuple(said_in_zones(old.policy, new.policy)),
    )


class _Comparison:
    """Compares decisions, those of equal rights once."""

    def __init__(self, old: PolicySnapshot, new: PolicySnapshot, now: float) -> None:
        self._old, self._new = old.policy, new.policy
        cuts = {moment for policy in (self._old, self._new) for g in policy.grants for moment in (g.since, g.until)}
        self._moments = (now, *sorted(moment for moment in cuts if now < moment < inf))
        self._pieces = [(old.at(moment), new.at(moment)) for moment in self._moments]
        self._same_flows = _flows(self._old) == _flows(self._new) and set(old.zones) == set(new.zones)
        self._group_sets = tuple(group_sets(self._old, self._new))
        self._tls = frozenset(flow.min_tls for policy in (self._old, self._new) for flow in policy.flows)
        self._spaces: dict[tuple[object, ...], Space] = {}
        self._known: dict[tuple[Rights | None, Rights | None, int], frozenset[Decision]] = {}

    def changes(self) -> tuple[Change, ...]:
        """The decisions about everybody, as changes."""
        everybody = actors(self._old, self._new)
        return tuple(change for actor in everybody for change in sorted(self._of(actor), key=_order_of_change))

    def _of(self, actor: Actor) -> Iterator[Change]:
        found: dict[frozenset[str], list[frozenset[Decision]]] = {}
        for groups in self._group_sets:
            within = actor.within(groups)
            found[groups] = [self._decisions(within, old, new) for old, new in self._pieces]
            # What somebody in fewer of these groups gains or loses already need not be said again.
            fewer = [by_moment for others, by_moment in found.items() if others < groups]
            news = [each.difference(*(one[n] for one in fewer)) for n, each in enumerate(found[groups])]
            for (since, until), several in self._runs(news).items():
                for change in summarise(several, self._space(actor), actor.name, groups):
                    yield replace(change, since=since, until=until)

    def _decisions(self, actor: Actor, old: PolicySnapshot, new: PolicySnapshot) -> frozenset[Decision]:
        before, after = rights(old, actor.old), rights(new, actor.new)
        if before == after and (self._same_flows or before is None):
            return frozenset()
        where = self._space(actor)
        key = before, after, id(where)
        if key not in self._known:
            self._known[key] = frozenset(decisions(old, new, actor, where))
        return self._known[key]

    def _space(self, actor: Actor) -> Space:
        """The space made by everything that ``actor`` could ever come to, in any group and by any grant."""
        rules = frozenset(
            plain(rule)
            for policy, who in ((self._old, actor.old), (self._new, actor.new))
            for role in _roles(policy, who)
            for rule in policy.roles.get(role, ())
        )
        homes = frozenset(who.zone for who in (actor.old, actor.new) if who)
        if (rules, homes) not in self._spaces:
            flows = [f for policy in (self._old, self._new) for f in policy.flows if {f.from_zone, f.to_zone} & homes]
            patterns = (pattern for flow in flows for pattern in flow.topics)
            self._spaces[rules, homes] = space(rules, patterns, self._tls)
        return self._spaces[rules, homes]

    def _runs(self, by_moment: Sequence[frozenset[Decision]]) -> dict[_Span, list[Decision]]:
        """Decisions by the time through which they differ, each with as long a time as possible."""
        spans: dict[_Span, list[Decision]] = {}
        ends = [*self._moments[1:], None]
        for decision in sorted(frozenset().union(*by_moment), key=_order):
            start = None
            for number, found in enumerate((*by_moment, frozenset())):
                if decision in found:
                    start = number if start is None else start
                elif start is not None:
                    span = (self._moments[start] if start else None, ends[number - 1])
                    spans.setdefault(span, []).append(decision)
                    start = None
        return spans


def _roles(policy: Policy, who: Principal | None) -> set[str]:
    if who is None:
        return set()
    granted = {grant.role for grant in policy.grants if grant.principal in (None, who.name)}
    return {*who.roles, *granted}.union(*(group.roles for group in policy.groups))


def _flows(policy: Policy) -> frozenset[object]:
    return frozenset((f.from_zone, f.to_zone, pattern, f.min_tls) for f in policy.flows for pattern in f.topics)


def _order(decision: Decision) -> tuple[object, ...]:
    return decision.zone, decision.resource, decision.operation, decision.atom.name, decision.host, decision.tls


def _order_of_change(change: Change) -> tuple[object, ...]:
    when = -inf if change.since is None else change.since
    return len(change.groups), change.groups, change.zone, change.resource, when, change.gained
