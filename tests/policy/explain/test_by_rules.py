from __future__ import annotations

from dataclasses import replace

import pytest

from tests.policy.explain.written import TEXT
from zoneproxy.policy.explain.by_rules import by_rules, decides, rules_of
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.explain.reason import Kind
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.model import UNRESTRICTED, Grant, Operation, Origin, ResourceType
from zoneproxy.policy.snapshot import PolicySnapshot

SNAPSHOT = load_policy([("p.yaml", TEXT)])
TOPIC, GROUP, READ, WRITE = ResourceType.TOPIC, ResourceType.GROUP, Operation.READ, Operation.WRITE


def told(question: Question, snapshot: PolicySnapshot = SNAPSHOT) -> list[tuple[Kind, str]]:
    who = question.asker(snapshot)
    assert who is not None
    return [(reason.kind, reason.text) for reason in by_rules(snapshot, question, who)]


def test_all_rules_of_somebody() -> None:
    alice = SNAPSHOT.principal("alice")
    assert alice is not None
    assert [role for role, _ in rules_of(SNAPSHOT, alice)] == ["writer"] * 4


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        (Question("alice", "payments", WRITE, TOPIC, "orders.x"), [10]),
        (Question("alice", "payments", READ, TOPIC, "orders.x"), []),
        (Question("alice", "payments", READ, TOPIC, "orders.secret"), [11]),
        (Question("alice", "payments", READ, GROUP, "g"), []),
        (Question("alice", "payments", READ, GROUP, "g", host="::ffff:10.0.0.1"), [12]),
    ],
)
def test_rules_with_a_say(question: Question, lines: list[int]) -> None:
    rules = SNAPSHOT.policy.roles["writer"]
    assert [rule.origin.line for rule in rules if rule.origin and decides(rule, question)] == lines


def test_what_is_short_of_it_is_told() -> None:
    assert told(Question("alice", "payments", READ, TOPIC, "orders.x")) == [
        (Kind.NO_RULE, "no rule of alice allows it; what is not allowed is denied"),
        (Kind.NEAR, "{allow: [write], topic: {prefix: orders.}} in role writer: write, describe only"),
    ]
    _, (kind, text) = told(Question("alice", "payments", READ, GROUP, "g"))
    assert kind is Kind.NEAR
    assert text.endswith("not from 127.0.0.1")


def test_grants_that_would_allow_it_are_told() -> None:
    grants = (
        Grant("writer", 1000.0, 2000.0, "R-1", principal="bob", origin=Origin("g.yaml", 3, 1)),
        Grant(UNRESTRICTED, 3000.0, 4000.0, "R-2", principal="bob", break_glass=True),
        Grant("reader", 3000.0, 4000.0, "R-3", principal="bob"),
        Grant("writer", 3000.0, 4000.0, "R-4", principal="eve"),
    )
    snapshot = PolicySnapshot(replace(SNAPSHOT.policy, grants=grants))
    at_home = Question("bob", "analytics", WRITE, TOPIC, "orders.x")

    def grants_told(question: Question, moment: float) -> list[str]:
        return [text for kind, text in told(question, snapshot.at(moment)) if kind is Kind.GRANT]

    later = "role unrestricted is granted to bob from 1970-01-01T00:50:00Z on (R-2)"
    assert grants_told(at_home, 0.0) == ["role writer is granted to bob from 1970-01-01T00:16:40Z on (R-1)", later]
    assert grants_told(at_home, 1500.0) == []
    expired = "role writer is granted to bob until 1970-01-01T00:33:20Z: it has expired (R-1)"
    assert grants_told(at_home, 2500.0) == [expired, later]
    assert grants_told(replace(at_home, zone="payments"), 2500.0) == [expired]
    assert told(at_home, snapshot.at(1500.0))[0][1].endswith(
        "by the grant at g.yaml:3 (R-1) until 1970-01-01T00:33:20Z"
    )
