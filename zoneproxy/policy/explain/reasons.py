"""The rules, flows and facts that a verdict follows from, each with the place where it was written."""

from __future__ import annotations

from collections.abc import Iterator

from zoneproxy.config.expected import did_you_mean
from zoneproxy.policy.acl import SUPPORTED
from zoneproxy.policy.explain import notation
from zoneproxy.policy.explain.by_flows import by_flows
from zoneproxy.policy.explain.by_rules import by_rules
from zoneproxy.policy.explain.holding import way
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.explain.reason import Kind, Reason
from zoneproxy.policy.model import UNRESTRICTED, Principal, ResourceType
from zoneproxy.policy.snapshot import RESERVED_TOPICS, PolicySnapshot


def reasons(snapshot: PolicySnapshot, question: Question) -> tuple[Reason, ...]:
    """Everything that has to do with the verdict, what decides first."""
    who = question.asker(snapshot)
    first = tuple(_beforehand(snapshot, question, who))
    if first or who is None:
        return first
    return (*by_rules(snapshot, question, who), *by_flows(snapshot, question, who))


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
        yield Reason(Kind.SUPER_USER, f"{text}{way(snapshot, who, UNRESTRICTED)}", origin, UNRESTRICTED)
