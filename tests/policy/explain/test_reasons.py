from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy import random_policies
from tests.policy.explain.written import TEXT
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.explain.reason import verdict
from zoneproxy.policy.explain.reasons import reasons
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.policy.snapshot import Policy, PolicySnapshot

TOPIC, GROUP, CLUSTER = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.CLUSTER
READ, WRITE, DESCRIBE = Operation.READ, Operation.WRITE, Operation.DESCRIBE


@pytest.fixture(scope="module")
def snapshot() -> PolicySnapshot:
    return load_policy([("p.yaml", TEXT)])


@pytest.mark.parametrize(
    ("principal", "zone", "operation", "resource", "name", "expected"),
    [
        ("alice", "payments", WRITE, TOPIC, "orders.x", [("allowed", 10)]),
        ("alice", "payments", DESCRIBE, TOPIC, "orders.x", [("allowed", 10)]),
        ("alice", "payments", WRITE, TOPIC, "orders.secret", [("allowed", 10), ("denied", 11)]),
        ("alice", "payments", READ, TOPIC, "orders.x", [("no rule", 0), ("near", 10)]),
        ("alice", "payments", READ, TOPIC, "other", [("no rule", 0)]),
        ("alice", "payments", READ, GROUP, "g", [("no rule", 0), ("near", 12)]),
        ("root", "payments", READ, GROUP, "g", [("super user", 7)]),
        ("root", "payments", READ, TOPIC, "__consumer_offsets", [("reserved", 0)]),
        ("bob", "payments", READ, TOPIC, "orders.x", [("allowed", 15), ("flow", 20)]),
        ("bob", "payments", READ, GROUP, "g", [("allowed", 18), ("flow", 20)]),
        ("bob", "payments", WRITE, TOPIC, "back", [("allowed", 16), ("no flow", 0)]),
        ("bob", "payments", DESCRIBE, CLUSTER, "kafka-cluster", [("allowed", 17), ("not from outside", 0)]),
        ("alcie", "payments", READ, TOPIC, "t", [("unknown", 0)]),
        ("alice", "payment", READ, TOPIC, "t", [("unknown", 0)]),
        ("nobody-at-all", "nowhere", READ, TOPIC, "t", [("unknown", 0), ("unknown", 0)]),
        ("alice", "payments", Operation.IDEMPOTENT_WRITE, TOPIC, "t", [("no such operation", 0)]),
    ],
)
def test_what_a_verdict_follows_from(
    snapshot: PolicySnapshot,
    principal: str,
    zone: str,
    operation: Operation,
    resource: ResourceType,
    name: str,
    expected: list[tuple[str, int]],
) -> None:
    question = Question(principal, zone, operation, resource, name)
    found = reasons(snapshot, question)
    assert [(reason.kind.value, reason.origin.line if reason.origin else 0) for reason in found] == expected
    assert verdict(found) == question.answer(snapshot)


def texts(snapshot: PolicySnapshot, question: Question) -> str:
    return "\n".join(reason.text for reason in reasons(snapshot, question))


def test_reasons_say_what_is_short_of_it(snapshot: PolicySnapshot) -> None:
    assert "write, describe only" in texts(snapshot, Question("alice", "payments", READ, TOPIC, "orders.x"))
    assert "not from 127.0.0.1" in texts(snapshot, Question("alice", "payments", READ, GROUP, "g"))
    assert "did you mean `alice`?" in texts(snapshot, Question("alcie", "payments", READ, TOPIC, "t"))
    assert "no flow analytics → payments that names back" in texts(
        snapshot, Question("bob", "payments", WRITE, TOPIC, "back")
    )


@given(policy=random_policies.policies(), question=random_policies.questions(), moment=st.sampled_from((0, 1500, 3000)))
def test_the_verdict_that_follows_from_the_reasons_is_the_one_of_the_data_path(
    policy: Policy, question: Question, moment: float
) -> None:
    snapshot = PolicySnapshot(policy).at(moment)
    assert verdict(reasons(snapshot, question)) == question.answer(snapshot)
