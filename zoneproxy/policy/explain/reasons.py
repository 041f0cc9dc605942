"""The rules, flows and facts that a verdict follows from, each with the place where it was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from zoneproxy.config.expected import did_you_mean
from zoneproxy.policy.acl import ANY_HOST, SUPPORTED, Rule, canonical_host, operations_in
from zoneproxy.policy.explain import notation
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.flows import INTO_THE_TOPIC, OUT_OF_THE_TOPIC, Flow
from zoneproxy.policy.model import UNRESTRICTED, Operation, Origin, Principal, ResourceType
from zoneproxy.policy.snapshot import RESERVED_TOPICS, PolicySnapshot


class Kind(Enum):
    """What a reason is; the text is for people, this is for programs."""

    ALLOWED = "allowed"  # a rule that allows it
    DENIED = "denied"  # a rule that denies it
    NO_RULE = "no rule"
    NEAR = "near"  # a rule that almost allows it
    FLOW = "flow"  # a flow that carries it
    NO_FLOW = "no flow"
    WEAK_TLS = "weak tls"  # flows are there, for better connections
    SUPER_USER = "super user"
    RESERVED = "reserved"  # a name that no client reaches
    NOT_FROM_OUTSIDE = "not from outside"
    UNKNOWN = "unknown"  # no such principal, or no such zone
    NO_SUCH_OPERATION = "no such operation"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that a verdict follows from. ``name`` is that of the role or flow, if it is one of them."""

    kind: Kind
    text: str
    origin: Origin | None = None
    name: str = ""


def reasons(snapshot: PolicySnapshot, question: Question) -> tuple[Reason, ...]:
    """Everything that has to do with the verdict, what decides first."""
    who = question.asker(snapshot)
    first = tuple(_beforehand(snapshot, question, who))
    if first or who is None:
        return first
    return (*_by_rules(snapshot, question, who), *_by_flows(snapshot, question, who))


def verdict(found: Iterable[Reason]) -> bool:
    """What follows from reasons: the way they are to be read."""
    kinds = {reason.kind for reason in found}
    if Kind.SUPER_USER in kinds:
        return True
    against = {Kind.DENIED, Kind.NO_FLOW, Kind.WEAK_TLS, Kind.RESERVED, Kind.NOT_FROM_OUTSIDE, Kind.UNKNOWN}
    return Kind.ALLOWED in kinds and not kinds & (against | {Kind.NO_SUCH_OPERATION})


def _beforehand(snapshot: PolicySnapshot, question: Question, who: Principal | None) -> Iterator[Reason]:
    """What decides before any rule is looked at."""
    policy = snapshot.policy
    if who is None:
        known = [principal.name for principal, _ in policy.principals]
        hint = did_you_mean(question.principal, known)
        yield Reason(Kind.UNKNOWN, f"there is no principal `{question.principal}`" + (f" ({hint})" if hint else ""))
    if question.zone not in snapshot.zones:
        hint = did_you_mean(question.zone, snapshot.zones)
        yield Reason(Kind.UNKNOWN, f"there is no zone `{question.zone}`" + (f" ({hint})" if hint else ""))
    if question.operation not in SUPPORTED[question.resource]:
        possible = notation.operations(SUPPORTED[question.resource])
        kind = question.resource.name.lower()
        yield Reason(Kind.NO_SUCH_OPERATION, f"what can be done to a {kind} is {possible}")
    elif question.resource is ResourceType.TOPIC and question.name in RESERVED_TOPICS:
        yield Reason(Kind.RESERVED, f"`{question.name}` is reserved: no client reaches it, whatever the rules say")
    elif who is not None and snapshot.unrestricted(who, question.zone):
        origin = policy.origins.get(("principals", who.name))
        text = f"{who.name} may do everything in its home zone {who.zone}: role {UNRESTRICTED}"
        yield Reason(Kind.SUPER_USER, f"{text}{_way(snapshot, who, UNRESTRICTED)}", origin, UNRESTRICTED)


# --- rules ---------------------------------------------------------------------------------------------------


