from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.namespace.tenants import answered, sent, tenant
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.namespace.refusals import WHY
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.alter_client_quotas_request import AlterClientQuotasRequest, EntityData, EntryData
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_client_quotas_request import DescribeClientQuotasRequest
from zoneproxy.wire.messages.describe_quorum_request import DescribeQuorumRequest
from zoneproxy.wire.messages.elect_leaders_request import ElectLeadersRequest, TopicPartitions

DENIED = ErrorCode.CLUSTER_AUTHORIZATION_FAILED


@pytest.mark.parametrize(
    ("api", "version", "message"),
    [
        (ApiKey.DESCRIBE_CLIENT_QUOTAS, 1, DescribeClientQuotasRequest()),
        (ApiKey.DESCRIBE_QUORUM, 2, DescribeQuorumRequest()),
    ],
)
def test_what_is_of_the_whole_upstream_is_refused(api: ApiKey, version: int, message: Any) -> None:
    ctx = tenant(api, version)
    response = answered(message, ctx)
    assert (response.error_code, response.error_message) == (DENIED, WHY)
    assert [type(fact) for fact in ctx.facts] == [Denied]


def test_a_quorum_has_no_words_in_older_versions() -> None:
    assert answered(DescribeQuorumRequest(), tenant(ApiKey.DESCRIBE_QUORUM, 1)).error_code == DENIED


def test_quotas_are_refused_one_by_one() -> None:
    ctx = tenant(ApiKey.ALTER_CLIENT_QUOTAS, 1)
    entries = [EntryData(entity=[EntityData(entity_type="user", entity_name=name)]) for name in ("zoneproxy", None)]
    response = answered(AlterClientQuotasRequest(entries=entries), ctx)
    assert [(e.error_code, e.error_message, e.entity[0].entity_name) for e in response.entries] == [
        (DENIED, WHY, "zoneproxy"),
        (DENIED, WHY, None),
    ]


@pytest.mark.parametrize(("version", "error"), [(0, 0), (1, DENIED), (2, DENIED)])
def test_nobody_elects_leaders_for_everybody(version: int, error: int) -> None:
    response = answered(ElectLeadersRequest(topic_partitions=None), tenant(ApiKey.ELECT_LEADERS, version))
    assert (response.error_code, response.replica_election_results) == (error, [])


def test_leaders_of_ones_own_topics_are_elected() -> None:
    message = ElectLeadersRequest(topic_partitions=[TopicPartitions(topic="t", partitions=[0])])
    upstream, _ = sent(message, tenant(ApiKey.ELECT_LEADERS, 2))
    assert [each.topic for each in upstream.topic_partitions] == ["ours.t"]
