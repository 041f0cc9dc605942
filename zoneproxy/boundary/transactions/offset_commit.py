"""TxnOffsetCommit: WRITE on the transactional id, READ on the group, and READ on each topic."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply, Then
from zoneproxy.boundary.may import group_error, topic_error, transactional_id_error
from zoneproxy.boundary.split import expect, join, refused, split
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.txn_offset_commit_request import TxnOffsetCommitRequest, TxnOffsetCommitRequestTopic
from zoneproxy.wire.messages.txn_offset_commit_response import (
    TxnOffsetCommitResponse,
    TxnOffsetCommitResponsePartition,
    TxnOffsetCommitResponseTopic,
)


class TxnOffsetCommitInterceptor:
    """Authorises TxnOffsetCommit. Refused topics stand first, as Kafka puts them."""

    apis = frozenset({ApiKey.TXN_OFFSET_COMMIT})

    def request(self, message: TxnOffsetCommitRequest, ctx: Context) -> Outcome:
        """See the module."""
        error = transactional_id_error(ctx, Operation.WRITE, message.transactional_id)
        if error is None:
            error = group_error(ctx, Operation.READ, message.group_id)
        if error is not None:
            return Reply(TxnOffsetCommitResponse(topics=[_failed(topic, error) for topic in message.topics]))
        lost = refused(split(message.topics, lambda topic: _refusal(topic, ctx)))
        if not lost:
            return GO_ON
        if not message.topics:
            return Reply(TxnOffsetCommitResponse(topics=join(lost, lambda topic: topic.name)))
        return Forward(_merge(frozenset(topic.name for topic in message.topics), lost), edited=True)


def _merge(asked: frozenset[str], lost: list[TxnOffsetCommitResponseTopic]) -> Then:
    def then(response: TxnOffsetCommitResponse, ctx: Context) -> bool:
        expect(asked, (topic.name for topic in response.topics))
        response.topics = join(lost + response.topics, lambda topic: topic.name)
        return True

    return then


def _refusal(topic: TxnOffsetCommitRequestTopic, ctx: Context) -> TxnOffsetCommitResponseTopic | None:
    error = topic_error(ctx, Operation.READ, topic.name)
    return None if error is None else _failed(topic, error)


def _failed(topic: TxnOffsetCommitRequestTopic, error: ErrorCode) -> TxnOffsetCommitResponseTopic:
    partitions = [
        TxnOffsetCommitResponsePartition(partition_index=partition.partition_index, error_code=error)
        for partition in topic.partitions
    ]
    return TxnOffsetCommitResponseTopic(name=topic.name, partitions=partitions)
