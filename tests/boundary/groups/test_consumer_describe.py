from __future__ import annotations

import pytest

from tests.boundary.kit import topic_id
from tests.boundary.rights import HIDDEN, OFFSETS, asks, merged, refusal
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.groups.consumer_describe import HIDDEN_TOPICS
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_group_describe_request import ConsumerGroupDescribeRequest
from zoneproxy.wire.messages.consumer_group_describe_response import (
    Assignment,
    ConsumerGroupDescribeResponse,
    DescribedGroup,
    Member,
    TopicPartitions,
)

API = ApiKey.CONSUMER_GROUP_DESCRIBE
NOT_ASKED = -2147483648


def assignment(*topics: str) -> Assignment:
    return Assignment(
        topic_partitions=[
            TopicPartitions(topic_id=topic_id(topic), topic_name=topic, partitions=[0]) for topic in topics
        ]
    )


def described(group: str, has: tuple[str, ...] = (), wants: tuple[str, ...] = (), error: int = 0) -> DescribedGroup:
    member = Member(member_id="m", assignment=assignment(*has), target_assignment=assignment(*wants))
    idle = Member(member_id="idle", assignment=assignment(), target_assignment=assignment())
    return DescribedGroup(
        group_id=group, group_state="Stable", error_code=error, members=[idle, member], authorized_operations=0xFFF
    )


@pytest.mark.parametrize("version", [0, 1])
def test_groups_that_may_not_be_described_stand_first(version: int) -> None:
    ctx = asks("member", API, version)
    answer = ConsumerGroupDescribeResponse(groups=[described("team.a", ("open.a",), ("seen.a",))])
    response = merged(ConsumerGroupDescribeRequest(group_ids=["a", "team.a", "b"]), answer, ctx)

    assert [(g.group_id, g.error_code, len(g.members)) for g in response.groups] == [
        ("a", 30, 0),
        ("b", 30, 0),
        ("team.a", 0, 2),
    ]


def test_only_hidden_groups_are_answered_here() -> None:
    message = ConsumerGroupDescribeRequest(group_ids=["a"], include_authorized_operations=True)
    (group,) = refusal(message, asks("nobody", API, 1)).groups
    assert (group.group_id, group.error_code, group.error_message) == ("a", 30, None)
    assert group.authorized_operations == NOT_ASKED


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize(
    ("who", "has", "wants"),
    [
        ("member", ("open.a", HIDDEN), ()),
        ("member", ("open.a",), (HIDDEN,)),
        ("operator", (), (OFFSETS,)),
        ("guest", ("open.a",), ()),
    ],
)
def test_one_hidden_topic_hides_the_group(version: int, who: str, has: tuple[str, ...], wants: tuple[str, ...]) -> None:
    ctx = asks(who, API, version)
    message = ConsumerGroupDescribeRequest(group_ids=["team.a"], include_authorized_operations=True)
    (group,) = merged(message, ConsumerGroupDescribeResponse(groups=[described("team.a", has, wants)]), ctx).groups

    assert (group.group_id, group.error_code, group.error_message) == ("team.a", 29, HIDDEN_TOPICS)
    assert (group.group_state, group.members, group.authorized_operations) == ("", [], NOT_ASKED)
    assert [type(fact) for fact in ctx.facts] == [Denied]


@pytest.mark.parametrize(("asked", "operations"), [(True, 1 << 3 | 1 << 8), (False, 0xFFF)])
def test_operations_are_those_of_our_rules(asked: bool, operations: int) -> None:
    ctx = asks("member", API, 1)
    message = ConsumerGroupDescribeRequest(group_ids=["team.a", "team.b"], include_authorized_operations=asked)
    answer = ConsumerGroupDescribeResponse(groups=[described("team.a"), described("team.b", error=69)])
    response = merged(message, answer, ctx)
    assert [group.authorized_operations for group in response.groups] == [operations, 0xFFF]


def test_groups_that_nobody_asked_for_fit_nothing() -> None:
    answer = ConsumerGroupDescribeResponse(groups=[described("hidden")])
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        merged(ConsumerGroupDescribeRequest(group_ids=["team.a", "hidden"]), answer, asks("member", API, 1))
