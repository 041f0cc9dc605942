from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.namespace.tenants import answered, received, sent, tenant
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.namespace.refusals import WHY
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages import (
    alter_configs_request,
    alter_configs_response,
    incremental_alter_configs_request,
    incremental_alter_configs_response,
)
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_configs_request import DescribeConfigsRequest, DescribeConfigsResource
from zoneproxy.wire.messages.describe_configs_response import DescribeConfigsResponse, DescribeConfigsResult
from zoneproxy.wire.messages.list_config_resources_request import ListConfigResourcesRequest
from zoneproxy.wire.messages.list_config_resources_response import ConfigResource, ListConfigResourcesResponse

TOPIC, BROKER, BROKER_LOGGER, CLIENT_METRICS, GROUP = 2, 4, 8, 16, 32

ALTERATIONS: dict[ApiKey, tuple[Any, Any]] = {
    ApiKey.ALTER_CONFIGS: (
        alter_configs_request.AlterConfigsRequest,
        alter_configs_response.AlterConfigsResponse,
    ),
    ApiKey.INCREMENTAL_ALTER_CONFIGS: (
        incremental_alter_configs_request.IncrementalAlterConfigsRequest,
        incremental_alter_configs_response.IncrementalAlterConfigsResponse,
    ),
}
MODULES: dict[ApiKey, tuple[Any, Any]] = {
    ApiKey.ALTER_CONFIGS: (alter_configs_request, alter_configs_response),
    ApiKey.INCREMENTAL_ALTER_CONFIGS: (incremental_alter_configs_request, incremental_alter_configs_response),
}


def names(resources: Any) -> list[tuple[int, str]]:
    return [(each.resource_type, each.resource_name) for each in resources]


def test_what_a_name_is_follows_from_the_type() -> None:
    ctx = tenant(ApiKey.DESCRIBE_CONFIGS, 4)
    asked = [(TOPIC, "t"), (GROUP, "g"), (CLIENT_METRICS, "m"), (BROKER, "1"), (BROKER_LOGGER, "1"), (BROKER, "")]
    message = DescribeConfigsRequest(
        resources=[DescribeConfigsResource(resource_type=kind, resource_name=name) for kind, name in asked]
    )
    upstream, left = sent(message, ctx)
    physical = [(TOPIC, "ours.t"), (GROUP, "ours.g"), (CLIENT_METRICS, "ours.m"), *asked[3:]]
    assert names(upstream.resources) == physical
    results = [DescribeConfigsResult(resource_type=kind, resource_name=name) for kind, name in physical]
    results.append(DescribeConfigsResult(resource_type=TOPIC, resource_name="theirs.t"))
    response = received(left, DescribeConfigsResponse(results=results), ctx)
    assert names(response.results) == asked
    assert names(message.resources) == asked


def test_an_illegal_topic_is_illegal_upstream_too() -> None:
    ctx = tenant(ApiKey.DESCRIBE_CONFIGS, 4)
    message = DescribeConfigsRequest(resources=[DescribeConfigsResource(resource_type=TOPIC, resource_name="a/b")])
    upstream, left = sent(message, ctx)
    ((_, physical),) = names(upstream.resources)
    assert physical == "ours./0"
    result = DescribeConfigsResult(error_code=17, resource_type=TOPIC, resource_name=physical)
    assert names(received(left, DescribeConfigsResponse(results=[result]), ctx).results) == [(TOPIC, "a/b")]


def test_a_list_of_resources_holds_ones_own_and_the_brokers() -> None:
    ctx = tenant(ApiKey.LIST_CONFIG_RESOURCES, 1)
    _, left = sent(ListConfigResourcesRequest(), ctx)
    assert not left.edited
    there = [(TOPIC, "ours.t"), (TOPIC, "theirs.t"), (GROUP, "theirs.g"), (CLIENT_METRICS, "m"), (BROKER, "1")]
    resources = [ConfigResource(resource_type=kind, resource_name=name) for kind, name in there]
    response = received(left, ListConfigResourcesResponse(config_resources=resources), ctx)
    assert names(response.config_resources) == [(TOPIC, "t"), (BROKER, "1")]


@pytest.mark.parametrize("api", ALTERATIONS)
def test_brokers_that_are_shared_stay_as_they_are(api: ApiKey) -> None:
    ctx = tenant(api, 1)
    (request, response), (asking, answering) = ALTERATIONS[api], MODULES[api]
    asked = [(BROKER, "1"), (TOPIC, "t"), (CLIENT_METRICS, "m"), (GROUP, "g")]
    message = request(resources=[asking.AlterConfigsResource(resource_type=k, resource_name=n) for k, n in asked])
    upstream, left = sent(message, ctx)
    assert names(upstream.resources) == [(TOPIC, "ours.t"), (GROUP, "ours.g")]
    done = [
        answering.AlterConfigsResourceResponse(resource_type=k, resource_name=n)
        for k, n in [(TOPIC, "ours.t"), (GROUP, "ours.g")]
    ]
    results = received(left, response(responses=done), ctx).responses
    assert names(results) == [(TOPIC, "t"), (GROUP, "g"), (BROKER, "1"), (CLIENT_METRICS, "m")]
    refused = (ErrorCode.CLUSTER_AUTHORIZATION_FAILED, WHY)
    assert [(each.error_code, each.error_message) for each in results] == [(0, ""), (0, ""), refused, refused]
    assert names(message.resources) == asked
    assert [fact.why for fact in ctx.facts if isinstance(fact, Denied)] == ["namespace"] * 2


@pytest.mark.parametrize("api", ALTERATIONS)
def test_nothing_is_asked_of_the_broker_if_nothing_is_left(api: ApiKey) -> None:
    ctx = tenant(api, 0)
    (request, _), (asking, _) = ALTERATIONS[api], MODULES[api]
    message = request(resources=[asking.AlterConfigsResource(resource_type=BROKER, resource_name="")])
    (result,) = answered(message, ctx).responses
    assert (result.error_code, result.resource_type) == (ErrorCode.CLUSTER_AUTHORIZATION_FAILED, BROKER)
