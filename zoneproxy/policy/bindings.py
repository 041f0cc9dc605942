"""The rules in force in a zone, one by one, as Kafka's ACL bindings: for those who ask Kafka's tools.

Bindings are of principals of the policy (``User:alice``), of groups (``Group:ops``: whoever proves to be in it) and of
rules that make principals (``Identity:staff``: whoever such a rule names). Implied operations are left to the reader,
as in Kafka's lists. Of principals at home elsewhere only that is listed which flows let them do here.

Two things cannot be said in bindings: that reserved topics are reached by nobody, and what of a derived or grouped
principal's groups its own client will prove.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zoneproxy.policy.acl import ANY_HOST, CLUSTER_NAME, Rule, operations_in
from zoneproxy.policy.flows import FlowTable
from zoneproxy.policy.model import UNRESTRICTED, Operation, ResourceType
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind
from zoneproxy.policy.snapshot import PolicySnapshot

_BEST_TLS = "1.3"  # a flow that asks for a minimum is in force for those who have it

_EVERYTHING = tuple(
    Rule(True, frozenset({Operation.ALL}), kind, (pattern,))
    for kind, pattern in (
        (ResourceType.TOPIC, ANY),
        (ResourceType.GROUP, ANY),
        (ResourceType.TRANSACTIONAL_ID, ANY),
        (ResourceType.CLUSTER, Pattern(PatternKind.LITERAL, CLUSTER_NAME)),
    )
)
"""What ``unrestricted`` amounts to within one's own zone."""

_WORK_OF_A_RULE = 64  # bytes of a batch that take about as long to look through


@dataclass(frozen=True, slots=True)
class Binding:
    """One operation on one pattern of resources, allowed or denied to one principal from one host."""

    principal: str  # with its type, as in ``User:alice``
    resource: ResourceType
    pattern: Pattern
    host: str
    operation: Operation
    allow: bool


def bindings(snapshot: PolicySnapshot, zone: str, principal: str | None = None) -> Iterator[Binding]:
    """All of them, or those of one principal, in the order of the policy; some may come more than once."""
    flows = FlowTable(snapshot.policy.flows)
    for holder in _holders(snapshot, zone):
        if principal not in (None, holder.principal):
            continue
        rules = [rule for role in sorted(holder.roles) for rule in snapshot.policy.roles.get(role, ())]
        if holder.home != zone:
            yield from _from_elsewhere(holder, zone, rules, flows)
            continue
        if UNRESTRICTED in holder.roles:
            rules += _EVERYTHING
        for rule in rules:
            yield from _as_written(holder, rule)


def work(snapshot: PolicySnapshot) -> int:
    """How much it is to list them, in bytes of a batch that would take as long to look through."""
    roles = snapshot.policy.roles
    rules = sum(len(roles.get(role, ())) + 1 for holder in _holders(snapshot, "") for role in holder.roles)
    return 1 + _WORK_OF_A_RULE * rules


@dataclass(frozen=True, slots=True)
class _Holder:
    principal: str
    home: str
    roles: frozenset[str]


def _holders(snapshot: PolicySnapshot, zone: str) -> Iterator[_Holder]:
    """A group without a zone is at home wherever its members are."""
    policy = snapshot.policy
    for principal, _ in policy.principals:
        yield _Holder(f"User:{principal.name}", principal.zone, snapshot.roles_of(principal))
    for group in policy.groups:
        granted = frozenset(grant.role for grant in snapshot.grants if grant.group == group.name)
        yield _Holder(f"Group:{group.name}", zone if group.zone is None else group.zone, group.roles | granted)
    for derivation, _ in policy.identities:
        yield _Holder(f"Identity:{derivation.rule}", derivation.zone, derivation.roles)


def _as_written(holder: _Holder, rule: Rule) -> Iterator[Binding]:
    for pattern in rule.patterns:
        yield from _each(holder, rule, pattern, rule.operations)


def _from_elsewhere(holder: _Holder, zone: str, rules: Iterable[Rule], flows: FlowTable) -> Iterator[Binding]:
    """Rules of somebody at home in another zone, as far as flows let them count here."""
    if not flows.connects(holder.home, zone, _BEST_TLS):
        return
    for rule in rules:
        if rule.resource is ResourceType.CLUSTER:
            continue
        if rule.resource is not ResourceType.TOPIC or not rule.allow:
            yield from _as_written(holder, rule)
            continue
        for operation in sorted(operations_in(rule.mask())):
            for limit in flows.patterns(holder.home, zone, operation, _BEST_TLS):
                common = (pattern.intersect(limit) for pattern in rule.patterns)
                for pattern in filter(None, common):
                    yield from _each(holder, rule, pattern, (operation,))


def _each(holder: _Holder, rule: Rule, pattern: Pattern, operations: Iterable[Operation]) -> Iterator[Binding]:
    for operation in sorted(operations):
        for host in sorted(rule.hosts or (ANY_HOST,)):
            yield Binding(holder.principal, rule.resource, pattern, host, operation, rule.allow)
