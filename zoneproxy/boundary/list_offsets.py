"""ListOffsets: DESCRIBE on every topic."""

from __future__ import annotations

from collections import Counter

from zoneproxy.boundary.cut import Cut, Place, Refusal, Shape
from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply, Then
from zoneproxy.boundary.may import denied, may_topic
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.list_offsets_request import ListOffsetsPartition, ListOffsetsRequest, ListOffsetsTopic
from zoneproxy.wire.messages.list_offsets_response import (
    ListOffsetsPartitionResponse,
    ListOffsetsResponse,
    ListOffsetsTopicResponse,
)

CONSUMER = -1  # the replica id of whoever is not a broker


class ListOffsetsInterceptor:
    """Authorises ListOffsets."""

    apis = frozenset({ApiKey.LIST_OFFSETS})

    def request(self, message: ListOffsetsRequest, ctx: Context) -> Outcome:
        """See the module."""
        edited = message.replica_id != CONSUMER
        message.replica_id = CONSUMER  # others see offsets that are not committed yet
        refused = _refusals(message, ctx)
        if not refused:
            return Forward(edited=True) if edited else GO_ON
        cut = Cut(_SHAPE, message.topics, refused)
        if cut.forwarded == 0:
            return Reply(ListOffsetsResponse(topics=cut.merge(())))
        cut.apply(message.topics)
        return Forward(_merge(cut), edited=True)


def _refusals(message: ListOffsetsRequest, ctx: Context) -> dict[Place, Refusal]:
    refused: dict[Place, Refusal] = {}
    times = Counter((topic.name, p.partition_index) for topic in message.topics for p in topic.partitions)
    for t, topic in enumerate(message.topics):
        error = _topic_error(topic.name, ctx)
        for p, partition in enumerate(topic.partitions):
            if error:
                refused[t, p] = Refusal(error)
            elif times[topic.name, partition.partition_index] > 1:
                refused[t, p] = Refusal(ErrorCode.INVALID_REQUEST)
    return refused


def _topic_error(name: str, ctx: Context) -> ErrorCode | None:
    if may_topic(ctx, Operation.DESCRIBE, name):
        return None
    denied(ctx, Operation.DESCRIBE, name, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    return ErrorCode.TOPIC_AUTHORIZATION_FAILED


OffsetsShape = Shape[ListOffsetsTopic, ListOffsetsPartition, ListOffsetsTopicResponse, ListOffsetsPartitionResponse]
OffsetsCut = Cut[ListOffsetsTopic, ListOffsetsPartition, ListOffsetsTopicResponse, ListOffsetsPartitionResponse]


def _merge(cut: OffsetsCut) -> Then:
    def then(response: ListOffsetsResponse, ctx: Context) -> bool:
        response.topics = cut.merge(response.topics)
        return True

    return then


def _refused(index: int, refusal: Refusal) -> ListOffsetsPartitionResponse:
    return ListOffsetsPartitionResponse(partition_index=index, error_code=refusal.error)


_SHAPE: OffsetsShape = Shape(
    asked_partitions=lambda topic: topic.partitions,
    asked_index=lambda partition: partition.partition_index,
    reply_topic=lambda topic: ListOffsetsTopicResponse(name=topic.name),
    reply_key=lambda topic: topic.name,
    reply_partitions=lambda topic: topic.partitions,
    reply_index=lambda partition: partition.partition_index,
    refused=_refused,
)
