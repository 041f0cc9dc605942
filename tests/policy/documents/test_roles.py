from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.roles import RuleDocument
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.policy.patterns import Pattern, PatternKind


def test_rules_in_short_and_long() -> None:
    short = RuleDocument.model_validate({"allow": "all", "topic": "*"})
    assert (short.operations, short.resource, short.host) == ((Operation.ALL,), ResourceType.TOPIC, ("*",))
    long = RuleDocument.model_validate(
        {"deny": ["read", "delete"], "group": ["a", {"prefix": "b"}], "host": ["10.0.0.1", "10.0.0.2"]}
    )
    assert (long.operations, long.resource) == ((Operation.READ, Operation.DELETE), ResourceType.GROUP)
    assert long.patterns == (Pattern(PatternKind.LITERAL, "a"), Pattern(PatternKind.PREFIX, "b"))
    assert long.host == ("10.0.0.1", "10.0.0.2")


def test_rules_about_the_cluster_and_transactional_ids() -> None:
    cluster = RuleDocument.model_validate({"allow": ["idempotent_write"], "cluster": True})
    assert (cluster.resource, cluster.patterns[0].name) == (ResourceType.CLUSTER, "kafka-cluster")
    write = RuleDocument.model_validate({"allow": ["write"], "transactional_id": {"prefix": "p."}})
    assert write.resource is ResourceType.TRANSACTIONAL_ID


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"topic": "a"}, "exactly one of `allow` and `deny`"),
        ({"allow": ["read"], "deny": ["read"], "topic": "a"}, "exactly one of `allow` and `deny`"),
        ({"allow": ["read"]}, "is about exactly one of"),
        ({"allow": ["read"], "topic": "a", "group": "a"}, "is about exactly one of"),
        ({"allow": ["write", "create", "read"], "group": "a"}, "`write`, `create` cannot be done to a group"),
        ({"allow": ["idempotent_write"], "topic": "a"}, "cannot be done to a topic"),
        ({"allow": ["read"], "cluster": True}, "cannot be done to a cluster"),
        ({"allow": [], "topic": "a"}, "at least 1"),
        ({"allow": ["read"], "topic": []}, "at least 1"),
        ({"allow": ["describe"], "cluster": False}, "should be True"),
    ],
)
def test_rules_that_make_no_sense(data: dict[str, Any], message: str) -> None:
    assert message in refusal(RuleDocument, data)
