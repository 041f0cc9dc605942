"""Access rules with the meaning that Kafka's StandardAuthorizer gives to ACLs.

A rule matches by resource (literal, prefix, any), operation and host. Deny beats allow, however specific either is,
and the order of rules never matters; where nothing matches, nothing is allowed. Allowing READ, WRITE, DELETE or ALTER
allows DESCRIBE, allowing ALTER_CONFIGS allows DESCRIBE_CONFIGS, ALL is all; a denial implies nothing but ALL.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from zoneproxy.policy.longest import LongestMatch
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


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What may be done to the names of one pattern, denials and wider patterns taken into account."""

    anywhere: int
    by_host: Mapping[str, int]  # for hosts that rules name


_NOTHING = _Outcome(0, MappingProxyType({}))


class AclTable:
    """The rules of one principal, compiled."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._tables: dict[ResourceType, PatternMap[_Masks]] = {kind: PatternMap() for kind in ResourceType}
        self.by_host = False  # whether a decision can depend on the host
        for rule in rules:
            self._add(rule)
        self._outcomes = {kind: LongestMatch(_outcomes(table), _NOTHING) for kind, table in self._tables.items()}

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
        outcome = self._outcomes[resource].of(name)
        return outcome.by_host.get(canonical_host(host), outcome.anywhere) if outcome.by_host else outcome.anywhere

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
        return not _sums(overlapping, canonical_host(host))[1] >> operation & 1

    @staticmethod
    def _decide(matching: Iterable[_Masks], host: str) -> int:
        allowed, denied = _sums(matching, canonical_host(host))
        return allowed & ~denied


def _sums(matching: Iterable[_Masks], host: str) -> tuple[int, int]:
    """What is allowed and what is denied to a host, one spelling of it, by all that matches."""
    allowed = denied = 0
    for masks in matching:
        allowed |= masks.allowed.get(ANY_HOST, 0) | masks.allowed.get(host, 0)
        denied |= masks.denied.get(ANY_HOST, 0) | masks.denied.get(host, 0)
    return allowed, denied


def _outcomes(table: PatternMap[_Masks]) -> Iterator[tuple[Pattern, _Outcome]]:
    """Every pattern with the outcome for the names that it is the most exact pattern of."""
    for pattern in dict(table.items()):
        covering = table.covering(pattern)
        hosts = {ANY_HOST}.union(*(masks.allowed.keys() | masks.denied.keys() for masks in covering))
        by_host = {}
        for host in hosts:
            allowed, denied = _sums(covering, host)
            by_host[host] = allowed & ~denied
        anywhere = by_host.pop(ANY_HOST)
        yield pattern, _Outcome(anywhere, by_host)


def literal(name: str) -> Pattern:
    """A pattern of one name; ``*`` means all names, as in Kafka."""
    return Pattern(PatternKind.ANY) if name == ANY_HOST else Pattern(PatternKind.LITERAL, name)
