"""ElectLeaders: ALTER on the cluster.

No topics means all topics, which for a broker are the reserved ones too: so it is asked first which topics there are,
and the question goes on with the names of those that may be touched.
"""

from __future__ import annotations

from zoneproxy.boundary.admin.entries import forward_kept
from zoneproxy.boundary.admin.reserved import is_reserved, reserved_error
from zoneproxy.boundary.interceptor import Close, Context, Eventually, Forward, LookUp, Outcome, Reply, Waiting
from zoneproxy.boundary.may import cluster_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES, ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.elect_leaders_request import ElectLeadersRequest, TopicPartitions
from zoneproxy.wire.messages.elect_leaders_response import (
    ElectLeadersResponse,
    PartitionResult,
    ReplicaElectionResult,
)

_ERROR_FROM_VERSION = 1  # of the whole request

# What a broker leaves out of a reply about all topics.
_NOTHING_DONE = frozenset({ErrorCode.ELECTION_NOT_NEEDED, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION})


class ElectLeadersInterceptor:
    """Authorises ElectLeaders."""

    apis = frozenset({ApiKey.ELECT_LEADERS})

    def request(self, message: ElectLeadersRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        if cluster_error(ctx, Operation.ALTER):
            return Reply(_denied(message, ctx))
        if message.topic_partitions is not None:
            return _without_reserved(message, message.topic_partitions, ctx)
        return _all(message, ctx)


def _all(message: ElectLeadersRequest, ctx: Context) -> Waiting[Outcome]:
    yield (LookUp(every=True),)
    every = ctx.session.cluster.every_topic(ctx.now)
    if every is None:
        return Close("upstream_unavailable")
    message.topic_partitions = [
        TopicPartitions(topic=name, partitions=range(partitions))
        for name, partitions in sorted(every.items())
        if not is_reserved(name)
    ]
    return Forward(_leave_out_what_was_not_done, edited=True)


def _leave_out_what_was_not_done(response: ElectLeadersResponse, ctx: Context) -> bool:
    for result in response.replica_election_results:
        result.partition_result = [p for p in result.partition_result if p.error_code not in _NOTHING_DONE]
    return True


def _without_reserved(message: ElectLeadersRequest, topics: list[TopicPartitions], ctx: Context) -> Outcome:
    kept = [topic for topic in topics if not is_reserved(topic.topic)]
    refused = [
        _not_elected(topic, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
        for topic in topics
        if reserved_error(ctx, Operation.ALTER, topic.topic)
    ]
    return forward_kept(topics, kept, refused, response=ElectLeadersResponse, results="replica_election_results")


def _denied(message: ElectLeadersRequest, ctx: Context) -> ElectLeadersResponse:
    error = ErrorCode.CLUSTER_AUTHORIZATION_FAILED
    results = [_not_elected(topic, error) for topic in message.topic_partitions or ()]
    whole = error if ctx.header.api_version >= _ERROR_FROM_VERSION else ErrorCode.NONE
    return ElectLeadersResponse(error_code=whole, replica_election_results=results)


def _not_elected(topic: TopicPartitions, error: ErrorCode) -> ReplicaElectionResult:
    results = [
        PartitionResult(partition_id=partition, error_code=error, error_message=DEFAULT_MESSAGES[error])
        for partition in topic.partitions
    ]
    return ReplicaElectionResult(topic=topic.topic, partition_result=results)
