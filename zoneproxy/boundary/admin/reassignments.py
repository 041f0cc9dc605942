"""AlterPartitionReassignments: ALTER on the cluster. ListPartitionReassignments: DESCRIBE on the cluster."""

from __future__ import annotations

from functools import partial

from zoneproxy.boundary.admin.entries import forward_kept
from zoneproxy.boundary.admin.reserved import is_reserved, reserved_error
from zoneproxy.boundary.interceptor import Context, Forward, Outcome, Reply
from zoneproxy.boundary.may import cluster_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES, ErrorCode
from zoneproxy.wire.messages.alter_partition_reassignments_request import (
    AlterPartitionReassignmentsRequest,
    ReassignableTopic,
)
from zoneproxy.wire.messages.alter_partition_reassignments_response import (
    AlterPartitionReassignmentsResponse,
    ReassignablePartitionResponse,
    ReassignableTopicResponse,
)
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.list_partition_reassignments_request import ListPartitionReassignmentsRequest
from zoneproxy.wire.messages.list_partition_reassignments_response import (
    ListPartitionReassignmentsResponse,
    OngoingPartitionReassignment,
    OngoingTopicReassignment,
)

_DENIED = ErrorCode.CLUSTER_AUTHORIZATION_FAILED
_TEXT = DEFAULT_MESSAGES[_DENIED]  # Kafka prints the request here, addresses and all


class AlterPartitionReassignmentsInterceptor:
    """Authorises AlterPartitionReassignments. Reserved topics stay where they are."""

    apis = frozenset({ApiKey.ALTER_PARTITION_REASSIGNMENTS})

    def request(self, message: AlterPartitionReassignmentsRequest, ctx: Context) -> Outcome:
        """See the module."""
        if cluster_error(ctx, Operation.ALTER):
            results = [_not_moved(topic, _DENIED) for topic in message.topics]
            return Reply(
                AlterPartitionReassignmentsResponse(error_code=_DENIED, error_message=_TEXT, responses=results)
            )
        kept = [topic for topic in message.topics if not is_reserved(topic.name)]
        refused = [
            _not_moved(topic, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
            for topic in message.topics
            if reserved_error(ctx, Operation.ALTER, topic.name)
        ]
        return forward_kept(
            message.topics,
            kept,
            refused,
            response=partial(AlterPartitionReassignmentsResponse, error_message=None),
            results="responses",
        )


def _not_moved(topic: ReassignableTopic, error: ErrorCode) -> ReassignableTopicResponse:
    partitions = [
        ReassignablePartitionResponse(
            partition_index=partition.partition_index, error_code=error, error_message=DEFAULT_MESSAGES[error]
        )
        for partition in topic.partitions
    ]
    return ReassignableTopicResponse(name=topic.name, partitions=partitions)


class ListPartitionReassignmentsInterceptor:
    """Authorises ListPartitionReassignments. Reserved topics are never on the move, as far as clients learn."""

    apis = frozenset({ApiKey.LIST_PARTITION_REASSIGNMENTS})

    def request(self, message: ListPartitionReassignmentsRequest, ctx: Context) -> Outcome:
        """See the module."""
        if cluster_error(ctx, Operation.DESCRIBE):
            return Reply(_not_listed(message))
        if message.topics is None:
            return Forward(_hide_reserved)
        seen = [topic for topic in message.topics if not is_reserved(topic.name)]
        edited = len(seen) != len(message.topics)
        message.topics = seen
        return Forward(_hide_reserved, edited=edited)


def _not_listed(message: ListPartitionReassignmentsRequest) -> ListPartitionReassignmentsResponse:
    topics = [
        OngoingTopicReassignment(
            name=topic.name,
            partitions=[OngoingPartitionReassignment(partition_index=index) for index in topic.partition_indexes],
        )
        for topic in message.topics or ()
    ]
    return ListPartitionReassignmentsResponse(error_code=_DENIED, error_message=_TEXT, topics=topics)


def _hide_reserved(response: ListPartitionReassignmentsResponse, ctx: Context) -> bool:
    seen = [topic for topic in response.topics if not is_reserved(topic.name)]
    hidden = len(seen) != len(response.topics)
    response.topics = seen
    return hidden
