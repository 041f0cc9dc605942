"""DescribeShareGroupOffsets: DESCRIBE on the group, and on each topic."""

from __future__ import annotations

from collections.abc import Sequence

from zoneproxy.boundary.interceptor import Context, Forward, Outcome, Reply, Then
from zoneproxy.boundary.may import group_error, may_topic, topic_error
from zoneproxy.boundary.split import expect, in_place, refused, split
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES
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


class DescribeShareOffsetsInterceptor:
    """Topics that may not be described stand behind the others, as Kafka puts them; groups in the client's order."""

    apis = frozenset({ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS})

    def request(self, message: DescribeShareGroupOffsetsRequest, ctx: Context) -> Outcome:
        """A group of which no topic is left goes on all the same: it may not exist."""
        places = split(message.groups, lambda group: _undescribed(group, ctx))
        hidden = [_hidden_topics(group, ctx) for group in message.groups]
        if places and not message.groups:
            return Reply(DescribeShareGroupOffsetsResponse(groups=refused(places)))
        return Forward(_describe(message, places, hidden), edited=any(places) or any(hidden))


def _undescribed(
    group: DescribeShareGroupOffsetsRequestGroup, ctx: Context
) -> DescribeShareGroupOffsetsResponseGroup | None:
    error = group_error(ctx, Operation.DESCRIBE, group.group_id)
    return None if error is None else DescribeShareGroupOffsetsResponseGroup(group_id=group.group_id, error_code=error)


def _hidden_topics(
    group: DescribeShareGroupOffsetsRequestGroup, ctx: Context
) -> list[DescribeShareGroupOffsetsResponseTopic]:
    """Take topics that may not be described out of what is asked; without a list all topics are asked for."""
    return refused(split(group.topics, lambda topic: _hidden(topic, ctx))) if group.topics is not None else []


def _hidden(
    topic: DescribeShareGroupOffsetsRequestTopic, ctx: Context
) -> DescribeShareGroupOffsetsResponseTopic | None:
    error = topic_error(ctx, Operation.DESCRIBE, topic.topic_name)
    if error is None:
        return None
    text = DEFAULT_MESSAGES[error]
    partitions = [
        DescribeShareGroupOffsetsResponsePartition(
            partition_index=index, start_offset=-1, error_code=error, error_message=text
        )
        for index in topic.partitions
    ]
    return DescribeShareGroupOffsetsResponseTopic(topic_name=topic.topic_name, partitions=partitions)


def _describe(
    message: DescribeShareGroupOffsetsRequest,
    places: Sequence[DescribeShareGroupOffsetsResponseGroup | None],
    hidden: Sequence[list[DescribeShareGroupOffsetsResponseTopic]],
) -> Then:
    asked = [(g.group_id, None if g.topics is None else {t.topic_name for t in g.topics}) for g in message.groups]

    def then(response: DescribeShareGroupOffsetsResponse, ctx: Context) -> bool:
        answered = _in_order(response.groups, [group for group, _ in asked])
        for group, (_, names), topics in zip(answered, asked, hidden, strict=True):
            if names is None:
                group.topics = [t for t in group.topics if may_topic(ctx, Operation.DESCRIBE, t.topic_name)]
            else:
                expect(names, (topic.topic_name for topic in group.topics))
            if not group.error_code:
                group.topics += topics
        response.groups = in_place(places, answered)
        return True

    return then


def _in_order(
    groups: Sequence[DescribeShareGroupOffsetsResponseGroup], asked: Sequence[str]
) -> list[DescribeShareGroupOffsetsResponseGroup]:
    """The groups in the order in which they were asked for. Raises ProtocolError if they are not exactly those."""
    if [group.group_id for group in groups] != list(asked):
        raise ProtocolError("reply_mismatch")
    return list(groups)
