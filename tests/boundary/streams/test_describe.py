from __future__ import annotations

import pytest

from tests.boundary.kit import answered, context, reply, request
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.streams_group_describe_request import StreamsGroupDescribeRequest
from zoneproxy.wire.messages.streams_group_describe_response import (
    DescribedGroup,
    StreamsGroupDescribeResponse,
    Subtopology,
    TopicInfo,
    Topology,
)

POLICY = """
zones:
  payments: {level: restricted, owner: a@example.com, upstream: kafka-1}
principals: [{name: clerk, zone: payments, match: {subject: {CN: clerk}}, roles: [reader]}]
roles:
  reader:
    - {allow: [describe, delete], group: g}
    - {allow: [describe], topic: [a, log]}
"""
UNASKED = -(1 << 31)
GROUP_DENIED, TOPIC_DENIED = ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.TOPIC_AUTHORIZATION_FAILED


def group(name: str, *topics: str, error: int = 0, changelog: str = "log") -> DescribedGroup:
    part = Subtopology(source_topics=topics, state_changelog_topics=[TopicInfo(name=changelog)])
    return DescribedGroup(
        group_id=name,
        error_code=error,
        group_state="Stable",
        topology=Topology(subtopologies=[part]),
        authorized_operations=7,
    )


def described(*names: str, answer: list[DescribedGroup], operations: bool = False) -> list[DescribedGroup]:
    ctx = context("clerk", ApiKey.STREAMS_GROUP_DESCRIBE, 0, policy=POLICY)
    asked = StreamsGroupDescribeRequest(group_ids=list(names), include_authorized_operations=operations)
    routed = request(asked, ctx)
    groups: list[DescribedGroup] = reply(routed, StreamsGroupDescribeResponse(groups=answer), ctx).groups
    return groups


def test_groups_that_may_not_be_described_stand_first() -> None:
    groups = described("g", "other", answer=[group("g", "a")])

    assert [(g.group_id, g.error_code) for g in groups] == [("other", GROUP_DENIED), ("g", 0)]
    assert groups[0].authorized_operations == UNASKED


def test_with_nothing_left_the_broker_is_not_asked() -> None:
    ctx = context("clerk", ApiKey.STREAMS_GROUP_DESCRIBE, 0, policy=POLICY)
    routed = request(StreamsGroupDescribeRequest(group_ids=["x"]), ctx)

    assert [g.error_code for g in answered(routed, ctx).groups] == [GROUP_DENIED]


def test_what_a_principal_may_do_is_said_by_our_rules() -> None:
    (seen,) = described("g", answer=[group("g", "a")], operations=True)

    assert seen.authorized_operations == (1 << 6) | (1 << 8)  # DELETE, DESCRIBE


@pytest.mark.parametrize("hidden", [group("g", "a", "b"), group("g", "a", changelog="b")])
def test_a_group_with_a_hidden_topic_is_hidden(hidden: DescribedGroup) -> None:
    (seen,) = described("g", answer=[hidden])

    assert (seen.error_code, seen.topology, seen.group_state) == (TOPIC_DENIED, None, "")
    assert seen.error_message == "The described group uses topics that the client is not authorized to describe."
    assert seen.authorized_operations == UNASKED


@pytest.mark.parametrize("topology", [None, Topology(subtopologies=None)])
def test_a_group_without_a_topology_is_told(topology: Topology | None) -> None:
    told = DescribedGroup(group_id="g", error_code=ErrorCode.GROUP_ID_NOT_FOUND, topology=topology)

    assert [g.error_code for g in described("g", answer=[told])] == [ErrorCode.GROUP_ID_NOT_FOUND]


def test_groups_that_nobody_asked_for() -> None:
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        described("g", answer=[group("other")])
