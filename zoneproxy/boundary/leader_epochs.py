"""OffsetForLeaderEpoch: DESCRIBE on each topic, or CLUSTER_ACTION, as in Kafka.

Clients are consumers; a follower's questions would meddle with replication (CVE-2018-1288).
"""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply, Then
from zoneproxy.boundary.may import may_cluster, topic_error
from zoneproxy.boundary.split import expect, refused, split
from zoneproxy.policy.decisions import RESERVED_TOPICS
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.offset_for_leader_epoch_request import OffsetForLeaderEpochRequest, OffsetForLeaderTopic
from zoneproxy.wire.messages.offset_for_leader_epoch_response import (
    EpochEndOffset,
    OffsetForLeaderEpochResponse,
    OffsetForLeaderTopicResult,
)

CONSUMER = -1  # the replica id of whoever is not a broker


class LeaderEpochsInterceptor:
    """Authorises OffsetForLeaderEpoch. Refused topics stand last, as Kafka puts them."""

    apis = frozenset({ApiKey.OFFSET_FOR_LEADER_EPOCH})

    def request(self, message: OffsetForLeaderEpochRequest, ctx: Context) -> Outcome:
        """See the module. Version 2 has no replica id: whoever asks in it is a consumer anyway."""
        follows = message.replica_id >= 0
        if follows:
            message.replica_id = CONSUMER
        hidden = refused(split(message.topics, lambda topic: _refusal(topic, ctx)))
        if not hidden:
            return Forward(edited=True) if follows else GO_ON
        if not message.topics:
            return Reply(OffsetForLeaderEpochResponse(topics=hidden))
        return Forward(_merge(frozenset(topic.topic for topic in message.topics), hidden), edited=True)


def _merge(asked: frozenset[str], hidden: list[OffsetForLeaderTopicResult]) -> Then:
    def then(response: OffsetForLeaderEpochResponse, ctx: Context) -> bool:
        expect(asked, (topic.topic for topic in response.topics))
        response.topics += hidden
        return True

    return then


def _refusal(topic: OffsetForLeaderTopic, ctx: Context) -> OffsetForLeaderTopicResult | None:
    if topic.topic not in RESERVED_TOPICS and may_cluster(ctx, Operation.CLUSTER_ACTION):
        return None
    error = topic_error(ctx, Operation.DESCRIBE, topic.topic)
    return None if error is None else _failed(topic, error)


def _failed(topic: OffsetForLeaderTopic, error: ErrorCode) -> OffsetForLeaderTopicResult:
    partitions = [EpochEndOffset(error_code=error, partition=partition.partition) for partition in topic.partitions]
    return OffsetForLeaderTopicResult(topic=topic.topic, partitions=partitions)
