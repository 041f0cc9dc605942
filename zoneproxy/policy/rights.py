"""What somebody may do by roles: one's own, those of one's groups, and those granted for a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from zoneproxy.policy.acl import AclTable, Rule
from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.model import UNRESTRICTED, Grant, Group, Principal

MAX_REMEMBERED = 4096
"""How many sets of roles, and of principals with groups that they proved, are kept; at that many all are forgotten."""

NO_GROUPS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Rights:
    """What one principal may do, flows aside. Compared by identity: it is a key of caches."""

    zone: str  # where it is at home
    roles: frozenset[str]
    table: AclTable
    unrestricted: bool  # whether it may do everything there
    break_glass: tuple[Grant, ...]  # those that it has part in


class RoleTables:
    """The compiled rules of each set of roles; those with the same roles share one table."""

    def __init__(self, roles: Mapping[str, Sequence[Rule]]) -> None:
        self._roles = roles
        self._tables: dict[frozenset[str], AclTable] = {}

    def of(self, roles: frozenset[str]) -> AclTable:
        """The rules of all of ``roles`` as one table."""
        table = self._tables.get(roles)
        if table is None:
            table = AclTable(rule for role in sorted(roles) for rule in self._roles.get(role, ()))
            if len(self._tables) >= MAX_REMEMBERED:
                self._tables.clear()
            self._tables[roles] = table
        return table


class Members:
    """Who there is, and in which groups. The same at all times."""

    def __init__(
        self,
        principals: Iterable[Principal],
        groups: Iterable[Group],
        listed: Mapping[str, frozenset[str]],
        derivations: Iterable[Derivation] = (),
    ) -> None:
        """``listed``: the groups of each principal that the policy itself says."""
        self._derivations = {derivation.rule: derivation for derivation in derivations}
        self._principals = {principal.name: principal for principal in principals}
        self.groups: Mapping[str, Group] = {group.name: group for group in groups}
        self._listed = listed

    def __len__(self) -> int:
        return len(self._principals)

    def named(self, name: str) -> Principal | None:
        """The principal of that name."""
        return self._principals.get(name)

    def current(self, principal: Principal) -> Principal | None:
        """What the policy says of somebody that a session remembers: by name, or by the rule that made the name.

        A name that is listed is never taken for one that a rule made, nor the other way round.
        """
        listed = self._principals.get(principal.name)
        if not principal.rule or listed is not None:
            return None if principal.rule else listed
        derivation = self._derivations.get(principal.rule)
        return None if derivation is None else derivation.named(principal.name)

    def groups_of(self, principal: Principal) -> frozenset[str]:
        """Every group that counts for a principal: proved or listed, known here, and not for another home zone."""
        current = self.current(principal)
        if current is None:
            return NO_GROUPS
        names = principal.groups | self._listed.get(principal.name, NO_GROUPS)
        found = (self.groups[name] for name in names if name in self.groups)
        return frozenset(group.name for group in found if group.zone in (None, current.zone))


class Holders:
    """Who has which rights while ``grants`` are in force."""

    def __init__(self, members: Members, grants: Iterable[Grant], tables: RoleTables) -> None:
        self._members = members
        self._grants = tuple(grants)
        self._tables = tables
        self._known: dict[str | tuple[str, frozenset[str], str], Rights] = {}

    def of(self, principal: Principal) -> Rights | None:
        """The rights of a principal with the groups that it proved. None: the policy knows no such principal."""
        key = (
            (principal.name, principal.groups, principal.rule) if principal.groups or principal.rule else principal.name
        )
        known = self._known.get(key)
        return known if known is not None else self._work_out(key, principal)

    def _work_out(self, key: str | tuple[str, frozenset[str], str], principal: Principal) -> Rights | None:
        current = self._members.current(principal)
        if current is None:
            return None
        groups = self._members.groups_of(principal)
        grants = [g for g in self._grants if g.principal == current.name or g.group in groups]
        roles = current.roles.union(
            (role for name in groups for role in self._members.groups[name].roles), (grant.role for grant in grants)
        )
        loud = tuple(grant for grant in grants if grant.break_glass)
        rights = Rights(current.zone, roles, self._tables.of(roles), UNRESTRICTED in roles, loud)
        if len(self._known) >= len(self._members) + MAX_REMEMBERED:
            self._known.clear()
        self._known[key] = rights
        return rights
