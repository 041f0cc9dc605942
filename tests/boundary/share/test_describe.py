from __future__ import annotations

import pytest

from tests.boundary.kit import answered, context, reply, request
from tests.boundary.share.kit import policy
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.share_group_describe_request import ShareGroupDescribeRequest
from zoneproxy.wire.messages.share_group_describe_response import (
    Assignment,
    DescribedGroup,
    Member,
    ShareGroupDescribeResponse,
    TopicPartitions,
)

UNASKED = -(1 << 31)
GROUP_DENIED, TOPIC_DENIED = ErrorCode.GROUP_AUTHORIZATION_FAILED, ErrorCode.TOPIC_AUTHORIZATION_FAILED


def group(name: str, *topics: str, error: int = 0, operations: int = UNASKED) -> DescribedGroup:
    assigned = Assignment(topic_partitions=[TopicPartitions(topic_name=topic) for topic in topics])
    return DescribedGroup(
        group_id=name,
        error_code=error,
        group_state="Stable",
        members=[Member(member_id="m", assignment=assigned)],
        authorized_operations=operations,
    )


def described(*names: str, answer: list[DescribedGroup], operations: bool = False) -> list[tuple[str, int, int]]:
    """Group, error, operations."""
    ctx = context("clerk", ApiKey.SHARE_GROUP_DESCRIBE, 1, policy=policy("a"))
    asked = ShareGroupDescribeRequest(group_ids=list(names), include_authorized_operations=operations)
    routed = request(asked, ctx)
    groups = reply(routed, ShareGroupDescribeResponse(groups=answer), ctx).groups
    return [(g.group_id, g.error_code, g.authorized_operations) for g in groups]


def test_groups_that_may_not_be_described_stand_first() -> None:
    assert described("g", "other", answer=[group("g", "a")]) == [
        ("other", GROUP_DENIED, UNASKED),
        ("g", 0, UNASKED),
    ]


def test_with_nothing_left_the_broker_is_not_asked() -> None:
    ctx = context("clerk", ApiKey.SHARE_GROUP_DESCRIBE, 1, policy=policy("a"))
    routed = request(ShareGroupDescribeRequest(group_ids=["x"]), ctx)

    assert [g.error_code for g in answered(routed, ctx).groups] == [GROUP_DENIED]


def test_what_a_principal_may_do_is_said_by_our_rules_and_only_if_asked_for() -> None:
    may = (1 << 3) | (1 << 8)  # READ, DESCRIBE
    assert described("g", answer=[group("g", "a", operations=7)], operations=True) == [("g", 0, may)]
    assert described("g", answer=[group("g", "a", error=69)], operations=True) == [("g", 69, UNASKED)]


def test_a_group_with_a_hidden_topic_is_hidden() -> None:
    ctx = context("clerk", ApiKey.SHARE_GROUP_DESCRIBE, 1, policy=policy("a"))
    routed = request(ShareGroupDescribeRequest(group_ids=["g"]), ctx)
    (seen,) = reply(routed, ShareGroupDescribeResponse(groups=[group("g", "a", "b")]), ctx).groups

    assert (seen.error_code, seen.members, seen.group_state) == (TOPIC_DENIED, [], "")
    assert seen.error_message == "The group has described topic(s) that the client is not authorized to describe."


def test_groups_that_nobody_asked_for() -> None:
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        described("g", answer=[group("other")])
