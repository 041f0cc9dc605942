from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import answered, context, read_again, reply, request
from tests.boundary.share.kit import DENIED, policy
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.share.describe_offsets import DescribeShareOffsetsInterceptor
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_share_group_offsets_request import (
    DescribeShareGroupOffsetsRequest,
    DescribeShareGroupOffsetsRequestGroup,
    DescribeShareGroupOffsetsRequestTopic,
)
from zoneproxy.wire.messages.describe_share_group_offsets_response import (
    DescribeShareGroupOffsetsResponse,
    DescribeShareGroupOffsetsResponseGroup,
    DescribeShareGroupOffsetsResponsePartition,
    DescribeShareGroupOffsetsResponseTopic,
)

GROUP_DENIED = ErrorCode.GROUP_AUTHORIZATION_FAILED
Asked = dict[str, list[str] | None]


def ask(groups: Asked, version: int = 1) -> tuple[Routed, Context]:
    ctx = context("clerk", ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS, version, policy=policy("a", "b", group="g"))
    return request(
        DescribeShareGroupOffsetsRequest(
            groups=[
                DescribeShareGroupOffsetsRequestGroup(
                    group_id=name,
                    topics=None
                    if topics is None
                    else [DescribeShareGroupOffsetsRequestTopic(topic_name=t, partitions=[0, 7]) for t in topics],
                )
                for name, topics in groups.items()
            ]
        ),
        ctx,
    ), ctx


def answer(groups: dict[str, list[str]], error: int = 0) -> DescribeShareGroupOffsetsResponse:
    return DescribeShareGroupOffsetsResponse(
        groups=[
            DescribeShareGroupOffsetsResponseGroup(
                group_id=name,
                error_code=error,
                topics=[
                    DescribeShareGroupOffsetsResponseTopic(
                        topic_name=topic,
                        partitions=[DescribeShareGroupOffsetsResponsePartition(partition_index=i) for i in (0, 7)],
                    )
                    for topic in topics
                ],
            )
            for name, topics in groups.items()
        ]
    )


def codes(response: Any) -> list[Any]:
    return [
        (group.group_id, group.error_code, [(t.topic_name, t.partitions[0].error_code) for t in group.topics])
        for group in response.groups
    ]


@pytest.mark.parametrize("version", [0, 1])
def test_groups_and_topics_that_may_be_described_go_on(version: int) -> None:
    routed, ctx = ask({"g": ["a", "b"]}, version)

    assert not routed.edited
    assert codes(reply(routed, answer({"g": ["b", "a"]}), ctx)) == [("g", 0, [("b", 0), ("a", 0)])]


@pytest.mark.parametrize("version", [0, 1])
def test_groups_that_may_not_be_described_come_back_in_their_place(version: int) -> None:
    routed, ctx = ask({"x": ["a"], "g": ["a"], "y": None}, version)

    assert codes(reply(routed, answer({"g": ["a"]}), ctx)) == [
        ("x", GROUP_DENIED, []),
        ("g", 0, [("a", 0)]),
        ("y", GROUP_DENIED, []),
    ]


def test_with_no_group_left_the_broker_is_not_asked() -> None:
    routed, ctx = ask({"x": ["a"]})

    assert codes(answered(routed, ctx)) == [("x", GROUP_DENIED, [])]


def test_topics_that_may_not_be_described_stand_behind_the_others_as_a_broker_puts_them() -> None:
    routed, ctx = ask({"g": ["c", "a"]})
    (group,) = reply(routed, answer({"g": ["a"]}), ctx).groups

    assert group.topics[1] == DescribeShareGroupOffsetsResponseTopic(
        topic_name="c",
        partitions=[
            DescribeShareGroupOffsetsResponsePartition(
                partition_index=index, start_offset=-1, error_code=DENIED, error_message="Topic authorization failed."
            )
            for index in (0, 7)
        ],
    )


def test_a_group_of_which_no_topic_is_left_goes_on_as_one_without_topics() -> None:
    ctx = context("clerk", ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS, 1, policy=policy())
    topics = [DescribeShareGroupOffsetsRequestTopic(topic_name="c")]
    message = DescribeShareGroupOffsetsRequest(
        groups=[DescribeShareGroupOffsetsRequestGroup(group_id="g", topics=topics)]
    )
    DescribeShareOffsetsInterceptor().request(message, ctx)
    assert read_again(message, ctx).groups[0].topics == []  # nothing; null would be everything


def test_all_topics_are_those_that_may_be_described() -> None:
    routed, ctx = ask({"g": None})

    assert not routed.edited
    assert codes(reply(routed, answer({"g": ["a", "c", "b"]}), ctx)) == [("g", 0, [("a", 0), ("b", 0)])]


def test_an_error_of_the_group_stands_alone() -> None:
    routed, ctx = ask({"g": ["a", "c"]})

    assert codes(reply(routed, answer({"g": []}, error=69), ctx)) == [("g", 69, [])]


@pytest.mark.parametrize("groups", [{}, {"x": []}, {"g": ["c"]}])
def test_what_was_not_asked_for(groups: dict[str, list[str]]) -> None:
    routed, ctx = ask({"g": ["a"]})

    with pytest.raises(ProtocolError, match="reply_mismatch"):
        reply(routed, answer(groups), ctx)
