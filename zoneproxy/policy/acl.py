"""Access rules with the meaning that Kafka's StandardAuthorizer gives to ACLs.

A rule matches by resource (literal, prefix, any), operation and host. Deny beats allow, however specific either is,
and the order of rules never matters; where nothing matches, nothing is allowed. Allowing READ, WRITE, DELETE or ALTER
allows DESCRIBE, allowing ALTER_CONFIGS allows DESCRIBE_CONFIGS, ALL is all; a denial implies nothing but ALL.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from zoneproxy.policy.model import Operation, Origin, ResourceType
from zoneproxy.policy.patterns import Pattern, PatternKind, PatternMap

CLUSTER_NAME = "kafka-cluster"
"""The name of the one resource of type CLUSTER (Kafka's Resource.CLUSTER_NAME)."""

ANY_HOST = "*"

SUPPORTED: Mapping[ResourceType, frozenset[Operation]] = MappingProxyType(
    {
        ResourceType.TOPIC: frozenset(
            {
                Operation.READ,
                Operation.WRITE,
                Operation.CREATE,
                Operation.DELETE,
                Operation.ALTER,
                Operation.DESCRIBE,
                Operation.DESCRIBE_CONFIGS,
                Operation.ALTER_CONFIGS,
            }
        ),
        ResourceType.GROUP: frozenset(
            {
                Operation.READ,
                Operation.DELETE,
                Operation.DESCRIBE,
                Operation.DESCRIBE_CONFIGS,
                Operation.ALTER_CONFIGS,
            }
        ),
        ResourceType.CLUSTER: frozenset(
            {
                Operation.CREATE,
                Operation.ALTER,
                Operation.DESCRIBE,
                Operation.CLUSTER_ACTION,
                Operation.DESCRIBE_CONFIGS,
                Operation.ALTER_CONFIGS,
                Operation.IDEMPOTENT_WRITE,
            }
        ),
        ResourceType.TRANSACTIONAL_ID: frozenset({Operation.WRITE, Operation.DESCRIBE, Operation.TWO_PHASE_COMMIT}),
    }
)
"""What can be done to a resource at all (Kafka 4.3.1, AclEntry.supportedOperations)."""

_DESCRIBING = (Operation.READ, Operation.WRITE, Operation.DELETE, Operation.ALTER)


def mask_of(operations: Iterable[Operation]) -> int:
    """Operations as a set of bits, at the numbers that KIP-430 gives them. They are not expanded."""
    mask = 0
    for operation in operations:
        mask |= 1 << operation
    return mask


@lru_cache(maxsize=1024)
def operations_in(mask: int) -> frozenset[Operation]:
    """The operations of a mask."""
    return frozenset(operation for operation in Operation if mask >> operation & 1)


SUPPORTED_MASK: Mapping[ResourceType, int] = MappingProxyType({key: mask_of(ops) for key, ops in SUPPORTED.items()})


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a role: some operations on some resources of one type, from some hosts, allowed or denied."""

    allow: bool
    operations: frozenset[Operation]
    resource: ResourceType
    patterns: tuple[Pattern, ...]
    hosts: frozenset[str] = frozenset({ANY_HOST})
    origin: Origin | None = None

    def mask(self) -> int:
        """What it allows or denies, implied operations and all."""
        everything = SUPPORTED_MASK[self.resource]
        if Operation.ALL in self.operations:
            return everything
        mask = mask_of(self.operations)
        if self.allow:
            if any(operation in self.operations for operation in _DESCRIBING):
                mask |= 1 << Operation.DESCRIBE
            if Operation.ALTER_CONFIGS in self.operations:
                mask |= 1 << Operation.DESCRIBE_CONFIGS
        return mask & everything


@lru_cache(maxsize=65_536)
def canonical_host(host: str) -> str:
    """An address in one spelling; IPv4 that arrives on an IPv6 socket is IPv4. Text that is no address stays."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)


class _Masks:
    """What the rules of one pattern allow and deny, by host."""

    __slots__ = ("allowed", "denied")

    def __init__(self) -> None:
        self.allowed: dict[str, int] = {}
        self.denied: dict[str, int] = {}


class AclTable:
    """The rules of one principal, compiled."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._tables: dict[ResourceType, PatternMap[_Masks]] = {kind: PatternMap() for kind in ResourceType}
        self.by_host = False  # whether a decision can depend on the host
        for rule in rules:
            self._add(rule)

    def _add(self, rule: Rule) -> None:
        mask = rule.mask()
        self.by_host |= rule.hosts != {ANY_HOST}
        for pattern in rule.patterns:
            masks = self._tables[rule.resource].at(pattern, _Masks)
            side = masks.allowed if rule.allow else masks.denied
            for host in rule.hosts:
                host = canonical_host(host)
                side[host] = side.get(host, 0) | mask

    def allowed(self, resource: ResourceType, name: str, host: str) -> int:
        """The mask of everything that may be done to one resource from one host."""
        return self._decide(self._tables[resource].matching(name), host)

    def allows_some(self, resource: ResourceType, operation: Operation, within: Sequence[Pattern], host: str) -> bool:
        """Whether ``operation`` is allowed on any resource at all whose name is in one of ``within``.

        Kafka's Authorizer.authorizeByResourceType: an allowance counts unless a denial covers the whole of it.
        """
        table = self._tables[resource]
        for pattern, masks in table.items():
            if not self._decide([masks], host) >> operation & 1:
                continue
            for limit in within:
                common = pattern.intersect(limit)
                if common is not None and self._decide([masks, *table.covering(common)], host) >> operation & 1:
                    return True
        return False

    def allows_every(self, resource: ResourceType, operation: Operation, within: Pattern, host: str) -> bool:
        """Whether ``operation`` is allowed on every resource there could be whose name is in ``within``.

        By one allowance that covers all of it; that many small ones do it together is not seen.
        """
        table = self._tables[resource]
        if not self._decide(table.covering(within), host) >> operation & 1:
            return False
        overlapping = (masks for pattern, masks in table.items() if pattern.intersect(within) is not None)
        return not self._denied(overlapping, host) >> operation & 1

    @staticmethod
    def _denied(matching: Iterable[_Masks], host: str) -> int:
        denied = 0
        host = canonical_host(host)
        for masks in matching:
            denied |= masks.denied.get(ANY_HOST, 0) | masks.denied.get(host, 0)
        return denied

    @staticmethod
    def _decide(matching: Iterable[_Masks], host: str) -> int:
        allowed = denied = 0
        host = canonical_host(host)
        for masks in matching:
            allowed |= masks.allowed.get(ANY_HOST, 0) | masks.allowed.get(host, 0)
            denied |= masks.denied.get(ANY_HOST, 0) | masks.denied.get(host, 0)
        return allowed & ~denied


def literal(name: str) -> Pattern:
    """A pattern of one name; ``*`` means all names, as in Kafka."""
    return Pattern(PatternKind.ANY) if name == ANY_HOST else Pattern(PatternKind.LITERAL, name)
