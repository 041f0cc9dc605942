from __future__ import annotations

import pytest

from tests.boundary.admin.kit import OFFSETS, ask, versions
from zoneproxy.wire.messages.list_config_resources_request import ListConfigResourcesRequest
from zoneproxy.wire.messages.list_config_resources_response import ConfigResource, ListConfigResourcesResponse

TOPIC, METRICS, GROUP = 2, 16, 32


@pytest.mark.parametrize("version", versions(ListConfigResourcesRequest))
@pytest.mark.parametrize("who", ["topics", "nobody", "stranger"])
def test_it_takes_a_right_on_the_cluster(who: str, version: int) -> None:
    asked = ask(who, ListConfigResourcesRequest(), version)

    assert (asked.answer.error_code, asked.answer.config_resources) == (31, [])
    assert asked.denials == [("DESCRIBE_CONFIGS", "cluster", "kafka-cluster")]


def listed(*resources: tuple[int, str]) -> ListConfigResourcesResponse:
    found = [ConfigResource(resource_type=kind, resource_name=name) for kind, name in resources]
    return ListConfigResourcesResponse(config_resources=found)


@pytest.mark.parametrize("who", ["cluster", "operator"])
def test_reserved_topics_are_hidden(who: str) -> None:
    asked = ask(who, ListConfigResourcesRequest(resource_types=[TOPIC]), 1)
    response = asked.reply(listed((TOPIC, "a"), (TOPIC, OFFSETS), (GROUP, OFFSETS), (METRICS, "m")))

    assert asked.untouched
    assert response == listed((TOPIC, "a"), (GROUP, OFFSETS), (METRICS, "m"))


def test_a_list_without_them_is_left_as_it_is() -> None:
    asked = ask("cluster", ListConfigResourcesRequest(), 0)

    assert asked.reply(listed((METRICS, "m"))) == listed((METRICS, "m"))
