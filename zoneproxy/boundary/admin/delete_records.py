"""DeleteRecords: DELETE on every topic."""

from __future__ import annotations

from collections.abc import Iterable

from zoneproxy.boundary.admin.entries import forward_kept
from zoneproxy.boundary.interceptor import Context, Outcome
from zoneproxy.boundary.may import topic_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.delete_records_request import DeleteRecordsRequest, DeleteRecordsTopic
from zoneproxy.wire.messages.delete_records_response import (
    DeleteRecordsPartitionResult,
    DeleteRecordsResponse,
    DeleteRecordsTopicResult,
)

_UNKNOWN = -1  # a low watermark


class DeleteRecordsInterceptor:
    """Authorises DeleteRecords."""

    apis = frozenset({ApiKey.DELETE_RECORDS})

    def request(self, message: DeleteRecordsRequest, ctx: Context) -> Outcome:
        """See the module. As in Kafka, a partition that is there twice gets one result."""
        wrong = {
            name for name in dict.fromkeys(t.name for t in message.topics) if topic_error(ctx, Operation.DELETE, name)
        }
        kept = [topic for topic in message.topics if topic.name not in wrong]
        refused = _refused(topic for topic in message.topics if topic.name in wrong)
        return forward_kept(message.topics, kept, refused, response=DeleteRecordsResponse, results="topics")


def _refused(topics: Iterable[DeleteRecordsTopic]) -> list[DeleteRecordsTopicResult]:
    indexes: dict[str, dict[int, None]] = {}
    for topic in topics:
        for partition in topic.partitions:
            indexes.setdefault(topic.name, {})[partition.partition_index] = None
    return [DeleteRecordsTopicResult(name=name, partitions=map(_denied, found)) for name, found in indexes.items()]


def _denied(index: int) -> DeleteRecordsPartitionResult:
    return DeleteRecordsPartitionResult(
        partition_index=index, low_watermark=_UNKNOWN, error_code=ErrorCode.TOPIC_AUTHORIZATION_FAILED
    )
