"""AddPartitionsToTxn: WRITE on the transactional id and on every topic, or nothing happens, as in Kafka."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zoneproxy.boundary.interceptor import GO_ON, Context, Eventually, LookUp, Outcome, Reply, Waiting
from zoneproxy.boundary.may import topic_error, transactional_id_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.add_partitions_to_txn_request import AddPartitionsToTxnRequest, AddPartitionsToTxnTopic
from zoneproxy.wire.messages.add_partitions_to_txn_response import (
    AddPartitionsToTxnPartitionResult,
    AddPartitionsToTxnResponse,
    AddPartitionsToTxnTopicResult,
)
from zoneproxy.wire.messages.api_keys import ApiKey


class AddPartitionsInterceptor:
    """Of the versions that clients use (``apis.HIGHEST_FOR_CLIENTS``)."""

    apis = frozenset({ApiKey.ADD_PARTITIONS_TO_TXN})

    def request(self, message: AddPartitionsToTxnRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        topics = message.v3_and_below_topics
        error = transactional_id_error(ctx, Operation.WRITE, message.v3_and_below_transactional_id)
        if error is not None:
            return _answer(topics, {topic.name: error for topic in topics})
        errors = {topic.name: topic_error(ctx, Operation.WRITE, topic.name) for topic in topics}
        refused = {name: error for name, error in errors.items() if error is not None}
        if not refused:
            return GO_ON
        others = [name for name in errors if name not in refused]
        return _after_look_up(topics, refused, others, ctx) if others else _answer(topics, refused)


def _after_look_up(
    topics: list[AddPartitionsToTxnTopic], refused: dict[str, ErrorCode], others: list[str], ctx: Context
) -> Waiting[Outcome]:
    """Among refused topics Kafka still tells which of the others do not exist."""
    cluster = ctx.session.cluster
    unheard = frozenset(name for name in others if cluster.exists(name, ctx.now) is None)
    if unheard:
        yield (LookUp(names=unheard),)
    absent = {name: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION for name in others if cluster.exists(name, ctx.now) is False}
    return _answer(topics, refused | absent)


def _answer(topics: list[AddPartitionsToTxnTopic], errors: Mapping[str, ErrorCode]) -> Reply:
    """Each partition once, whatever was named twice, as Kafka does it."""
    partitions: dict[str, dict[int, None]] = {}
    for topic in topics:
        partitions.setdefault(topic.name, {}).update(dict.fromkeys(topic.partitions))
    results = [
        _result(name, indexes, errors.get(name, ErrorCode.OPERATION_NOT_ATTEMPTED))
        for name, indexes in partitions.items()
    ]
    return Reply(AddPartitionsToTxnResponse(results_by_topic_v3_and_below=results))


def _result(name: str, indexes: Iterable[int], error: ErrorCode) -> AddPartitionsToTxnTopicResult:
    partitions = [
        AddPartitionsToTxnPartitionResult(partition_index=index, partition_error_code=error) for index in indexes
    ]
    return AddPartitionsToTxnTopicResult(name=name, results_by_partition=partitions)
