from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.admin.kit import OFFSETS, ask, versions
from zoneproxy.policy.snapshot import RESERVED_TOPICS
from zoneproxy.wire.messages.create_topics_request import CreatableTopic, CreatableTopicConfig, CreateTopicsRequest
from zoneproxy.wire.messages.create_topics_response import (
    CreatableTopicConfigs,
    CreatableTopicResult,
    CreateTopicsResponse,
)


def creation(*names: str, **config: str) -> CreateTopicsRequest:
    configs = [CreatableTopicConfig(name=name.replace("_", "."), value=value) for name, value in config.items()]
    return CreateTopicsRequest(
        topics=[CreatableTopic(name=name, num_partitions=1, replication_factor=1, configs=configs) for name in names]
    )


def created(*names: str, error: int = 0) -> CreateTopicsResponse:
    configs = [CreatableTopicConfigs(name="cleanup.policy", value="delete")]
    topics = [
        CreatableTopicResult(
            name=name, error_code=error, error_message=None, num_partitions=3, replication_factor=2, configs=configs
        )
        for name in names
    ]
    return CreateTopicsResponse(topics=topics)


def told(response: Any) -> list[tuple[str, int, str | None]]:
    return [(topic.name, topic.error_code, topic.error_message) for topic in response.topics]


DENIED = (29, "Authorization failed.")


@pytest.mark.parametrize("version", versions(CreateTopicsRequest))
def test_create_on_the_topic(version: int) -> None:
    asked = ask("topics", creation("created.a", "secret", "described"), version)

    assert [topic.name for topic in asked.forwarded.topics] == ["created.a"]
    assert asked.denials == [("CREATE", "topic", "secret"), ("CREATE", "topic", "described")]
    assert told(asked.reply(created("created.a"))) == [
        ("created.a", 0, None),
        ("secret", *DENIED),
        ("described", *DENIED),
    ]


@pytest.mark.parametrize("who", ["cluster", "operator"])
def test_create_on_the_cluster(who: str) -> None:
    asked = ask(who, creation("anything", "secret"), 7)

    assert asked.untouched
    assert not asked.denials


def test_with_nothing_left_it_is_answered_here() -> None:
    assert told(ask("nobody", creation("created.a", "all"), 7).answer) == [("created.a", *DENIED), ("all", *DENIED)]


def test_rights_on_the_cluster_end_at_its_borders() -> None:
    assert told(ask("stranger", creation("shared"), 7).answer) == [("shared", *DENIED)]


@pytest.mark.parametrize("who", ["topics", "operator"])
def test_a_name_that_is_there_twice_is_refused_once(who: str) -> None:
    asked = ask(who, creation("created.a", "created.b", "created.a"), 7)

    assert [topic.name for topic in asked.forwarded.topics] == ["created.b"]
    assert told(asked.reply(created("created.b")))[1:] == [("created.a", 42, "Duplicate topic name.")]


@pytest.mark.parametrize("name", sorted(RESERVED_TOPICS - {"__cluster_metadata"}))
@pytest.mark.parametrize("who", ["cluster", "operator", "topics"])
def test_reserved_names_are_created_by_nobody(who: str, name: str) -> None:
    asked = ask(who, creation(name), 7)

    assert told(asked.answer) == [(name, *DENIED)]
    assert asked.denials == [("CREATE", "topic", name)]


def test_the_metadata_log_is_no_topic() -> None:
    assert told(ask("operator", creation("__cluster_metadata"), 7).answer) == [
        ("__cluster_metadata", 42, "Creation of internal topic __cluster_metadata is prohibited.")
    ]


def test_forbidden_configurations() -> None:
    asked = ask("operator", creation("a", retention_ms="${file:/etc/passwd:x}"), 7)

    assert told(asked.answer) == [("a", 44, "This configuration cannot be changed through the proxy.")]
    assert ask("operator", creation("a", retention_ms="1000"), 7).untouched
    assert told(ask("nobody", creation("a", retention_ms="${x}"), 7).answer) == [("a", *DENIED)]


@pytest.mark.parametrize("version", [5, 6, 7])
def test_how_a_topic_was_made_is_for_those_who_may_describe_configurations(version: int) -> None:
    asked = ask("topics", creation("created.a", "all"), version)
    hidden, seen = asked.reply(created("created.a", "all")).topics

    assert (hidden.topic_config_error_code, hidden.num_partitions, hidden.replication_factor) == (29, -1, -1)
    assert hidden.configs == []
    assert (seen.topic_config_error_code, seen.num_partitions, seen.replication_factor) == (0, 3, 2)
    assert len(seen.configs) == 1


def test_a_failure_says_nothing_of_configurations() -> None:
    (topic,) = ask("cluster", creation("a"), 7).reply(created("a", error=36)).topics

    assert (topic.error_code, topic.topic_config_error_code) == (36, 0)


def test_the_operator_sees_everything() -> None:
    asked = ask("operator", creation("a", OFFSETS), 7)

    assert asked.reply(created("a")).topics[0] == created("a").topics[0]
