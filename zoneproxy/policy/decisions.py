"""Decisions about what somebody with certain rights may do: access rules, then flows. Remembered, within bounds.

``tls`` is the version that the client's connection has (see ``flows``).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import TypeVar

from zoneproxy.policy.acl import SUPPORTED_MASK
from zoneproxy.policy.controls import Action, Control, Detect, RedactFinding
from zoneproxy.policy.flows import FlowTable
from zoneproxy.policy.model import Operation, ResourceType, Zone
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind
from zoneproxy.policy.record_rules import is_lineage
from zoneproxy.policy.rights import Rights

KAFKAS_TOPICS = frozenset(
    {"__consumer_offsets", "__transaction_state", "__share_group_state", "__remote_log_metadata", "__cluster_metadata"}
)
"""Kafka's internal topics. They hold other principals' offsets, transactions and keys."""
OUR_TOPICS = frozenset({"security.violations", "security.quarantine"})
"""Those of the proxy's own trail: who could write to them could forge it, who could delete them could be rid of it."""
RESERVED_TOPICS = KAFKAS_TOPICS | OUR_TOPICS
"""No client reaches any of these, not even with ``*`` or ``unrestricted``."""

CACHED_DECISIONS = 32_768
"""How many decisions of each kind are remembered; at that many all are forgotten and made anew (a few µs each)."""
CACHED_NAME = 255
"""Longer names (characters) are decided each time: a client could otherwise make the cache as big as its frames."""

K = TypeVar("K")
V = TypeVar("V")

_EVERY_TOPIC_OPERATION = SUPPORTED_MASK[ResourceType.TOPIC]


