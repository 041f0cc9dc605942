"""OffsetDelete: DELETE on the group, and READ on each topic."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply, Then
from zoneproxy.boundary.may import group_error, topic_error
from zoneproxy.boundary.split import expect, join, refused, split
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.offset_delete_request import OffsetDeleteRequest, OffsetDeleteRequestTopic
from zoneproxy.wire.messages.offset_delete_response import (
    OffsetDeleteResponse,
    OffsetDeleteResponsePartition,
    OffsetDeleteResponseTopic,
)


class OffsetDeleteInterceptor:
    """Authorises OffsetDelete. Refused topics stand first, unless the group itself is in error, as in Kafka.

    So a request of which no topic is left goes on all the same.
    """

    apis = frozenset({ApiKey.OFFSET_DELETE})

    def request(self, message: OffsetDeleteRequest, ctx: Context) -> Outcome:
        """See the module."""
        error = group_error(ctx, Operation.DELETE, message.group_id)
        if error is not None:
            return Reply(OffsetDeleteResponse(error_code=error))
        kept = refused(split(message.topics, lambda topic: _refusal(topic, ctx)))
        if not kept:
            return GO_ON
        return Forward(_merge(frozenset(topic.name for topic in message.topics), kept), edited=True)


def _merge(asked: frozenset[str], kept: list[OffsetDeleteResponseTopic]) -> Then:
    def then(response: OffsetDeleteResponse, ctx: Context) -> bool:
        expect(asked, (topic.name for topic in response.topics))
        if response.error_code == ErrorCode.NONE:
            response.topics = join(kept + response.topics, lambda topic: topic.name)
        return True

    return then


def _refusal(topic: OffsetDeleteRequestTopic, ctx: Context) -> OffsetDeleteResponseTopic | None:
    error = topic_error(ctx, Operation.READ, topic.name)
    if error is None:
        return None
    partitions = [
        OffsetDeleteResponsePartition(partition_index=partition.partition_index, error_code=error)
        for partition in topic.partitions
    ]
    return OffsetDeleteResponseTopic(name=topic.name, partitions=partitions)
