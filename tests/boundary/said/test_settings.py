from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import answered, reply, request
from tests.boundary.said.said_kit import CARD, refusals, says
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.said import screen as module
from zoneproxy.boundary.said.names import HOLDS_DATA as NAME_HOLDS_DATA
from zoneproxy.boundary.said.names import TopicNames
from zoneproxy.boundary.said.screen import LARGE, Screen
from zoneproxy.boundary.said.settings import HOLDS_DATA, NewTopicsInterceptor, SettingsInterceptor
from zoneproxy.boundary.work_size import INLINE
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages import alter_configs_request as legacy
from zoneproxy.wire.messages import alter_configs_response as legacy_response
from zoneproxy.wire.messages import incremental_alter_configs_request as incremental
from zoneproxy.wire.messages import incremental_alter_configs_response as incremental_response
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.create_topics_request import CreatableTopic, CreatableTopicConfig, CreateTopicsRequest
from zoneproxy.wire.messages.create_topics_response import CreatableTopicResult, CreateTopicsResponse

TOPIC = 2

SCREEN = Screen(Plans({}), 1_000)


def new(name: str, **configs: str) -> CreatableTopic:
    written = [CreatableTopicConfig(name=key, value=value) for key, value in configs.items()]
    return CreatableTopic(name=name, num_partitions=1, replication_factor=1, configs=written)


@pytest.mark.parametrize("version", [2, 5, 7])
def test_topics_are_refused_for_what_they_are_called_and_for_what_their_settings_say(version: int) -> None:
    ctx = says("teller", ApiKey.CREATE_TOPICS, version)
    asked = [new("open.a"), new(f"a.{CARD}"), new("open.b", throttled=CARD), new("Open"), new("open.c", x="1000")]
    routed = request(CreateTopicsRequest(topics=asked), ctx)
    assert routed.edited
    made = [CreatableTopicResult(name=name) for name in ("open.a", "open.c")]
    response = reply(routed, CreateTopicsResponse(topics=made), ctx)
    results = {topic.name: (topic.error_code, topic.error_message) for topic in response.topics}
    assert results["open.a"][0] == results["open.c"][0] == ErrorCode.NONE
    assert results[f"a.{CARD}"] == (ErrorCode.POLICY_VIOLATION, NAME_HOLDS_DATA)
    assert results["open.b"] == (ErrorCode.POLICY_VIOLATION, HOLDS_DATA)
    assert results["Open"][0] == ErrorCode.POLICY_VIOLATION
    assert refusals(ctx) == [("topic_name", "finding"), ("setting", "finding")]


def test_topics_of_a_zone_without_rules_are_called_anything() -> None:
    ctx = says("loner", ApiKey.CREATE_TOPICS, 5, zone="lonely")
    assert not request(CreateTopicsRequest(topics=[new(f"a.{CARD}", x=CARD)]), ctx).edited


def test_settings_changed_one_by_one() -> None:
    def resource(name: str, value: str | None, key: str = "retention.ms") -> incremental.AlterConfigsResource:
        config = incremental.AlterableConfig(name=key, value=value, config_operation=1 if value is None else 0)
        return incremental.AlterConfigsResource(resource_type=TOPIC, resource_name=name, configs=[config])

    ctx = says("teller", ApiKey.INCREMENTAL_ALTER_CONFIGS, 1)
    asked = [
        resource("a", "1"),
        resource("b", CARD),
        resource(CARD, "1"),
        resource("c", None),
        resource("d", "1", CARD),
    ]
    routed = request(incremental.IncrementalAlterConfigsRequest(resources=asked), ctx)
    kept = [incremental_response.AlterConfigsResourceResponse(resource_type=TOPIC, resource_name=name) for name in "ac"]
    response = reply(routed, incremental_response.IncrementalAlterConfigsResponse(responses=kept), ctx)
    results = {result.resource_name: result.error_code for result in response.responses}
    refused = ErrorCode.POLICY_VIOLATION
    assert results == {"a": 0, "c": 0, "b": refused, CARD: refused, "d": refused}
    assert refusals(ctx) == [("setting", "finding"), ("resource_name", "finding")]


def test_settings_changed_all_at_once() -> None:
    config = legacy.AlterableConfig(name="x", value=CARD)
    resource = legacy.AlterConfigsResource(resource_type=TOPIC, resource_name="a", configs=[config])
    message = legacy.AlterConfigsRequest(resources=[resource])
    ctx = says("teller", ApiKey.ALTER_CONFIGS, 1)
    response = answered(request(message, ctx), ctx)
    assert isinstance(response, legacy_response.AlterConfigsResponse)
    (result,) = response.responses
    assert (result.error_code, result.error_message) == (ErrorCode.POLICY_VIOLATION, HOLDS_DATA)
    assert not request(message, says("loner", ApiKey.ALTER_CONFIGS, 1, zone="lonely")).edited


@pytest.mark.parametrize("api", [ApiKey.CREATE_TOPICS, ApiKey.INCREMENTAL_ALTER_CONFIGS])
def test_long_settings_are_not_looked_through_on_the_event_loop(api: ApiKey) -> None:
    message: object
    if api is ApiKey.CREATE_TOPICS:
        message = CreateTopicsRequest(topics=[new("open.a", x="y" * LARGE)])
        interceptor: Any = NewTopicsInterceptor(SCREEN, TopicNames(SCREEN))
    else:
        changed = incremental.AlterableConfig(name="x", value="y" * LARGE)
        resource = incremental.AlterConfigsResource(resource_type=2, resource_name="open.a", configs=[changed])
        message = incremental.IncrementalAlterConfigsRequest(resources=[resource])
        interceptor = SettingsInterceptor(SCREEN)
    going = interceptor.request(message, says("teller", api, 1))
    (work,) = next(going)
    assert work.size >= INLINE


@pytest.mark.parametrize("observe", [False, True])
def test_of_too_many_settings_none_is_looked_at_by_itself(monkeypatch: pytest.MonkeyPatch, observe: bool) -> None:
    monkeypatch.setattr(module, "MAX_TEXTS", 4)
    changed = [incremental.AlterableConfig(name=f"x{number}", value=CARD) for number in range(3)]
    resource = incremental.AlterConfigsResource(resource_type=TOPIC, resource_name="a", configs=changed)
    made = CreateTopicsRequest(topics=[new("a", x=CARD, y="1"), new("b", x="1")])
    messages: list[tuple[ApiKey, int, Any]] = [
        (ApiKey.CREATE_TOPICS, 5, made),
        (ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, incremental.IncrementalAlterConfigsRequest(resources=[resource])),
    ]
    for api, version, message in messages:
        ctx = says("teller", api, version)
        ctx.session.observe = observe
        routed = request(message, ctx)
        assert routed.forward is observe
        assert refusals(ctx) == ([] if observe else [("setting", "too_many")])
