from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import Upstream, answered, context, reply, request, topic_id
from zoneproxy.boundary.facts import Denied
from zoneproxy.policy.snapshot import RESERVED_TOPICS
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages import alter_configs_request as legacy
from zoneproxy.wire.messages.alter_configs_response import AlterConfigsResponse
from zoneproxy.wire.messages.alter_partition_reassignments_request import (
    AlterPartitionReassignmentsRequest,
    ReassignablePartition,
    ReassignableTopic,
)
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.create_partitions_request import CreatePartitionsRequest, CreatePartitionsTopic
from zoneproxy.wire.messages.create_topics_request import CreatableTopic, CreatableTopicConfig, CreateTopicsRequest
from zoneproxy.wire.messages.create_topics_response import CreatableTopicResult, CreateTopicsResponse
from zoneproxy.wire.messages.delete_topics_request import DeleteTopicsRequest, DeleteTopicState
from zoneproxy.wire.messages.delete_topics_response import DeletableTopicResult, DeleteTopicsResponse
from zoneproxy.wire.messages.incremental_alter_configs_request import (
    AlterableConfig,
    AlterConfigsResource,
    IncrementalAlterConfigsRequest,
)

OFFSETS = "__consumer_offsets"
TOPIC, BROKER = 2, 4
DENIED, FORBIDDEN = ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.POLICY_VIOLATION


def change(name: str, value: str | None = "x", kind: int = BROKER, resource: str = "1") -> AlterConfigsResource:
    return AlterConfigsResource(
        resource_type=kind, resource_name=resource, configs=[AlterableConfig(name=name, value=value)]
    )


@pytest.mark.parametrize("name", sorted(RESERVED_TOPICS))
@pytest.mark.parametrize(
    ("api", "version"),
    [
        (ApiKey.CREATE_TOPICS, 7),
        (ApiKey.CREATE_PARTITIONS, 3),
        (ApiKey.DELETE_TOPICS, 5),
        (ApiKey.DELETE_TOPICS, 6),
        (ApiKey.ALTER_CONFIGS, 2),
        (ApiKey.INCREMENTAL_ALTER_CONFIGS, 1),
        (ApiKey.ALTER_PARTITION_REASSIGNMENTS, 0),
    ],
)
def test_nobody_changes_internal_topics(api: ApiKey, version: int, name: str) -> None:
    messages: dict[ApiKey, Any] = {
        ApiKey.CREATE_TOPICS: CreateTopicsRequest(topics=[CreatableTopic(name=name)]),
        ApiKey.CREATE_PARTITIONS: CreatePartitionsRequest(topics=[CreatePartitionsTopic(name=name, count=9)]),
        ApiKey.DELETE_TOPICS: DeleteTopicsRequest(topics=[DeleteTopicState(name=name)])
        if version == 6
        else DeleteTopicsRequest(topic_names=[name]),
        ApiKey.ALTER_CONFIGS: legacy.AlterConfigsRequest(
            resources=[legacy.AlterConfigsResource(resource_type=TOPIC, resource_name=name)]
        ),
        ApiKey.INCREMENTAL_ALTER_CONFIGS: IncrementalAlterConfigsRequest(
            resources=[change("retention.ms", "1", TOPIC, name)]
        ),
        ApiKey.ALTER_PARTITION_REASSIGNMENTS: AlterPartitionReassignmentsRequest(
            topics=[ReassignableTopic(name=name, partitions=[ReassignablePartition(partition_index=3)])]
        ),
    }
    ctx = context("operator", api, version)
    routed = request(messages[api], ctx)

    response = answered(routed, ctx)
    (result,) = getattr(response, "topics", None) or getattr(response, "results", None) or response.responses
    inside = result.partitions[0] if api == ApiKey.ALTER_PARTITION_REASSIGNMENTS else result
    assert inside.error_code == DENIED
    assert getattr(result, "name", name) == name
    assert [type(fact) for fact in ctx.facts] == [Denied]


def test_what_is_refused_leaves_the_request_and_comes_back() -> None:
    ctx = context("operator", ApiKey.CREATE_TOPICS, 5)
    message = CreateTopicsRequest(topics=[CreatableTopic(name=OFFSETS), CreatableTopic(name="new.a")])
    routed = request(message, ctx)
    assert routed.forward
    assert routed.edited

    response = reply(routed, CreateTopicsResponse(topics=[CreatableTopicResult(name="new.a")]), ctx)
    assert [(t.name, t.error_code) for t in response.topics] == [("new.a", 0), (OFFSETS, DENIED)]


