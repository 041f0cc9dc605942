"""The policy in force: an immutable value that answers who somebody is and what they may do.

Decisions look principals up by name in this snapshot, never in the Principal that a session has kept: whoever a newer
policy no longer knows may do nothing from its next request on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from zoneproxy.policy.acl import SUPPORTED_MASK, AclTable, Rule, operations_in
from zoneproxy.policy.flows import Flow, FlowTable
from zoneproxy.policy.identities import Identities, Match
from zoneproxy.policy.model import (
    UNRESTRICTED,
    Control,
    Operation,
    Origin,
    PeerFacts,
    Principal,
    RedactField,
    RedactFinding,
    ResourceType,
    Zone,
)
from zoneproxy.policy.patterns import ANY

RESERVED_TOPICS = frozenset(
    {"__consumer_offsets", "__transaction_state", "__share_group_state", "__remote_log_metadata", "__cluster_metadata"}
)
"""Kafka's internal topics. They hold other principals' offsets, transactions and keys: no client reaches them, not
even with ``*`` or ``unrestricted``."""

CACHED_DECISIONS = 32_768
"""How many decisions of each kind are remembered; at that many all are forgotten and made anew (a few µs each)."""
CACHED_NAME = 255
"""Longer names (characters) are decided each time: a client could otherwise make the cache as big as its frames."""

K = TypeVar("K")
V = TypeVar("V")

_EVERY_TOPIC_OPERATION = SUPPORTED_MASK[ResourceType.TOPIC]


@dataclass(frozen=True, slots=True)
class Policy:
    """All that the files say, checked, as plain values: what a snapshot is made from."""

    zones: tuple[Zone, ...] = ()
    principals: tuple[tuple[Principal, tuple[Match, ...]], ...] = ()
    roles: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    flows: tuple[Flow, ...] = ()
    origins: Mapping[tuple[str, str], Origin] = field(default_factory=dict)  # (section, name) → where
    digest: str = ""


class PolicySnapshot:
    """See the module. Its caches are bounded and invisible from outside."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.digest = policy.digest  # SHA-256 of what the files mean, in hex
        self.zones: Mapping[str, Zone] = MappingProxyType({zone.name: zone for zone in policy.zones})
        self._principals = {principal.name: principal for principal, _ in policy.principals}
        self._identities = Identities([(match, who) for who, matches in policy.principals for match in matches])
        self._tables = _tables(policy)
        self._flows = FlowTable(policy.flows)
        self._topics: dict[tuple[str, str, str, str | None], int] = {}
        self._resources: dict[tuple[str, ResourceType, str, str | None], int] = {}
        self._some_topic: dict[tuple[str, str, Operation, str | None], bool] = {}
        self._controls: dict[tuple[str, str, str], tuple[Control, ...]] = {}

    # --- who -----------------------------------------------------------------------------------------------------

    def identify(self, peer: PeerFacts) -> Principal | None:
        """Who a certificate stands for: the first matching rule. None: nobody, refuse the connection."""
        return self._identities.identify(peer)

    def principal(self, name: str) -> Principal | None:
        """The principal of that name (without ``User:``); plaintext listeners name theirs."""
        return self._principals.get(name)

    def unrestricted(self, principal: Principal, zone: str) -> bool:
        """Whether the principal may do everything in ``zone``: it is home there and has the role."""
        current = self._principals.get(principal.name)
        return current is not None and current.zone == zone and zone in self.zones and UNRESTRICTED in current.roles

    # --- what ----------------------------------------------------------------------------------------------------

    def acl_allows(
        self, principal: Principal, operation: Operation, resource_type: ResourceType, name: str, host: str
    ) -> bool:
        """Kafka's answer by access rules alone, without zones, flows and ``unrestricted``.

        For decisions about requests use ``topic_allowed`` and ``resource_allowed``.
        """
        return bool(self._acl_mask(principal.name, resource_type, name, host) >> operation & 1)

    def topic_allowed(self, principal: Principal, zone: str, operation: Operation, topic: str, host: str) -> bool:
        """Whether the principal may do that to a topic of the listener's zone: access rules, then flows."""
        return bool(self._topic_mask(principal.name, zone, topic, host) >> operation & 1)

    def resource_allowed(
        self, principal: Principal, zone: str, operation: Operation, resource_type: ResourceType, name: str, host: str
    ) -> bool:
        """As ``topic_allowed``, for any type of resource.

        Groups and transactional ids of another zone are within reach where some flow joins the two zones; what
        concerns the whole cluster is not, for it would reach topics that no flow names.
        """
        if resource_type is ResourceType.TOPIC:
            return self.topic_allowed(principal, zone, operation, name, host)
        if self.unrestricted(principal, zone):
            return bool(SUPPORTED_MASK[resource_type] >> operation & 1)
        if not self._within_reach(principal.name, zone, resource_type):
            return False
        return self.acl_allows(principal, operation, resource_type, name, host)

    def any_topic_allowed(self, principal: Principal, zone: str, operation: Operation, host: str) -> bool:
        """Whether there could be a topic in ``zone`` to which the principal may do that (idempotent producers)."""
        table = self._tables.get(principal.name)
        if table is None:
            return False
        key = (principal.name, zone, operation, host if table.by_host else None)
        known = self._some_topic.get(key)
        if known is None:
            known = self._decide_some_topic(principal, zone, operation, host, table)
            _remember(self._some_topic, key, known)
        return known

    def topic_operations(self, principal: Principal, zone: str, topic: str, host: str) -> frozenset[Operation]:
        """Everything the principal may do to a topic, for ``authorizedOperations`` (KIP-430)."""
        return operations_in(self._topic_mask(principal.name, zone, topic, host))

    def controls(self, from_zone: str, to_zone: str, topic: str) -> tuple[Control, ...]:
        """What is done to records of ``topic`` that cross in that direction.

        The union over all matching flow rules, in the order in which they were written; () where there is none. If
        several apply to one value the strictest ``Action`` wins: no rule can weaken what another one asks for.
        """
        key = (from_zone, to_zone, topic)
        known = self._controls.get(key)
        if known is None:
            known = self._flows.controls(from_zone, to_zone, topic)
            if len(topic) <= CACHED_NAME:
                _remember(self._controls, key, known)
        return known

    def keys_used(self) -> frozenset[str]:
        """The names of all keys that controls ask for."""
        redactions = (c for f in self.policy.flows for c in f.controls if isinstance(c, RedactField | RedactFinding))
        return frozenset(c.transform.key for c in redactions if c.transform.key is not None)

    # --- decisions, not cached -----------------------------------------------------------------------------------

    def _acl_mask(self, name: str, resource: ResourceType, resource_name: str, host: str) -> int:
        table = self._tables.get(name)
        if table is None:
            return 0
        key = (name, resource, resource_name, host if table.by_host else None)
        mask = self._resources.get(key)
        if mask is None:
            mask = table.allowed(resource, resource_name, host)
            if len(resource_name) <= CACHED_NAME:
                _remember(self._resources, key, mask)
        return mask

    def _topic_mask(self, name: str, zone: str, topic: str, host: str) -> int:
        table = self._tables.get(name)
        if table is None:
            return 0
        key = (name, zone, topic, host if table.by_host else None)
        mask = self._topics.get(key)
        if mask is None:
            mask = self._decide_topic(self._principals[name], zone, topic, host, table)
            if len(topic) <= CACHED_NAME:
                _remember(self._topics, key, mask)
        return mask

    def _decide_topic(self, principal: Principal, zone: str, topic: str, host: str, table: AclTable) -> int:
        if topic in RESERVED_TOPICS or zone not in self.zones:
            return 0
        if self.unrestricted(principal, zone):
            return _EVERY_TOPIC_OPERATION
        mask = table.allowed(ResourceType.TOPIC, topic, host)
        return mask if principal.zone == zone else mask & self._flows.permitted(principal.zone, zone, topic)

    def _decide_some_topic(
        self, principal: Principal, zone: str, operation: Operation, host: str, table: AclTable
    ) -> bool:
        if zone not in self.zones:
            return False
        if self.unrestricted(principal, zone):
            return bool(_EVERY_TOPIC_OPERATION >> operation & 1)
        home = self._principals[principal.name].zone
        within = [ANY] if home == zone else self._flows.patterns(home, zone, operation)
        return table.allows_some(ResourceType.TOPIC, operation, within, host)

    def _within_reach(self, name: str, zone: str, resource_type: ResourceType) -> bool:
        principal = self._principals.get(name)
        if principal is None or zone not in self.zones:
            return False
        if principal.zone == zone:
            return True
        return resource_type is not ResourceType.CLUSTER and self._flows.connects(principal.zone, zone)


def _tables(policy: Policy) -> dict[str, AclTable]:
    """The compiled rules of each principal; those with the same roles share one table."""
    by_roles: dict[frozenset[str], AclTable] = {}
    tables = {}
    for principal, _ in policy.principals:
        if principal.roles not in by_roles:
            rules = [rule for role in sorted(principal.roles) for rule in policy.roles.get(role, ())]
            by_roles[principal.roles] = AclTable(rules)
        tables[principal.name] = by_roles[principal.roles]
    return tables


def _remember(cache: dict[K, V], key: K, value: V) -> None:
    if len(cache) >= CACHED_DECISIONS:
        cache.clear()
    cache[key] = value
