"""OffsetCommit: READ on the group, and READ on each topic."""

from __future__ import annotations

from collections.abc import Sequence

from zoneproxy.boundary.groups.offset_topics import key, refusal
from zoneproxy.boundary.interceptor import GO_ON, Context, Eventually, Forward, LookUp, Outcome, Reply, Then, Waiting
from zoneproxy.boundary.may import group_error
from zoneproxy.boundary.split import expect, join, refused, split
from zoneproxy.boundary.topic_ids import unknown
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.offset_commit_request import OffsetCommitRequest, OffsetCommitRequestTopic
from zoneproxy.wire.messages.offset_commit_response import (
    OffsetCommitResponse,
    OffsetCommitResponsePartition,
    OffsetCommitResponseTopic,
)


class OffsetCommitInterceptor:
    """Authorises OffsetCommit. Refused topics stand first, as Kafka puts them."""

    apis = frozenset({ApiKey.OFFSET_COMMIT})

    def request(self, message: OffsetCommitRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        error = group_error(ctx, Operation.READ, message.group_id)
        if error is not None:
            return Reply(OffsetCommitResponse(topics=[_failed(topic, error) for topic in message.topics]))
        needs = unknown((topic.topic_id for topic in message.topics), ctx)
        return _after_look_up(message, needs, ctx) if needs else _decide(message, ctx)


def _after_look_up(message: OffsetCommitRequest, needs: Sequence[LookUp], ctx: Context) -> Waiting[Outcome]:
    yield needs
    return _decide(message, ctx)


def _decide(message: OffsetCommitRequest, ctx: Context) -> Outcome:
    lost = refused(split(message.topics, lambda topic: _refusal(topic, ctx)))
    if not lost:
        return GO_ON
    if not message.topics:
        return Reply(OffsetCommitResponse(topics=join(lost, lambda topic: key(topic, ctx))))
    return Forward(_merge(frozenset(key(topic, ctx) for topic in message.topics), lost), edited=True)


def _refusal(topic: OffsetCommitRequestTopic, ctx: Context) -> OffsetCommitResponseTopic | None:
    error = refusal(topic, Operation.READ, ctx)
    return None if error is None else _failed(topic, error)


def _merge(asked: frozenset[str | bytes], lost: list[OffsetCommitResponseTopic]) -> Then:
    def then(response: OffsetCommitResponse, ctx: Context) -> bool:
        expect(asked, (key(topic, ctx) for topic in response.topics))
        response.topics = join(lost + response.topics, lambda topic: key(topic, ctx))
        return True

    return then


def _failed(topic: OffsetCommitRequestTopic, error: ErrorCode) -> OffsetCommitResponseTopic:
    partitions = [
        OffsetCommitResponsePartition(partition_index=partition.partition_index, error_code=error)
        for partition in topic.partitions
    ]
    return OffsetCommitResponseTopic(name=topic.name, topic_id=topic.topic_id, partitions=partitions)