@pytest.mark.parametrize("api", [ApiKey.CREATE_TOPICS, ApiKey.DELETE_TOPICS, ApiKey.INCREMENTAL_ALTER_CONFIGS])
def test_what_is_allowed_goes_on_as_it_came(api: ApiKey) -> None:
    messages: dict[ApiKey, Any] = {
        ApiKey.CREATE_TOPICS: CreateTopicsRequest(
            topics=[CreatableTopic(name="a", configs=[CreatableTopicConfig(name="retention.ms", value="1000")])]
        ),
        ApiKey.DELETE_TOPICS: DeleteTopicsRequest(topic_names=["a"]),
        ApiKey.INCREMENTAL_ALTER_CONFIGS: IncrementalAlterConfigsRequest(
            resources=[change("log.retention.ms", "1000"), change("retention.ms", None, TOPIC, "a")]
        ),
    }
    routed = request(messages[api], context("operator", api, 1 if api != ApiKey.CREATE_TOPICS else 5))

    assert routed.forward
    assert not routed.edited
    assert not routed.thens


# --- deletion by id ---


def deletion(*names: str, upstream: Upstream) -> tuple[Any, Any]:
    ctx = context("operator", ApiKey.DELETE_TOPICS, 6)
    states = [DeleteTopicState(name=None, topic_id=topic_id(name)) for name in names]
    return request(DeleteTopicsRequest(topics=states), ctx, upstream), ctx


def test_internal_topics_are_not_deleted_by_id_either() -> None:
    routed, ctx = deletion(OFFSETS, "open.a", upstream=Upstream(OFFSETS, "open.a"))
    kept = DeletableTopicResult(name="open.a", topic_id=topic_id("open.a"))
    response = reply(routed, DeleteTopicsResponse(responses=[kept]), ctx)

    assert [(t.name, t.error_code) for t in response.responses] == [("open.a", 0), (None, DENIED)]
    assert response.responses[1].topic_id == topic_id(OFFSETS)


def test_an_id_that_nobody_knows_is_never_forwarded() -> None:
    routed, ctx = deletion("gone", upstream=Upstream())

    assert [t.error_code for t in answered(routed, ctx).responses] == [ErrorCode.UNKNOWN_TOPIC_ID]


# --- configurations ---


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sasl.jaas.config", "com.sun.security.auth.module.JndiLoginModule required;"),
        ("listener.name.internal.plain.sasl.jaas.config", "x"),
        ("listener.name.internal.ssl.truststore.location", "/tmp/trust"),
        ("LISTENER.NAME.internal.ssl.keystore.location", "/tmp/key"),
        ("listeners", "PLAINTEXT://:9"),
        ("advertised.listeners", "PLAINTEXT://elsewhere:9"),
        ("ssl.keystore.password", "x"),
        ("principal.builder.class", "x.Y"),
        ("log.retention.ms", "${file:/etc/passwd:root}"),
        ("sasl.jaas.config", None),
    ],
)
@pytest.mark.parametrize("kind", [BROKER, TOPIC])
def test_configurations_that_would_open_a_way_in_are_refused(name: str, value: str | None, kind: int) -> None:
    ctx = context("operator", ApiKey.INCREMENTAL_ALTER_CONFIGS, 1)
    message = IncrementalAlterConfigsRequest(resources=[change(name, value, kind, "open.a")])
    (result,) = answered(request(message, ctx), ctx).responses

    assert (result.error_code, result.resource_type, result.resource_name) == (FORBIDDEN, kind, "open.a")


def test_the_older_api_refuses_them_too_and_others_go_on() -> None:
    ctx = context("operator", ApiKey.ALTER_CONFIGS, 1)
    bad = legacy.AlterConfigsResource(
        resource_type=BROKER,
        resource_name="1",
        configs=[legacy.AlterableConfig(name="a", value="1"), legacy.AlterableConfig(name="ssl.protocol", value="x")],
    )
    good = legacy.AlterConfigsResource(resource_type=TOPIC, resource_name="open.a")
    routed = request(legacy.AlterConfigsRequest(resources=[bad, good]), ctx)
    response = reply(routed, AlterConfigsResponse(), ctx)

    assert routed.edited
    assert [(r.error_code, r.resource_name) for r in response.responses] == [(FORBIDDEN, "1")]


def test_a_topic_is_not_created_with_such_a_value() -> None:
    ctx = context("operator", ApiKey.CREATE_TOPICS, 7)
    configs = [CreatableTopicConfig(name="retention.ms", value="${env:HOME}")]
    message = CreateTopicsRequest(topics=[CreatableTopic(name="open.a", configs=configs)])

    assert [t.error_code for t in answered(request(message, ctx), ctx).topics] == [FORBIDDEN]