def _by_rules(snapshot: PolicySnapshot, question: Question, who: Principal) -> Iterator[Reason]:
    allowed = False
    near: list[Reason] = []
    for role, rule in rules_of(snapshot, who):
        if not any(pattern.matches(question.name) for pattern in rule.patterns) or rule.resource != question.resource:
            continue
        said = f"{notation.rule(rule)} in role {role}{_way(snapshot, who, role)}"
        if decides(rule, question):
            allowed |= rule.allow
            yield Reason(Kind.ALLOWED if rule.allow else Kind.DENIED, said, rule.origin, role)
        elif rule.allow:
            near.append(Reason(Kind.NEAR, f"{said}: {_short_of(rule, question)}", rule.origin))
    if not allowed:
        yield Reason(Kind.NO_RULE, f"no rule of {who.name} allows it; what is not allowed is denied")
        yield from near


def rules_of(snapshot: PolicySnapshot, who: Principal) -> Iterator[tuple[str, Rule]]:
    """(role, rule) of everything that somebody has at the snapshot's moment."""
    for role in sorted(snapshot.roles_of(who)):
        for rule in snapshot.policy.roles.get(role, ()):
            yield role, rule


def decides(rule: Rule, question: Question) -> bool:
    """Whether the rule has a say in it: by type, name, host and operation."""
    return (
        rule.resource is question.resource
        and any(pattern.matches(question.name) for pattern in rule.patterns)
        and _holds_from(rule, question.host)
        and bool(rule.mask() >> question.operation & 1)
    )


def _holds_from(rule: Rule, host: str) -> bool:
    return ANY_HOST in rule.hosts or canonical_host(host) in map(canonical_host, rule.hosts)


def _short_of(rule: Rule, question: Question) -> str:
    if not _holds_from(rule, question.host):
        return f"not from {question.host}"
    return f"{notation.operations(operations_in(rule.mask()))} only"


def _way(snapshot: PolicySnapshot, who: Principal, role: str) -> str:
    """How somebody has come to a role, if it is not simply its own."""
    policy = snapshot.policy
    if role in who.roles:
        return f", through the identity rule {who.rule}" if who.rule else ""
    groups = snapshot.groups_of(who)
    for group in policy.groups:
        if group.name in groups and role in group.roles:
            return f", through group {group.name}"
    for grant in snapshot.grants:
        if grant.role == role and (grant.principal == who.name or grant.group in groups):
            kind = "break-glass grant" if grant.break_glass else "grant"
            where = f" at {grant.origin}" if grant.origin else ""
            return f", by the {kind}{where} ({grant.reason})"
    return ""


# --- flows ---------------------------------------------------------------------------------------------------


def _by_flows(snapshot: PolicySnapshot, question: Question, who: Principal) -> Iterator[Reason]:
    if who.zone == question.zone:
        return
    if question.resource is ResourceType.CLUSTER:
        text = f"{who.name} is at home in {who.zone}: the cluster of {question.zone} is for those of that zone only"
        yield Reason(Kind.NOT_FROM_OUTSIDE, text)
        return
    found = [flow for flow in snapshot.policy.flows if carries(flow, who.zone, question)]
    good_enough = [flow for flow in found if flow.min_tls <= question.tls]
    for flow in good_enough:
        yield Reason(Kind.FLOW, f"flow `{flow.name}`, {flow.from_zone} → {flow.to_zone}", flow.origin, flow.name)
    for flow in found if not good_enough else ():
        text = f"flow `{flow.name}` is for connections with TLS {flow.min_tls} or newer"
        yield Reason(Kind.WEAK_TLS, text, flow.origin)
    if not found:
        ways = " or ".join(f"{one} → {other}" for one, other in directions(who.zone, question))
        topics = f" that names {question.name}" if question.resource is ResourceType.TOPIC else ""
        yield Reason(Kind.NO_FLOW, f"{who.name} is at home in {who.zone}, and there is no flow {ways}{topics}")


def directions(home: str, question: Question) -> list[tuple[str, str]]:
    """(from, to) of the flows by which somebody of another zone may do it: any one of them is enough."""
    into, out_of = (home, question.zone), (question.zone, home)
    if question.resource is not ResourceType.TOPIC or question.operation is Operation.DESCRIBE:
        return [out_of, into]
    ways = []
    if question.operation in INTO_THE_TOPIC:
        ways.append(into)
    if question.operation in OUT_OF_THE_TOPIC:
        ways.append(out_of)
    return ways


def carries(flow: Flow, home: str, question: Question) -> bool:
    """Whether a flow lets somebody of ``home`` do it, given a connection that is good enough."""
    if (flow.from_zone, flow.to_zone) not in directions(home, question):
        return False
    return question.resource is not ResourceType.TOPIC or any(p.matches(question.name) for p in flow.topics)
