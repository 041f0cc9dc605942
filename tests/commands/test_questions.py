from __future__ import annotations

from typing import Any

import pytest
import typer

from zoneproxy.commands.questions import question
from zoneproxy.policy.acl import CLUSTER_NAME
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.model import Operation, ResourceType

TOPIC, GROUP, CLUSTER = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.CLUSTER


def ask(operation: str = "read", host: str = "10.0.0.1", **resources: str) -> Question:
    named: Any = {kind: resources.get(kind.name.lower()) for kind in ResourceType}
    return question("User:alice", "z", operation, named, host, ["g"], "1.3")


def test_options_are_a_question() -> None:
    assert ask(topic="t") == Question("alice", "z", Operation.READ, TOPIC, "t", "10.0.0.1", frozenset({"g"}), "1.3")
    assert ask(group="g").resource is GROUP
    assert ask("alter-configs", cluster="") == Question(
        "alice", "z", Operation.ALTER_CONFIGS, CLUSTER, CLUSTER_NAME, "10.0.0.1", frozenset({"g"}), "1.3"
    )


@pytest.mark.parametrize("operation", ["DESCRIBE_CONFIGS", "describe-configs", "Describe_Configs"])
def test_operations_may_be_spelt_as_one_likes(operation: str) -> None:
    assert ask(operation, topic="t").operation is Operation.DESCRIBE_CONFIGS


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({}, "exactly one of"),
        ({"topic": "t", "group": "g"}, "exactly one of"),
        ({"topic": "t", "operation": "wrte"}, "did you mean `write`?"),
        ({"transactional_id": "t", "operation": "read"}, "cannot be done to a transactional id"),
        ({"topic": "t", "host": "example.com"}, "is not an IP address"),
    ],
)
def test_what_cannot_be_asked(about: dict[str, str], told: str) -> None:
    with pytest.raises(typer.BadParameter, match=told):
        ask(**about)
