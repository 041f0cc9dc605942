"""StreamsGroupDescribe: DESCRIBE on the group, and on every topic of its topology."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import Context, Forward, Outcome, Reply, Then
from zoneproxy.boundary.may import group_error, group_operations, topic_error
from zoneproxy.boundary.split import expect, refused, split
from zoneproxy.boundary.streams.topology import all_topics
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.streams_group_describe_request import StreamsGroupDescribeRequest
from zoneproxy.wire.messages.streams_group_describe_response import DescribedGroup, StreamsGroupDescribeResponse

HIDDEN_TOPICS = "The described group uses topics that the client is not authorized to describe."


class StreamsDescribeInterceptor:
    """Groups that may not be described stand first, as Kafka puts them."""

    apis = frozenset({ApiKey.STREAMS_GROUP_DESCRIBE})

    def request(self, message: StreamsGroupDescribeRequest, ctx: Context) -> Outcome:
        """See the module."""
        hidden = refused(split(message.group_ids, lambda group: _undescribed(group, ctx)))
        if hidden and not message.group_ids:
            return Reply(StreamsGroupDescribeResponse(groups=hidden))
        return Forward(_describe(message, hidden), edited=bool(hidden))


def _undescribed(group: str, ctx: Context) -> DescribedGroup | None:
    error = group_error(ctx, Operation.DESCRIBE, group)
    return None if error is None else DescribedGroup(error_code=error, group_id=group)


def _describe(message: StreamsGroupDescribeRequest, hidden: list[DescribedGroup]) -> Then:
    asked, operations = frozenset(message.group_ids), message.include_authorized_operations

    def then(response: StreamsGroupDescribeResponse, ctx: Context) -> bool:
        expect(asked, (group.group_id for group in response.groups))
        for group in response.groups:
            if operations and group.error_code == ErrorCode.NONE:
                group.authorized_operations = group_operations(ctx, group.group_id)
        response.groups = hidden + [_seen(group, ctx) for group in response.groups]
        return True

    return then


def _seen(group: DescribedGroup, ctx: Context) -> DescribedGroup:
    """A group is told whole or not at all."""
    parts = group.topology.subtopologies if group.topology is not None else None
    errors = [topic_error(ctx, Operation.DESCRIBE, name) for name in all_topics(parts or [])]
    if not any(errors):
        return group
    error = ErrorCode.TOPIC_AUTHORIZATION_FAILED
    return DescribedGroup(error_code=error, error_message=HIDDEN_TOPICS, group_id=group.group_id)
