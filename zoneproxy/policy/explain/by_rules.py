"""Rules behind a verdict."""

from __future__ import annotations

from collections.abc import Iterator

from zoneproxy.policy.acl import ANY_HOST, Rule, canonical_host, operations_in
from zoneproxy.policy.explain import notation
from zoneproxy.policy.explain.holding import is_for, told, way
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.explain.reason import Kind, Reason
from zoneproxy.policy.model import UNRESTRICTED, Principal
from zoneproxy.policy.snapshot import PolicySnapshot


def by_rules(snapshot: PolicySnapshot, question: Question, who: Principal) -> Iterator[Reason]:
    """The rules that allow or deny it; if none allows it, those that nearly do, and grants that would."""
    allowed = False
    near: list[Reason] = []
    for role, rule in rules_of(snapshot, who):
        if not any(pattern.matches(question.name) for pattern in rule.patterns) or rule.resource != question.resource:
            continue
        said = f"{notation.rule(rule)} in role {role}{way(snapshot, who, role)}"
        if decides(rule, question):
            allowed |= rule.allow
            yield Reason(Kind.ALLOWED if rule.allow else Kind.DENIED, said, rule.origin, role)
        elif rule.allow:
            near.append(Reason(Kind.NEAR, f"{said}: {_short_of(rule, question)}", rule.origin))
    if not allowed:
        yield Reason(Kind.NO_RULE, f"no rule of {who.name} allows it; what is not allowed is denied")
        yield from near
        yield from _at_other_times(snapshot, question, who)


def _at_other_times(snapshot: PolicySnapshot, question: Question, who: Principal) -> Iterator[Reason]:
    """Grants that would allow it, if they were in force."""
    groups = snapshot.groups_of(who)
    for grant in snapshot.policy.grants:
        rules = snapshot.policy.roles.get(grant.role, ())
        able = (grant.role == UNRESTRICTED and who.zone == question.zone) or any(
            rule.allow and decides(rule, question) for rule in rules
        )
        if able and grant not in snapshot.grants and is_for(grant, who, groups):
            over = grant.until <= snapshot.since
            when = f"until {told(grant.until)}: it has expired" if over else f"from {told(grant.since)} on"
            text = f"role {grant.role} is granted to {grant.holder} {when} ({grant.reason})"
            yield Reason(Kind.GRANT, text, grant.origin, grant.role)


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