class Decisions:
    """What may be done in ``zones``, as far as rights and ``flows`` go."""

    def __init__(self, zones: Mapping[str, Zone], flows: FlowTable) -> None:
        self._zones = zones
        self._flows = flows
        self._by_tls = flows.by_tls
        self._topics: dict[tuple[Hashable, ...], int] = {}
        self._resources: dict[tuple[Hashable, ...], int] = {}
        self._some_topic: dict[tuple[Hashable, ...], bool] = {}
        self._controls: dict[tuple[str, str, str], tuple[Control, ...]] = {}
        self._guarded: dict[tuple[str, str, str], tuple[Control, ...]] = {}
        self._guard = flows.lineage_guard
        self._beside_records: dict[tuple[str, str], tuple[Control, ...]] = {}

    def topic(self, rights: Rights, zone: str, topic: str, host: str, tls: str) -> int:
        """The mask of what may be done to a topic of ``zone``."""
        exact = rights.table.by_host or self._by_tls  # otherwise neither makes a difference
        key = (rights, zone, topic, host, tls) if exact else (rights, zone, topic)
        mask = self._topics.get(key)
        if mask is None:
            mask = self._decide_topic(rights, zone, topic, host, tls)
            if len(topic) <= CACHED_NAME:
                _remember(self._topics, key, mask)
        return mask

    def resource(self, rights: Rights, zone: str, kind: ResourceType, name: str, host: str, tls: str) -> int:
        """The mask of what may be done to a resource of another kind."""
        exact = rights.table.by_host or self._by_tls
        key = (rights, zone, kind, name, host, tls) if exact else (rights, zone, kind, name)
        mask = self._resources.get(key)
        if mask is None:
            mask = self._decide_resource(rights, zone, kind, name, host, tls)
            if len(name) <= CACHED_NAME:
                _remember(self._resources, key, mask)
        return mask

    def some_topic(self, rights: Rights, zone: str, operation: Operation, host: str, tls: str) -> bool:
        """Whether there could be a topic in ``zone`` to which that may be done."""
        exact = rights.table.by_host or self._by_tls
        key = (rights, zone, operation, host, tls) if exact else (rights, zone, operation)
        known = self._some_topic.get(key)
        if known is None:
            known = self._decide_some_topic(rights, zone, operation, host, tls)
            _remember(self._some_topic, key, known)
        return known

    def every_topic(self, rights: Rights, zone: str, operation: Operation, prefix: str, host: str, tls: str) -> bool:
        """Whether that may be done to every topic of ``zone`` there could be whose name begins with ``prefix``.

        Reserved topics are not among them. Decided each time: it is asked when a member joins.
        """
        if zone not in self._zones:
            return False
        within = Pattern(PatternKind.PREFIX, prefix) if prefix else ANY
        at_home = rights.zone == zone
        if at_home and rights.unrestricted:
            return bool(_EVERY_TOPIC_OPERATION >> operation & 1)
        flows = [ANY] if at_home else self._flows.patterns(rights.zone, zone, operation, tls)
        if not any(pattern.intersect(within) == within for pattern in flows):
            return False
        return rights.table.allows_every(ResourceType.TOPIC, operation, within, host)

    def controls(self, from_zone: str, to_zone: str, topic: str) -> tuple[Control, ...]:
        """The controls of all flow rules that match."""
        key = (from_zone, to_zone, topic)
        known = self._controls.get(key)
        if known is None:
            known = self._flows.controls(from_zone, to_zone, topic)
            if len(topic) <= CACHED_NAME:
                _remember(self._controls, key, known)
        return known

    def enforced(self, from_zone: str, to_zone: str, topic: str) -> tuple[Control, ...]:
        """What is done to records: the controls, and the look at lineage that all records get once any flow has it.

        Without any rule nothing is done to them, which is so within a zone only.
        """
        controls = self.controls(from_zone, to_zone, topic)
        if self._guard is None or (from_zone == to_zone and not controls):
            return controls
        key = (from_zone, to_zone, topic)
        known = self._guarded.get(key)
        if known is None:
            known = controls if any(map(is_lineage, controls)) else (*controls, self._guard)
            if len(topic) <= CACHED_NAME:
                _remember(self._guarded, key, known)
        return known

    def controls_beside_records(self, home: str, zone: str) -> tuple[Control, ...]:
        """Those of all rules between two zones, and of the zones themselves, that look for data wherever it stands."""
        known = self._beside_records.get((home, zone))
        if known is None:
            own = [
                control for name in (zone, home) if name in self._zones for control in self._zones[name].beside_records
            ]
            every = dict.fromkeys((*own, *self._flows.between(home, zone)))
            looking = (control for control in every if isinstance(control, (Detect, RedactFinding)))
            # There is no record to be kept, or to be told of: what cannot be looked into is refused.
            known = tuple(dict.fromkeys(replace(control, on_error=Action.BLOCK) for control in looking))
            _remember(self._beside_records, (home, zone), known)
        return known

    def _decide_topic(self, rights: Rights, zone: str, topic: str, host: str, tls: str) -> int:
        if topic in RESERVED_TOPICS or zone not in self._zones:
            return 0
        at_home = rights.zone == zone
        if at_home and rights.unrestricted:
            return _EVERY_TOPIC_OPERATION
        mask = rights.table.allowed(ResourceType.TOPIC, topic, host)
        return mask if at_home else mask & self._flows.permitted(rights.zone, zone, topic, tls)

    def _decide_resource(self, rights: Rights, zone: str, kind: ResourceType, name: str, host: str, tls: str) -> int:
        if zone not in self._zones:
            return 0
        at_home = rights.zone == zone
        if at_home and rights.unrestricted:
            return SUPPORTED_MASK[kind]
        if not at_home and (kind is ResourceType.CLUSTER or not self._flows.connects(rights.zone, zone, tls)):
            return 0
        return rights.table.allowed(kind, name, host)

    def _decide_some_topic(self, rights: Rights, zone: str, operation: Operation, host: str, tls: str) -> bool:
        if zone not in self._zones:
            return False
        at_home = rights.zone == zone
        if at_home and rights.unrestricted:
            return bool(_EVERY_TOPIC_OPERATION >> operation & 1)
        within = [ANY] if at_home else self._flows.patterns(rights.zone, zone, operation, tls)
        return rights.table.allows_some(ResourceType.TOPIC, operation, within, host)


def _remember(cache: dict[K, V], key: K, value: V) -> None:
    if len(cache) >= CACHED_DECISIONS:
        cache.clear()
    cache[key] = value
