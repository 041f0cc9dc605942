from __future__ import annotations

from dataclasses import replace

import pytest

from tests.policy.explain.written import TEXT
from zoneproxy.policy.acl import CLUSTER_NAME
from zoneproxy.policy.explain.by_flows import by_flows, carries, directions
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.explain.reason import Kind
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.policy.snapshot import PolicySnapshot

SNAPSHOT = load_policy([("p.yaml", TEXT)])
TOPIC, GROUP, CLUSTER = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.CLUSTER
READ, WRITE, DESCRIBE = Operation.READ, Operation.WRITE, Operation.DESCRIBE
OUT, BACK = ("payments", "analytics"), ("analytics", "payments")


def told(question: Question, snapshot: PolicySnapshot = SNAPSHOT) -> list[tuple[Kind, str]]:
    who = question.asker(snapshot)
    assert who is not None
    return [(reason.kind, reason.text) for reason in by_flows(snapshot, question, who)]


@pytest.mark.parametrize(
    ("operation", "kind", "expected"),
    [
        (READ, TOPIC, [OUT]),
        (WRITE, TOPIC, [BACK]),
        (DESCRIBE, TOPIC, [OUT, BACK]),
        (READ, GROUP, [OUT, BACK]),
        (Operation.TWO_PHASE_COMMIT, TOPIC, []),
    ],
)
def test_which_way_it_goes(operation: Operation, kind: ResourceType, expected: list[tuple[str, str]]) -> None:
    assert directions("analytics", Question("bob", "payments", operation, kind, "x")) == expected


def test_flows_that_carry_it() -> None:
    (flow,) = SNAPSHOT.policy.flows
    for name, expected in (("orders.x", True), ("other", False)):
        assert carries(flow, "analytics", Question("bob", "payments", READ, TOPIC, name)) is expected
    assert carries(flow, "analytics", Question("bob", "payments", READ, GROUP, "any"))
    assert not carries(flow, "analytics", Question("bob", "payments", WRITE, TOPIC, "orders.x"))
    assert told(Question("bob", "payments", READ, TOPIC, "orders.x")) == [
        (Kind.FLOW, "flow `out`, payments → analytics")
    ]


def test_at_home_no_flow_is_needed() -> None:
    assert told(Question("alice", "payments", READ, TOPIC, "x")) == []


def test_what_is_missing() -> None:
    ((kind, text),) = told(Question("bob", "payments", WRITE, TOPIC, "back"))
    assert kind is Kind.NO_FLOW
    assert text.endswith("there is no flow analytics → payments that names back")
    without = PolicySnapshot(replace(SNAPSHOT.policy, flows=()))
    ((_, text),) = told(Question("bob", "payments", READ, GROUP, "g"), without)
    assert text.endswith("there is no flow payments → analytics or analytics → payments")


def test_the_cluster_is_for_those_at_home() -> None:
    ((kind, _),) = told(Question("bob", "payments", DESCRIBE, CLUSTER, CLUSTER_NAME))
    assert kind is Kind.NOT_FROM_OUTSIDE


def test_a_flow_for_better_connections() -> None:
    policy = replace(SNAPSHOT.policy, flows=tuple(replace(flow, min_tls="1.3") for flow in SNAPSHOT.policy.flows))
    question = Question("bob", "payments", READ, TOPIC, "orders.x", tls="1.2")
    weak = (Kind.WEAK_TLS, "flow `out` is for connections with TLS 1.3 or newer")
    assert told(question, PolicySnapshot(policy)) == [weak]
    ((kind, _),) = told(replace(question, tls="1.3"), PolicySnapshot(policy))
    assert kind is Kind.FLOW
