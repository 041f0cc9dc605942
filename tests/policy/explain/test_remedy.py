from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import assume, given

from tests.policy import random_policies
from zoneproxy.policy.acl import CLUSTER_NAME
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.explain.reason import Kind
from zoneproxy.policy.explain.reasons import reasons
from zoneproxy.policy.explain.remedy import Remedy, remedy
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.model import Operation, Principal, ResourceType
from zoneproxy.policy.snapshot import Policy, PolicySnapshot

TEXT = """\
zones:
  payments: {level: restricted, owner: a@example.com, upstream: u1}
  analytics: {level: internal, owner: b@example.com, upstream: u2}
principals:
  - {name: alice, zone: payments, roles: [writer, shared]}
  - {name: bob, zone: analytics, roles: [shared]}
  - {name: carol, zone: analytics, roles: [shared]}
  - {name: dave-1, zone: analytics}
roles:
  writer: [{deny: [read], topic: secret}]
  shared: [{allow: [describe], topic: t}]
  dave-1-role: []
"""
TOPIC, READ, WRITE = ResourceType.TOPIC, Operation.READ, Operation.WRITE


def ask(*about: object, text: str = TEXT) -> Remedy:
    snapshot = load_policy([("p.yaml", text)])
    question = Question(*about)  # type: ignore[arg-type]
    return remedy(snapshot, question, reasons(snapshot, question))


def test_a_rule_goes_into_the_role_that_the_fewest_share() -> None:
    (step,) = ask("alice", "payments", WRITE, TOPIC, "orders").steps
    assert step.text == "add to role `writer`:"
    assert step.yaml == "- {allow: [write], topic: orders}"
    assert step.origin is not None
    assert step.origin.line == 10
    (step,) = ask("bob", "analytics", WRITE, TOPIC, "orders").steps
    assert step.text == "add to role `shared`, which 2 others have too:"


def test_without_a_role_there_is_a_new_one() -> None:
    role, bind = ask("dave-1", "analytics", READ, TOPIC, "orders").steps
    assert role.yaml == "roles:\n  dave-1-role2:\n    - {allow: [read], topic: orders}"
    assert bind.yaml == "roles: [dave-1-role2]"
    assert bind.origin is not None
    assert bind.origin.line == 8


def test_a_denial_is_named() -> None:
    denial, rule = ask("alice", "payments", READ, TOPIC, "secret").steps
    assert denial.text == "narrow or remove this denial: {deny: [read], topic: secret}"
    assert rule.yaml == "- {allow: [read], topic: secret}"


def test_a_flow_is_written_out_and_can_be_pasted() -> None:
    rule, flow = ask("bob", "payments", READ, TOPIC, "orders").steps
    assert rule.yaml == "- {allow: [read], topic: orders}"
    pasted = load_policy([("p.yaml", TEXT), ("flows.yaml", flow.yaml)])
    (read,) = pasted.policy.flows
    assert (read.from_zone, read.to_zone) == ("payments", "analytics")


def test_somebody_new_can_be_pasted() -> None:
    (step,) = ask("eve", "payments", READ, TOPIC, "orders").steps
    snapshot = load_policy([("p.yaml", TEXT), ("eve.yaml", step.yaml)])
    assert Question("eve", "payments", READ, TOPIC, "orders").answer(snapshot)


def test_a_better_connection_may_be_enough() -> None:
    flow = "flows: [{name: f, from: payments, to: analytics, topics: t, encryption: {min_tls: '1.3'}}]\n"
    snapshot = load_policy([("p.yaml", TEXT), ("f.yaml", flow)])
    question = Question("bob", "payments", Operation.DESCRIBE, TOPIC, "t", tls="1.2")
    (step,) = remedy(snapshot, question, reasons(snapshot, question)).steps
    assert step.text == "connect with TLS 1.3 or newer"


@pytest.mark.parametrize(
    ("about", "text"),
    [
        (("alice", "payments", READ, TOPIC, "__consumer_offsets"), "no policy opens a reserved name"),
        (("bob", "payments", Operation.ALTER, ResourceType.CLUSTER, CLUSTER_NAME), "only a principal at home"),
        (("alice", "payments", Operation.ALTER, ResourceType.GROUP, "g"), "no such thing to allow"),
        (("alice", "paymens", READ, TOPIC, "t"), "name a zone: analytics, payments"),
    ],
)
def test_what_cannot_be_helped(about: tuple[object, ...], text: str) -> None:
    found = ask(*about)
    assert text in found.steps[0].text
    assert found.rule is found.flow is None


def applied(policy: Policy, who: str, found: Remedy) -> Policy:
    """The policy after somebody has followed the advice."""
    roles = {
        name: tuple(rule for rule in rules if all(rule is not each for each in found.denials))
        for name, rules in policy.roles.items()
    }
    if found.rule:
        roles[found.role] = (*roles.get(found.role, ()), found.rule)

    def bound(principal: Principal) -> Principal:
        more = {found.role} if found.rule and principal.name == who else set()
        return replace(principal, roles=principal.roles | more)

    flows = (*policy.flows, *([found.flow] if found.flow else []))
    principals = tuple((bound(principal), matches) for principal, matches in policy.principals)
    return replace(policy, roles=roles, principals=principals, flows=flows)


@given(policy=random_policies.policies(), question=random_policies.questions())
def test_following_the_advice_is_enough(policy: Policy, question: Question) -> None:
    snapshot = PolicySnapshot(policy)
    assume(not question.answer(snapshot))
    why = reasons(snapshot, question)
    found = remedy(snapshot, question, why)
    assert found.steps
    hopeless = {Kind.RESERVED, Kind.NOT_FROM_OUTSIDE, Kind.UNKNOWN, Kind.NO_SUCH_OPERATION}
    if not hopeless & {reason.kind for reason in why}:
        better = replace(question, tls="1.3")
        assert better.answer(PolicySnapshot(applied(policy, question.principal, found)))
