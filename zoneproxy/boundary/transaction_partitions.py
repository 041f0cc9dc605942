"""AddPartitionsToTxn: WRITE on every topic, or nothing happens, as in Kafka.

The broker would write a marker into whatever partition it is told, Kafka's own logs included.
"""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Outcome, Reply
from zoneproxy.boundary.may import denied, may_topic
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.add_partitions_to_txn_request import AddPartitionsToTxnRequest, AddPartitionsToTxnTopic
from zoneproxy.wire.messages.add_partitions_to_txn_response import (
    AddPartitionsToTxnPartitionResult,
    AddPartitionsToTxnResponse,
    AddPartitionsToTxnTopicResult,
)
from zoneproxy.wire.messages.api_keys import ApiKey


class TransactionPartitionsInterceptor:
    """Of the versions that clients use (``apis.HIGHEST_FOR_CLIENTS``)."""

    apis = frozenset({ApiKey.ADD_PARTITIONS_TO_TXN})

    def request(self, message: AddPartitionsToTxnRequest, ctx: Context) -> Outcome:
        """See the module."""
        topics = message.v3_and_below_topics
        refused = {topic.name for topic in topics if not may_topic(ctx, Operation.WRITE, topic.name)}
        if not refused:
            return GO_ON
        for name in sorted(refused):
            denied(ctx, Operation.WRITE, name, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
        results = [_result(topic, refused=topic.name in refused) for topic in topics]
        return Reply(AddPartitionsToTxnResponse(results_by_topic_v3_and_below=results))


def _result(topic: AddPartitionsToTxnTopic, *, refused: bool) -> AddPartitionsToTxnTopicResult:
    error = ErrorCode.TOPIC_AUTHORIZATION_FAILED if refused else ErrorCode.OPERATION_NOT_ATTEMPTED
    partitions = [
        AddPartitionsToTxnPartitionResult(partition_index=index, partition_error_code=error)
        for index in topic.partitions
    ]
    return AddPartitionsToTxnTopicResult(name=topic.name, results_by_partition=partitions)
