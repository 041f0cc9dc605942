from __future__ import annotations

import pytest

from tests.policy.cases.written import case
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.policy.acl import CLUSTER_NAME
from zoneproxy.policy.model import ResourceType


@pytest.mark.parametrize(
    ("written", "kind", "name"),
    [
        ("topic: t", ResourceType.TOPIC, "t"),
        ("group: g", ResourceType.GROUP, "g"),
        ("transactional_id: x", ResourceType.TRANSACTIONAL_ID, "x"),
        ("cluster: true", ResourceType.CLUSTER, CLUSTER_NAME),
    ],
)
def test_one_resource(written: str, kind: ResourceType, name: str) -> None:
    (question,) = case(f"operation: describe, {written}, expect: deny").questions
    assert (question.resource, question.name) == (kind, name)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("operation: read, expect: deny", "exactly one of"),
        ("operation: read, topic: t, group: g, expect: deny", "exactly one of"),
        ("operation: delete, transactional_id: t, expect: deny", "cannot be done to a transactional_id"),
        ("operation: raed, topic: t, expect: deny", "is not an operation"),
        ("operation: read, group: g, controls: [], expect: deny", "records of a topic"),
        ("operation: read, topic: t, host: example.com, expect: deny", "is not an IP address"),
        ("operation: read, topic: t, at: tomorrow, expect: deny", "is not a moment"),
        ("operation: read, topic: t, expect: maybe", "expect"),
        ("operation: read, topic: t, expct: deny", "unknown key `expct`"),
        ("operation: read, topic: t", "`expect` is missing"),
    ],
)
def test_what_is_no_case(written: str, told: str) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        case(written)
    assert any(told in problem.message for problem in caught.value.problems)
    assert all(problem.line == 2 for problem in caught.value.problems)


@pytest.mark.parametrize(("written", "tls"), [("none", ""), ("1.2", "1.2"), ('"1.3"', "1.3")])
def test_versions_of_tls(written: str, tls: str) -> None:
    assert case(f"operation: read, topic: t, tls: {written}, expect: deny").questions[0].tls == tls
