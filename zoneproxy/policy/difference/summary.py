"""Many single decisions as few changes: operations, names and circumstances that go together are put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zoneproxy.policy.difference.atoms import Atom
from zoneproxy.policy.difference.decisions import Decision, Space
from zoneproxy.policy.model import PLAINTEXT, Operation, ResourceType
from zoneproxy.policy.patterns import PatternKind

Circumstances = frozenset[tuple[str, str]]  # (host, version of TLS)


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody may do from now on, or no longer.

    ``every``: the atoms are all names there can be. ``groups``: if it is in these; ``circumstances``: where and how it
    connects, "" if that makes no difference.
    ``since`` and ``until``: when, in seconds since the epoch; None is open.
    """

    gained: bool
    principal: str
    groups: tuple[str, ...]
    zone: str
    resource: ResourceType
    operations: tuple[Operation, ...]
    atoms: tuple[Atom, ...]
    every: bool
    circumstances: str = ""
    since: float | None = None
    until: float | None = None


def summarise(found: Iterable[Decision], where: Space, principal: str, groups: frozenset[str]) -> Iterator[Change]:
    """The decisions about one principal as changes."""
    circumstances: dict[tuple[str, ResourceType, bool, Atom, Operation], set[tuple[str, str]]] = {}
    for each in found:
        key = each.zone, each.resource, each.gained, each.atom, each.operation
        circumstances.setdefault(key, set()).add((each.host, each.tls))
    operations: dict[tuple[str, ResourceType, bool, Atom, Circumstances], list[Operation]] = {}
    for (zone, resource, gained, atom, operation), those in circumstances.items():
        operations.setdefault((zone, resource, gained, atom, frozenset(those)), []).append(operation)
    names: dict[tuple[str, ResourceType, bool, tuple[Operation, ...], Circumstances], list[Atom]] = {}
    for (zone, resource, gained, atom, those_), several in operations.items():
        names.setdefault((zone, resource, gained, tuple(sorted(several)), those_), []).append(atom)
    for (zone, resource, gained, operations_, those_), together in names.items():
        yield Change(
            gained=gained,
            principal=principal,
            groups=tuple(sorted(groups)),
            zone=zone,
            resource=resource,
            operations=operations_,
            atoms=_in_order(together),
            every=len(together) == len(where.atoms[resource]),
            circumstances=_circumstances(those_, where),
        )


def _in_order(together: Iterable[Atom]) -> tuple[Atom, ...]:
    """Names, then prefixes, then the rest."""
    order = {PatternKind.LITERAL: 0, PatternKind.PREFIX: 1, PatternKind.ANY: 2}
    return tuple(sorted(together, key=lambda atom: (order[atom.pattern.kind], atom.pattern.name)))


def _circumstances(those: Circumstances, where: Space) -> str:
    hosts = [host for host in where.hosts if any(host == each for each, _ in those)]
    versions = [tls for tls in where.tls if any(tls == each for _, each in those)]
    if len(those) != len(hosts) * len(versions):  # not each with each: said one by one
        return "; ".join(_told((host,), [tls for each, tls in those if each == host], where) for host in hosts)
    return _told(hosts, versions, where)


def _told(hosts: Iterable[str], versions: Iterable[str], where: Space) -> str:
    chosen, tls = tuple(hosts), tuple(versions)
    parts = []
    if len(chosen) < len(where.hosts):
        parts.append("from " + ", ".join("other addresses" if host == where.hosts[-1] else host for host in chosen))
    if len(tls) < len(where.tls):
        parts.append("over " + " or ".join(name for version in tls for name in _versions_like(version, where)))
    return " ".join(parts)


def _versions_like(version: str, where: Space) -> Iterator[str]:
    """The versions that ``version`` stands for."""
    following = [each for each in where.tls if each > version]
    for each, name in ((PLAINTEXT, "plaintext"), ("1.2", "TLS 1.2"), ("1.3", "TLS 1.3")):
        if version <= each and not any(other <= each for other in following):
            yield name
