"""The policy in force: an immutable value that answers who somebody is and what they may do.

Decisions look principals up by name in this snapshot, never in the Principal that a session has kept: whoever a newer
policy no longer knows may do nothing from its next request on. What a session remembers counts for the groups that
its client proved, and for nothing else.

Grants begin and end, and a value does not: a snapshot holds for one piece of time, and ``at`` gives the one that holds
at a moment. What is the same at all times they share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from types import MappingProxyType

from zoneproxy.policy.acl import Rule, operations_in
from zoneproxy.policy.controls import Control
from zoneproxy.policy.decisions import RESERVED_TOPICS, Decisions
from zoneproxy.policy.definitions import NO_DEFINITIONS, Definitions
from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.flows import Flow, FlowTable
from zoneproxy.policy.identities import Identities, IdentityRule, Match
from zoneproxy.policy.model import (
    PLAINTEXT,
    Grant,
    Group,
    Operation,
    Origin,
    PeerFacts,
    Principal,
    ResourceType,
    Zone,
)
from zoneproxy.policy.rights import Holders, Members, RoleTables
from zoneproxy.policy.timeline import Timeline

__all__ = ["RESERVED_TOPICS", "Policy", "PolicySnapshot"]


@dataclass(frozen=True, slots=True)
class Policy:
    """All that the files say, checked, as plain values: what a snapshot is made from."""

    zones: tuple[Zone, ...] = ()
    principals: tuple[tuple[Principal, tuple[Match, ...]], ...] = ()
    identities: tuple[tuple[Derivation, tuple[Match, ...]], ...] = ()
    roles: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    flows: tuple[Flow, ...] = ()
    origins: Mapping[tuple[str, str], Origin] = field(default_factory=dict)  # (section, name) → where
    digest: str = ""
    groups: tuple[Group, ...] = ()
    members: Mapping[str, frozenset[str]] = field(default_factory=dict)  # principal → groups that the files list
    grants: tuple[Grant, ...] = ()
    revoked: frozenset[str] = frozenset()  # SHA-256 fingerprints of certificates
    definitions: Definitions = NO_DEFINITIONS


class _Shared:
    """What the snapshots of all moments have in common."""

    def __init__(self, policy: Policy) -> None:
        named = tuple(who for who, _ in policy.principals)
        self.identities = _identities(policy)
        self.members = Members(named, policy.groups, policy.members, (made for made, _ in policy.identities))
        self.flows = FlowTable(policy.flows)
        self.tables = RoleTables(policy.roles)
        self.timeline = Timeline(policy.grants)
        self.latest: PolicySnapshot | None = None  # the one that ``at`` gave last

    def compile(self, policy: Policy) -> None:
        """Compile the rules that will be needed at any time now, where nobody waits for it."""
        everybody = [who for who, _ in policy.principals]
        concerned: dict[str, list[Principal]] = {}  # by holder of a grant
        for who in everybody:
            for holder in (who.name, *(f"group {name}" for name in self.members.groups_of(who))):
                concerned.setdefault(holder, []).append(who)
        before, *later = self.timeline.moments()
        always = self.holders(before)
        for who in everybody:
            always.of(who)
        for moment in later:
            holders = self.holders(moment)
            for grant in self.timeline.in_force(moment):
                for who in concerned.get(grant.holder, ()):
                    holders.of(who)

    def holders(self, moment: float) -> Holders:
        return Holders(self.members, self.timeline.in_force(moment), self.tables)


def _identities(policy: Policy) -> Identities:
    """Who is written down by name comes first."""
    rules: list[IdentityRule] = [(match, who) for who, matches in policy.principals for match in matches]
    rules += [(match, made) for made, matches in policy.identities for match in matches]
    return Identities(rules, taken=(who.name for who, _ in policy.principals), revoked=policy.revoked)


class PolicySnapshot:
    """See the module. Its caches are bounded and invisible from outside.

    Made from a policy it is the one before all grants: ask ``at`` for the one that holds now.
    """

    def __init__(self, policy: Policy, moment: float = -inf, shared: _Shared | None = None) -> None:
        """``moment`` and ``shared`` are for ``at`` only."""
        if shared is None:
            shared = _Shared(policy)
            shared.compile(policy)
        self.policy = policy
        self.digest = policy.digest  # SHA-256 of what the files mean, in hex; the same at all moments
        self.zones: Mapping[str, Zone] = MappingProxyType({zone.name: zone for zone in policy.zones})
        self.since, self.until = shared.timeline.piece(moment)  # when it holds: from, and until before
        self.grants: tuple[Grant, ...] = shared.timeline.in_force(moment)  # those that are in force then
        self.glass_is_broken = any(grant.break_glass for grant in self.grants)
        self._shared = shared
        self._members = shared.members
        self._holders = shared.holders(moment)
        self._decisions = Decisions(self.zones, shared.flows)

    def at(self, now: float) -> PolicySnapshot:
        """The snapshot that holds at ``now`` (seconds since the epoch): itself, most of the time."""
        if self.since <= now < self.until:
            return self
        latest = self._shared.latest
        if latest is None or not latest.since <= now < latest.until:
            latest = self._shared.latest = PolicySnapshot(self.policy, now, self._shared)
        return latest

    # --- who -----------------------------------------------------------------------------------------------------

    def identify(self, peer: PeerFacts) -> Principal | None:
        """Who a certificate stands for: the first matching rule. None: nobody, refuse the connection."""
        return self._shared.identities.identify(peer)

    def principal(self, name: str) -> Principal | None:
        """The principal of that name (without ``User:``); plaintext listeners name theirs."""
        return self._members.named(name)

    def groups_of(self, principal: Principal) -> frozenset[str]:
        """The groups whose roles a principal has: those it proved and those the policy lists it in."""
        return self._members.groups_of(principal)

    def roles_of(self, principal: Principal) -> frozenset[str]:
        """All its roles now: its own, its groups', those granted."""
        rights = self._holders.of(principal)
        return frozenset() if rights is None else rights.roles

    def break_glass(self, principal: Principal) -> tuple[Grant, ...]:
        """The break-glass grants in force that a principal has part in."""
        rights = self._holders.of(principal) if self.glass_is_broken else None
        return () if rights is None else rights.break_glass

    def unrestricted(self, principal: Principal, zone: str) -> bool:
        """Whether the principal may do everything in ``zone``: it is home there and has the role."""
        rights = self._holders.of(principal)
        return rights is not None and rights.unrestricted and rights.zone == zone and zone in self.zones

    # --- what ----------------------------------------------------------------------------------------------------
    #
    # ``tls`` is the version that the client's connection has: flows may ask for a minimum.

    def acl_allows(
        self, principal: Principal, operation: Operation, resource_type: ResourceType, name: str, host: str
    ) -> bool:
        """Kafka's answer by access rules alone, without zones, flows and ``unrestricted``.

        For decisions about requests use ``topic_allowed`` and ``resource_allowed``.
        """
        rights = self._holders.of(principal)
        return rights is not None and bool(rights.table.allowed(resource_type, name, host) >> operation & 1)

    def topic_allowed(
        self, principal: Principal, zone: str, operation: Operation, topic: str, host: str, tls: str = PLAINTEXT
    ) -> bool:
        """Whether the principal may do that to a topic of the listener's zone: access rules, then flows."""
        rights = self._holders.of(principal)
        return rights is not None and bool(self._decisions.topic(rights, zone, topic, host, tls) >> operation & 1)

    def resource_allowed(
        self,
        principal: Principal,
        zone: str,
        operation: Operation,
        resource_type: ResourceType,
        name: str,
        host: str,
        tls: str = PLAINTEXT,
    ) -> bool:
        """As ``topic_allowed``, for any type of resource.

        Groups and transactional ids of another zone are within reach where some flow joins the two zones; what
        concerns the whole cluster is not, for it would reach topics that no flow names.
        """
        if resource_type is ResourceType.TOPIC:
            return self.topic_allowed(principal, zone, operation, name, host, tls)
        rights = self._holders.of(principal)
        if rights is None:
            return False
        return bool(self._decisions.resource(rights, zone, resource_type, name, host, tls) >> operation & 1)

    def any_topic_allowed(
        self, principal: Principal, zone: str, operation: Operation, host: str, tls: str = PLAINTEXT
    ) -> bool:
        """Whether there could be a topic in ``zone`` to which the principal may do that (idempotent producers)."""
        rights = self._holders.of(principal)
        return rights is not None and self._decisions.some_topic(rights, zone, operation, host, tls)

    def every_topic_allowed(
        self, principal: Principal, zone: str, operation: Operation, prefix: str, host: str, tls: str = PLAINTEXT
    ) -> bool:
        """Whether the principal may do that to every topic there could be in ``zone`` whose name begins so."""
        rights = self._holders.of(principal)
        return rights is not None and self._decisions.every_topic(rights, zone, operation, prefix, host, tls)

    def topic_operations(
        self, principal: Principal, zone: str, topic: str, host: str, tls: str = PLAINTEXT
    ) -> frozenset[Operation]:
        """Everything the principal may do to a topic, for ``authorizedOperations`` (KIP-430)."""
        rights = self._holders.of(principal)
        return operations_in(0 if rights is None else self._decisions.topic(rights, zone, topic, host, tls))

    def resource_operations(
        self, principal: Principal, zone: str, kind: ResourceType, name: str, host: str, tls: str = PLAINTEXT
    ) -> frozenset[Operation]:
        """Everything the principal may do to a resource of any type."""
        if kind is ResourceType.TOPIC:
            return self.topic_operations(principal, zone, name, host, tls)
        rights = self._holders.of(principal)
        return operations_in(0 if rights is None else self._decisions.resource(rights, zone, kind, name, host, tls))

    def enforced(self, from_zone: str, to_zone: str, topic: str) -> tuple[Control, ...]:
        """The ``controls``, and what is done to records besides because other flows have theirs.

        That is for who treats records; ``controls`` is what somebody wrote.
        """
        return self._decisions.enforced(from_zone, to_zone, topic)

    def controls(self, from_zone: str, to_zone: str, topic: str) -> tuple[Control, ...]:
        """What is done to records of ``topic`` that cross in that direction.

        The union over all matching flow rules, in the order in which they were written; () where there is none. If
        several apply to one value the strictest ``Action`` wins: no rule can weaken what another one asks for.
        """
        return self._decisions.controls(from_zone, to_zone, topic)

    def controls_beside_records(self, home: str, zone: str) -> tuple[Control, ...]:
        """What is done to all that a principal of ``home`` says in ``zone``, or is told there, that is no record.

        Names, ids and metadata belong to no topic, so the detectors of every rule between the two zones look for
        them, in either direction, and those that the zones themselves ask for (``beside_records``).
        """
        return self._decisions.controls_beside_records(home, zone)

    def keys_used(self) -> frozenset[str]:
        """The names of all keys that controls ask for."""
        return frozenset(key for flow in self.policy.flows for control in flow.controls for key in control.keys)
