"""What would have to change for a denied thing to be allowed: as little as possible, and as YAML to paste."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zoneproxy.policy.acl import Rule, literal
from zoneproxy.policy.explain import notation
from zoneproxy.policy.explain.by_flows import carries, directions
from zoneproxy.policy.explain.by_rules import decides, rules_of
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.explain.reason import Kind, Reason
from zoneproxy.policy.flows import Flow
from zoneproxy.policy.model import UNRESTRICTED, Origin, Principal
from zoneproxy.policy.snapshot import Policy, PolicySnapshot


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, with the lines to add if there are any."""

    text: str
    yaml: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would allow it: denials to narrow, a rule to add to ``role``, a flow to add. None of them: nothing can."""

    denials: tuple[Rule, ...] = ()
    role: str = ""
    rule: Rule | None = None
    flow: Flow | None = None
    steps: tuple[Step, ...] = ()


_HOPELESS = {
    Kind.RESERVED: "nothing: no policy opens a reserved name",
    Kind.NOT_FROM_OUTSIDE: "nothing here: only a principal at home in the zone can have that",
    Kind.NO_SUCH_OPERATION: "nothing: Kafka has no such thing to allow",
}


def remedy(snapshot: PolicySnapshot, question: Question, why: tuple[Reason, ...]) -> Remedy:
    """For a question that was answered with no, for the reasons ``why``."""
    kinds = {reason.kind for reason in why}
    who = question.asker(snapshot)
    for kind, text in _HOPELESS.items():
        if kind in kinds:
            return Remedy(steps=(Step(text),))
    if who is None:
        return Remedy(steps=tuple(_introduce(snapshot, question)))
    if Kind.UNKNOWN in kinds:
        return Remedy(steps=(Step(f"name a zone: {', '.join(sorted(snapshot.zones))}"),))
    denials = tuple(rule for _, rule in rules_of(snapshot, who) if not rule.allow and decides(rule, question))
    rule = None if Kind.ALLOWED in kinds else _rule(question)
    role, steps_of_rule = _put(snapshot.policy, who, rule) if rule else ("", ())
    flow = _flow(question, who) if Kind.NO_FLOW in kinds else None
    steps = (
        *(Step(f"narrow or remove this denial: {notation.rule(each)}", origin=each.origin) for each in denials),
        *steps_of_rule,
        *_better_connection(snapshot, question, who, kinds),
        *(_flow_step(each) for each in (flow,) if each),
    )
    return Remedy(denials, role, rule, flow, steps)


def _rule(question: Question) -> Rule:
    return Rule(True, frozenset({question.operation}), question.resource, (literal(question.name),))


def _put(policy: Policy, who: Principal, rule: Rule) -> tuple[str, tuple[Step, ...]]:
    """Into the role of its own that the fewest share, or into a new one."""

    def sharers(role: str) -> int:
        return sum(role in principal.roles for principal, _ in policy.principals)

    roles = sorted((role for role in who.roles if role != UNRESTRICTED), key=lambda role: (sharers(role), role))
    if roles:
        role = roles[0]
        others = sharers(role) - 1
        shared = f", which {others} other{'s have' if others > 1 else ' has'} too" if others else ""
        text = f"add to role `{role}`{shared}:"
        return role, (Step(text, f"- {notation.rule(rule)}", policy.origins.get(("roles", role))),)
    role = _new_name(who.name, policy)
    bind = f"add `{role}` to the `roles` of `{who.name}`:"
    return role, (
        Step("add this role:", f"roles:\n  {role}:\n    - {notation.rule(rule)}"),
        Step(bind, f"roles: [{', '.join([*sorted(who.roles), role])}]", policy.origins.get(("principals", who.name))),
    )


def _new_name(principal: str, policy: Policy) -> str:
    base = (re.sub(r"[^a-z0-9]+", "-", principal.lower()).strip("-") or "new")[:50].rstrip("-") + "-role"
    name, number = base, 1
    while name in policy.roles:
        number += 1
        name = f"{base}{number}"
    return name


def _flow(question: Question, who: Principal) -> Flow:
    from_zone, to_zone = directions(who.zone, question)[0]
    name = f"{question.name} from {from_zone} to {to_zone}"
    return Flow(name[:120], from_zone, to_zone, (literal(question.name),))


def _flow_step(flow: Flow) -> Step:
    text = "add this flow, with the controls that its data needs:"
    return Step(text, "\n".join(["flows:", *(f"  {line}" for line in notation.flow(flow))]))


def _better_connection(
    snapshot: PolicySnapshot, question: Question, who: Principal, kinds: set[Kind]
) -> tuple[Step, ...]:
    if Kind.WEAK_TLS not in kinds:
        return ()
    needed = min(flow.min_tls for flow in snapshot.policy.flows if carries(flow, who.zone, question))
    return (Step(f"connect with TLS {needed} or newer"),)


def _introduce(snapshot: PolicySnapshot, question: Question) -> list[Step]:
    """Somebody who is not there yet."""
    role = _new_name(question.principal, snapshot.policy)
    lines = [
        "principals:",
        f"  - name: {notation.text(question.principal)}",
        f"    zone: {notation.text(question.zone)}",
        f"    match: {{subject: {{CN: {notation.text(question.principal)}}}}}    # what its certificate shows",
        f"    roles: [{role}]",
        "roles:",
        f"  {role}:",
        f"    - {notation.rule(_rule(question))}",
    ]
    return [Step("if it is meant to be one, add it:", "\n".join(lines))]
