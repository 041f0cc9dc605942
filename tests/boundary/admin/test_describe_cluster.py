from __future__ import annotations

import pytest

from tests.boundary.admin.kit import ask, versions
from zoneproxy.wire.messages.describe_cluster_request import DescribeClusterRequest
from zoneproxy.wire.messages.describe_cluster_response import DescribeClusterResponse

UNKNOWN = -(1 << 31)
BROKERS = 1 << 3 | 1 << 9  # what the proxy itself may do there


def operations(who: str, version: int, *, told: bool, error: int = 0) -> int:
    asked = ask(who, DescribeClusterRequest(include_cluster_authorized_operations=told), version)
    response = DescribeClusterResponse(error_code=error, cluster_authorized_operations=BROKERS)
    answered: int = asked.reply(response).cluster_authorized_operations
    return answered


@pytest.mark.parametrize("version", versions(DescribeClusterRequest))
def test_operations_are_those_of_our_rules(version: int) -> None:
    assert operations("cluster", version, told=True) == sum(1 << op for op in (5, 7, 8, 10, 11))
    assert operations("operator", version, told=True) == sum(1 << op for op in (5, 7, 8, 9, 10, 11, 12))
    assert operations("nobody", version, told=True) == 0
    assert operations("stranger", version, told=True) == 0


@pytest.mark.parametrize("version", versions(DescribeClusterRequest))
def test_and_are_told_only_when_asked_for(version: int) -> None:
    assert operations("cluster", version, told=False) == UNKNOWN
    assert operations("cluster", version, told=True, error=114) == UNKNOWN


def test_everybody_may_ask() -> None:
    assert not ask("nobody", DescribeClusterRequest(), 0).denials
