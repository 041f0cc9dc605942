"""The single decisions that two policies take differently, for somebody with given rights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from zoneproxy.policy.difference.actors import Actor
from zoneproxy.policy.difference.atoms import Atom, atoms, hosts
from zoneproxy.policy.difference.rights import PlainRule, addresses, patterns
from zoneproxy.policy.model import PLAINTEXT, Operation, Principal, ResourceType
from zoneproxy.policy.patterns import Pattern
from zoneproxy.policy.snapshot import PolicySnapshot


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision that is different: ``gained`` says which way."""

    zone: str
    resource: ResourceType
    atom: Atom
    operation: Operation
    host: str
    tls: str
    gained: bool


@dataclass(frozen=True, slots=True)
class Space:
    """All that has to be asked about somebody: names by kind of resource, addresses, versions of TLS.

    Each version of TLS stands for itself and all that come before the next one.
    """

    atoms: Mapping[ResourceType, tuple[Atom, ...]]
    hosts: tuple[str, ...]
    tls: tuple[str, ...]


def space(rules: frozenset[PlainRule], topics_of_flows: Iterable[Pattern], tls: Iterable[str]) -> Space:
    """The space that some rules and flows make. ``tls``: the versions that flows ask for."""
    of_flows = set(topics_of_flows)
    return Space(
        {
            kind: atoms(kind, patterns(rules, kind) | (of_flows if kind is ResourceType.TOPIC else set()))
            for kind in ResourceType
        },
        hosts(addresses(rules)),
        tuple(sorted({PLAINTEXT, *tls})),
    )


def decisions(old: PolicySnapshot, new: PolicySnapshot, actor: Actor, where: Space) -> Iterator[Decision]:
    """Every decision about ``actor`` that is different."""
    for zone in dict.fromkeys([*old.zones, *new.zones]):
        for kind, names in where.atoms.items():
            for atom in names:
                for host in where.hosts:
                    for tls in where.tls:
                        before = _allowed(old, actor.old, zone, kind, atom.name, host, tls)
                        after = _allowed(new, actor.new, zone, kind, atom.name, host, tls)
                        for operation in sorted(before ^ after):
                            yield Decision(zone, kind, atom, operation, host, tls, operation in after)


def _allowed(
    snapshot: PolicySnapshot, who: Principal | None, zone: str, kind: ResourceType, name: str, host: str, tls: str
) -> frozenset[Operation]:
    if who is None or zone not in snapshot.zones:
        return frozenset()
    return snapshot.resource_operations(who, zone, kind, name, host, tls)
