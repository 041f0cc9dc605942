"""What the linter's rules ask about a policy: who has a role, what a principal may do at all, what is at the top."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zoneproxy.policy.acl import ANY_HOST, AclTable, Rule
from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.model import UNRESTRICTED, Operation, Origin, Principal, ResourceType, Zone
from zoneproxy.policy.patterns import Pattern
from zoneproxy.policy.snapshot import Policy

NOWHERE = Origin("policies", 0, 0)


class Survey:
    """A policy, seen from above. ``now`` is in seconds since the epoch."""

    def __init__(self, policy: Policy, now: float) -> None:
        self.policy = policy
        self.now = now
        self.zones = {zone.name: zone for zone in policy.zones}
        self.principals = tuple(principal for principal, _ in policy.principals)
        self._tables: dict[frozenset[str], tuple[AclTable, frozenset[str]]] = {}

    def at_home(self, zone: str) -> list[Principal]:
        """The principals of a zone."""
        return [principal for principal in self.principals if principal.zone == zone]

    def holders(self, role: str) -> list[Principal]:
        """Whoever has a role."""
        return [principal for principal in self.principals if role in principal.roles]

    def unrestricted(self, principal: Principal, zone: str) -> bool:
        """Whether the principal may do everything in that zone."""
        return principal.zone == zone and UNRESTRICTED in principal.roles

    def most_sensitive(self, zone: Zone) -> bool:
        """Whether no zone has a higher level, and some have a lower one."""
        ranks = [other.rank for other in self.policy.zones]
        return zone.rank == max(ranks) > min(ranks)

    def may(self, principal: Principal, operation: Operation, topics: Sequence[Pattern]) -> bool:
        """Whether its rules allow the principal to do that to any topic of ``topics``, from any host at all."""
        table, hosts = self._table(principal.roles)
        return any(table.allows_some(ResourceType.TOPIC, operation, topics, host) for host in hosts)

    def _table(self, roles: frozenset[str]) -> tuple[AclTable, frozenset[str]]:
        if roles not in self._tables:
            rules = self.rules_of(roles)
            hosts = frozenset({ANY_HOST}.union(*(rule.hosts for rule in rules)))
            self._tables[roles] = AclTable(rules), hosts
        return self._tables[roles]

    def rules_of(self, roles: Iterable[str]) -> list[Rule]:
        """All rules of some roles."""
        return [rule for role in sorted(roles) for rule in self.policy.roles.get(role, ())]

    def origin(self, section: str, name: str) -> Origin:
        """Where an entry was written."""
        return self.policy.origins.get((section, name), NOWHERE)


def finding(code: str, origin: Origin | None, message: str, hint: str) -> Finding:
    """A finding at ``origin``."""
    place = origin or NOWHERE
    return Finding(code, place.file, place.line, place.column, message, hint)
