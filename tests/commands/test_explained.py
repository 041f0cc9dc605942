from __future__ import annotations

import json

import pytest

from zoneproxy.commands.explained import as_json, as_text
from zoneproxy.policy.explain.explain import Explanation, explain
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.model import Operation, ResourceType

TEXT = """\
zones:
  payments: {level: restricted, owner: a@example.com, upstream: u1}
  analytics: {level: internal, owner: b@example.com, upstream: u2}
principals:
  - {name: bob, zone: analytics, roles: [reader]}
roles:
  reader: [{allow: [read], topic: orders}]
flows:
  - {name: out, from: payments, to: analytics, topics: orders}
  - {name: within, from: analytics, to: analytics, topics: x, controls: [{detect: {types: EMAIL, action: alert}}]}
"""


def answer(zone: str, operation: Operation, topic: str) -> Explanation:
    return explain(load_policy([("p.yaml", TEXT)]), Question("bob", zone, operation, ResourceType.TOPIC, topic))


def test_what_is_allowed_reads_from_the_verdict_to_the_records() -> None:
    assert as_text(answer("payments", Operation.READ, "orders")).splitlines() == [
        "ALLOWED  User:bob read topic orders in zone payments (at home in analytics)",
        "",
        "because",
        "  allowed: {allow: [read], topic: orders} in role reader  [p.yaml:7]",
        "  flow: flow `out`, payments → analytics  [p.yaml:9]",
        "",
        "records that it writes (analytics → payments)",
        "  no rule: nothing passes",
        "",
        "records that it reads (payments → analytics)",
        "  flow `out`  [p.yaml:9]",
        "    no controls: they pass as they are",
    ]


def test_what_is_denied_ends_with_what_would_allow_it() -> None:
    told = as_text(answer("payments", Operation.WRITE, "orders"))
    assert told.startswith("DENIED  User:bob write topic orders")
    _, remedy = told.split("to allow it\n")
    assert remedy.splitlines()[:4] == [
        "  add to role `reader`:  [p.yaml:7]",
        "      - {allow: [write], topic: orders}",
        "  add this flow, with the controls that its data needs:",
        "      flows:",
    ]


def test_controls_within_a_zone() -> None:
    told = as_text(answer("analytics", Operation.READ, "x"))
    assert "records that it reads (within analytics)\n  flow `within`  [p.yaml:10]\n    detect:" in told
    assert "no rule: nothing is done to them" in as_text(answer("analytics", Operation.READ, "orders"))


@pytest.mark.parametrize("operation", [Operation.READ, Operation.WRITE])
def test_json_says_the_same(operation: Operation) -> None:
    explanation = answer("payments", operation, "orders")
    told = json.loads(as_json(explanation))
    assert told["allowed"] == explanation.allowed
    assert [reason["kind"] for reason in told["reasons"]] == [reason.kind.value for reason in explanation.reasons]
    assert [(each["direction"], each["from"], each["to"]) for each in told["crossings"]] == [
        ("write", "analytics", "payments"),
        ("read", "payments", "analytics"),
    ]
    assert told["crossings"][1]["flows"][0]["origin"] == {"file": "p.yaml", "line": 9, "column": 5}
    assert bool(told["remedy"]) == (not explanation.allowed)
