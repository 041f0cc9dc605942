"""Flows behind a verdict about somebody of another zone."""

from __future__ import annotations

from collections.abc import Iterator

from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.explain.reason import Kind, Reason
from zoneproxy.policy.flows import INTO_THE_TOPIC, OUT_OF_THE_TOPIC, Flow
from zoneproxy.policy.model import Operation, Principal, ResourceType
from zoneproxy.policy.snapshot import PolicySnapshot


def by_flows(snapshot: PolicySnapshot, question: Question, who: Principal) -> Iterator[Reason]:
    """The flows that carry it, or that there is none; nothing for somebody at home."""
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
