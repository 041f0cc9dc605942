from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.admin.kit import ask, versions
from zoneproxy.wire.messages.describe_configs_request import DescribeConfigsRequest, DescribeConfigsResource
from zoneproxy.wire.messages.describe_configs_response import DescribeConfigsResponse, DescribeConfigsResult

TOPIC, BROKER, LOGGER, METRICS, GROUP = 2, 4, 8, 16, 32


def question(*resources: tuple[int, str]) -> DescribeConfigsRequest:
    return DescribeConfigsRequest(
        resources=[DescribeConfigsResource(resource_type=kind, resource_name=name) for kind, name in resources]
    )


def told(response: Any) -> list[tuple[int, str, int, str | None]]:
    return [(r.resource_type, r.resource_name, r.error_code, r.error_message) for r in response.results]


@pytest.mark.parametrize("version", versions(DescribeConfigsRequest))
def test_each_resource_by_its_own_right(version: int) -> None:
    message = question(
        (TOPIC, "secret"), (TOPIC, "read-configs"), (GROUP, "g"), (GROUP, "write-configs"), (BROKER, "1"), (METRICS, "")
    )
    asked = ask("topics", message, version)

    assert [(r.resource_type, r.resource_name) for r in asked.forwarded.resources] == [
        (TOPIC, "read-configs"),
        (GROUP, "write-configs"),
    ]
    done = DescribeConfigsResult(resource_type=TOPIC, resource_name="read-configs", error_message=None)
    assert told(asked.reply(DescribeConfigsResponse(results=[done]))) == [
        (TOPIC, "read-configs", 0, None),
        (TOPIC, "secret", 29, "Topic authorization failed."),
        (GROUP, "g", 30, "Group authorization failed."),
        (BROKER, "1", 31, "Cluster authorization failed."),
        (METRICS, "", 31, "Cluster authorization failed."),
    ]


def test_rights_on_the_cluster() -> None:
    assert ask("cluster", question((BROKER, "1"), (BROKER, ""), (LOGGER, "1"), (METRICS, "m")), 4).untouched
    assert told(ask("cluster", question((TOPIC, "all")), 4).answer) == [
        (TOPIC, "all", 29, "Topic authorization failed.")
    ]


@pytest.mark.parametrize("kind", [0, 1, 3, 99])
@pytest.mark.parametrize("who", ["operator", "nobody"])
def test_a_type_that_there_is_not_makes_all_of_it_invalid(who: str, kind: int) -> None:
    results = told(ask(who, question((TOPIC, "all"), (kind, "x")), 4).answer)

    assert [(*result[:3],) for result in results] == [(TOPIC, "all", 42), (kind, "x", 42)]
    assert results[0][3] is not None
    assert results[0][3].startswith("This most likely occurs because of a request being malformed")
