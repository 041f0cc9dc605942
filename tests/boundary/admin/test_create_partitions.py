from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.admin.kit import OFFSETS, ask, versions
from zoneproxy.wire.messages.create_partitions_request import CreatePartitionsRequest, CreatePartitionsTopic
from zoneproxy.wire.messages.create_partitions_response import CreatePartitionsResponse, CreatePartitionsTopicResult


def growth(*names: str) -> CreatePartitionsRequest:
    return CreatePartitionsRequest(topics=[CreatePartitionsTopic(name=n, count=3, assignments=None) for n in names])


def told(response: Any) -> list[tuple[str, int, str | None]]:
    return [(result.name, result.error_code, result.error_message) for result in response.results]


@pytest.mark.parametrize("version", versions(CreatePartitionsRequest))
def test_alter_on_the_topic(version: int) -> None:
    asked = ask("topics", growth("secret", "altered", "twice", "described", "twice"), version)

    assert [topic.name for topic in asked.forwarded.topics] == ["altered"]
    done = CreatePartitionsTopicResult(name="altered", error_message=None)
    assert told(asked.reply(CreatePartitionsResponse(results=[done]))) == [
        ("altered", 0, None),
        ("secret", 29, None),
        ("twice", 42, "Duplicate topic name."),
        ("described", 29, None),
    ]
    assert asked.denials == [("ALTER", "topic", "secret"), ("ALTER", "topic", "described")]


def test_what_is_allowed_goes_on_as_it_came() -> None:
    assert ask("topics", growth("altered", "all"), 3).untouched


@pytest.mark.parametrize("who", ["operator", "cluster"])
def test_reserved_topics_grow_for_nobody(who: str) -> None:
    assert told(ask(who, growth(OFFSETS), 3).answer) == [(OFFSETS, 29, None)]
