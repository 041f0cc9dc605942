from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import POLICY, context
from zoneproxy.boundary.facts import Denied, Noticed
from zoneproxy.boundary.may import (
    MOST_TOLD,
    cluster_error,
    cluster_operations,
    denied,
    group_error,
    group_operations,
    may_any_topic,
    may_cluster,
    may_every_topic,
    may_resource,
    may_topic,
    topic_error,
    topic_operations,
    transactional_id_error,
)
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey


def test_topics_are_a_matter_of_rules_and_flows() -> None:
    clerk, dashboards = (context(who, ApiKey.FETCH, 12) for who in ("clerk", "dashboards"))

    assert may_topic(clerk, Operation.READ, "open.a")
    assert not may_topic(clerk, Operation.READ, "seen.b")
    assert not may_topic(dashboards, Operation.READ, "open.a")
    assert may_topic(dashboards, Operation.READ, "open.completed")
    assert may_any_topic(clerk, Operation.WRITE)
    assert not may_any_topic(dashboards, Operation.WRITE)
    assert may_every_topic(clerk, Operation.DESCRIBE, "open.")
    assert not may_every_topic(clerk, Operation.DESCRIBE, "")


def test_flows_look_at_the_version_of_tls() -> None:
    guarded = POLICY.replace("topics: [open.completed]", 'topics: [open.completed]\n    encryption: {min_tls: "1.3"}')
    ctx = context("dashboards", ApiKey.FETCH, 12, policy=guarded)
    for tls, allowed in (("", False), ("1.2", False), ("1.3", True)):
        ctx.session.tls = tls
        assert may_topic(ctx, Operation.READ, "open.completed") is allowed
        assert may_any_topic(ctx, Operation.READ) is allowed
        assert bool(topic_operations(ctx, "open.completed")) is allowed


def test_other_resources() -> None:
    clerk = context("clerk", ApiKey.PRODUCE, 12)

    assert may_resource(clerk, Operation.WRITE, ResourceType.TRANSACTIONAL_ID, "clerk.1")
    assert not may_resource(clerk, Operation.WRITE, ResourceType.TRANSACTIONAL_ID, "other")
    assert may_cluster(clerk, Operation.DESCRIBE)
    assert not may_cluster(clerk, Operation.CREATE)
    assert not may_cluster(context("clerk", ApiKey.PRODUCE, 12, zone="analytics"), Operation.DESCRIBE)


def test_operations_are_told_as_bits() -> None:
    assert topic_operations(context("clerk", ApiKey.METADATA, 12), "open.a") == 1 << 3 | 1 << 4 | 1 << 8
    assert topic_operations(context("operator", ApiKey.METADATA, 12), "__consumer_offsets") == 0
    assert cluster_operations(context("clerk", ApiKey.METADATA, 12)) == 1 << 8
    assert cluster_operations(context("nobody", ApiKey.METADATA, 12)) == 0


def test_a_refusal_leaves_a_fact() -> None:
    ctx = context("clerk", ApiKey.FETCH, 12)
    denied(ctx, Operation.READ, "t", ErrorCode.TOPIC_AUTHORIZATION_FAILED)

    assert ctx.facts == [Denied("FETCH", "READ", "topic", "t", 29, "acl")]


def test_of_one_request_not_more_is_told_than_anybody_reads() -> None:
    ctx = context("clerk", ApiKey.FETCH, 4)
    for number in range(MOST_TOLD + 2):
        denied(ctx, Operation.READ, f"t{number}", ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    *told, last = ctx.facts
    assert [fact.resource for fact in told if isinstance(fact, Denied)] == [f"t{n}" for n in range(MOST_TOLD)]
    assert last == Noticed("more_refusals")


@pytest.mark.parametrize(
    ("ask", "name", "kind", "error"),
    [
        (topic_error, "t", "topic", 29),
        (group_error, "g", "group", 30),
        (transactional_id_error, "x", "transactional_id", 53),
    ],
)
def test_each_kind_of_resource_has_its_error(ask: Any, name: str, kind: str, error: int) -> None:
    ctx = context("nobody", ApiKey.FETCH, 12)
    assert ask(ctx, Operation.DESCRIBE, name) == error
    assert ctx.facts == [Denied("FETCH", "DESCRIBE", kind, name, error, "acl")]

    ctx = context("operator", ApiKey.FETCH, 12)
    assert ask(ctx, Operation.DESCRIBE, name) is None
    assert not ctx.facts


def test_the_cluster_has_its_error_too() -> None:
    ctx = context("nobody", ApiKey.FIND_COORDINATOR, 6)
    assert cluster_error(ctx, Operation.CLUSTER_ACTION) == 31
    assert ctx.facts == [Denied("FIND_COORDINATOR", "CLUSTER_ACTION", "cluster", "kafka-cluster", 31, "acl")]
    assert cluster_error(context("operator", ApiKey.FIND_COORDINATOR, 6), Operation.CLUSTER_ACTION) is None


def test_operations_of_a_group() -> None:
    everything = 1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11
    assert group_operations(context("operator", ApiKey.DESCRIBE_GROUPS, 6), "g") == everything
    assert group_operations(context("nobody", ApiKey.DESCRIBE_GROUPS, 6), "g") == 0
