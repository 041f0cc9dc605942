"""What the linter's rules ask about a policy: who has a role, what somebody may do at all, what is at the top."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from zoneproxy.policy.acl import ANY_HOST, AclTable, Rule
from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.model import UNRESTRICTED, Group, Operation, Origin, Principal, ResourceType, Zone
from zoneproxy.policy.patterns import Pattern, PatternKind
from zoneproxy.policy.snapshot import Policy

NOWHERE = Origin("policies", 0, 0)


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody, or a kind of somebody, at home in one zone, with all roles that it has or will have.

    ``name`` is for people; ``certain``: there is such a one, and not only a group that a certificate may name.
    """

    name: str
    zone: str
    roles: frozenset[str]
    origin: Origin
    certain: bool = True


class Survey:
    """A policy, seen from above. ``now`` is in seconds since the epoch; what has expired counts no more."""

    def __init__(self, policy: Policy, now: float) -> None:
        self.policy = policy
        self.now = now
        self.zones = {zone.name: zone for zone in policy.zones}
        self.grants = tuple(grant for grant in policy.grants if now < grant.until)
        self.subjects = tuple(self._subjects())
        self._tables: dict[frozenset[str], tuple[AclTable, frozenset[str]]] = {}

    def at_home(self, zone: str, *, certain: bool = False) -> list[Subject]:
        """Whoever is, or may be, of a zone."""
        return [who for who in self.subjects if who.zone == zone and (who.certain or not certain)]

    def holders(self, role: str) -> list[Subject]:
        """Whoever has a role."""
        return [who for who in self.subjects if role in who.roles]

    def unrestricted(self, who: Subject, zone: str) -> bool:
        """Whether somebody may do everything in that zone."""
        return who.zone == zone and UNRESTRICTED in who.roles

    def most_sensitive(self, zone: Zone) -> bool:
        """Whether no zone has a higher level, and some have a lower one."""
        ranks = [other.rank for other in self.policy.zones]
        return zone.rank == max(ranks) > min(ranks)

    def may(self, who: Subject, operation: Operation, topics: Sequence[Pattern]) -> bool:
        """Whether its rules allow somebody to do that to any topic of ``topics``, from any host at all."""
        table, hosts = self._table(who.roles)
        names = [topic.name for topic in topics if topic.kind is PatternKind.LITERAL]  # the usual case, and a fast one
        others = [topic for topic in topics if topic.kind is not PatternKind.LITERAL]
        return any(
            any(table.allowed(ResourceType.TOPIC, name, host) >> operation & 1 for name in names)
            or (others != [] and table.allows_some(ResourceType.TOPIC, operation, others, host))
            for host in hosts
        )

    def rules_of(self, roles: Iterable[str]) -> list[Rule]:
        """All rules of some roles."""
        return [rule for role in sorted(roles) for rule in self.policy.roles.get(role, ())]

    def origin(self, section: str, name: str) -> Origin:
        """Where an entry was written."""
        return self.policy.origins.get((section, name), NOWHERE)

    def _table(self, roles: frozenset[str]) -> tuple[AclTable, frozenset[str]]:
        if roles not in self._tables:
            rules = self.rules_of(roles)
            hosts = frozenset({ANY_HOST}.union(*(rule.hosts for rule in rules)))
            self._tables[roles] = AclTable(rules), hosts
        return self._tables[roles]

    def _subjects(self) -> Iterator[Subject]:
        for principal, _ in self.policy.principals:
            yield Subject(
                principal.name, principal.zone, self._roles(principal), self.origin("principals", principal.name)
            )
        for rule, _ in self.policy.identities:
            origin = self.origin("identities", rule.rule)
            yield Subject(f"whoever {rule.rule} names", rule.zone, rule.roles, origin)
        for group in self.policy.groups:
            roles = group.roles.union(grant.role for grant in self.grants if grant.group == group.name)
            for zone in self.zones if group.zone is None else (group.zone,):
                yield Subject(
                    f"group {group.name}", zone, roles, self.origin("groups", group.name), group.zone is not None
                )

    def _roles(self, principal: Principal) -> frozenset[str]:
        listed = self.policy.members.get(principal.name, frozenset())
        groups = [group for group in self.policy.groups if group.name in listed and _is_for(group, principal)]
        names = {group.name for group in groups}
        granted = {grant.role for grant in self.grants if grant.principal == principal.name or grant.group in names}
        return principal.roles.union(granted, *(group.roles for group in groups))


def _is_for(group: Group, principal: Principal) -> bool:
    return group.zone in (None, principal.zone)


def finding(code: str, origin: Origin | None, message: str, hint: str) -> Finding:
    """A finding at ``origin``."""
    place = origin or NOWHERE
    return Finding(code, place.file, place.line, place.column, message, hint)
