"""DescribeLogDirs: DESCRIBE on the cluster. AlterReplicaLogDirs: ALTER on the cluster.

Both are about all topics; the reserved ones are left out of what is described, and stay where they are.
"""

from __future__ import annotations

from zoneproxy.boundary.admin.reserved import is_reserved, reserved_error
from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply
from zoneproxy.boundary.may import cluster_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.alter_replica_log_dirs_request import AlterReplicaLogDirsRequest, AlterReplicaLogDirTopic
from zoneproxy.wire.messages.alter_replica_log_dirs_response import (
    AlterReplicaLogDirPartitionResult,
    AlterReplicaLogDirsResponse,
    AlterReplicaLogDirTopicResult,
)
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_log_dirs_request import DescribeLogDirsRequest
from zoneproxy.wire.messages.describe_log_dirs_response import DescribeLogDirsResponse


class DescribeLogDirsInterceptor:
    """Authorises DescribeLogDirs."""

    apis = frozenset({ApiKey.DESCRIBE_LOG_DIRS})

    def request(self, message: DescribeLogDirsRequest, ctx: Context) -> Outcome:
        """See the module. Before version 3 a refusal is an empty list, without an error."""
        if cluster_error(ctx, Operation.DESCRIBE):
            return Reply(DescribeLogDirsResponse(error_code=ErrorCode.CLUSTER_AUTHORIZATION_FAILED))
        if message.topics is None:
            return Forward(_hide_reserved)
        seen = [topic for topic in message.topics if not is_reserved(topic.topic)]
        edited = len(seen) != len(message.topics)
        message.topics = seen
        return Forward(_hide_reserved, edited=edited)


def _hide_reserved(response: DescribeLogDirsResponse, ctx: Context) -> bool:
    hidden = False
    for result in response.results:
        seen = [topic for topic in result.topics if not is_reserved(topic.name)]
        hidden |= len(seen) != len(result.topics)
        result.topics = seen
    return hidden


class AlterReplicaLogDirsInterceptor:
    """Authorises AlterReplicaLogDirs."""

    apis = frozenset({ApiKey.ALTER_REPLICA_LOG_DIRS})

    def request(self, message: AlterReplicaLogDirsRequest, ctx: Context) -> Outcome:
        """See the module."""
        topics = [topic for directory in message.dirs for topic in directory.topics]
        if cluster_error(ctx, Operation.ALTER):
            results = [_not_moved(topic, ErrorCode.CLUSTER_AUTHORIZATION_FAILED) for topic in topics]
            return Reply(AlterReplicaLogDirsResponse(results=results))
        wrong = [topic for topic in topics if reserved_error(ctx, Operation.ALTER, topic.name)]
        if not wrong:
            return GO_ON
        refused = [_not_moved(topic, ErrorCode.TOPIC_AUTHORIZATION_FAILED) for topic in wrong]
        if len(wrong) == len(topics):
            return Reply(AlterReplicaLogDirsResponse(results=refused))
        for directory in message.dirs:
            directory.topics = [topic for topic in directory.topics if not is_reserved(topic.name)]

        def then(response: AlterReplicaLogDirsResponse, ctx: Context) -> bool:
            response.results.extend(refused)
            return True

        return Forward(then, edited=True)


def _not_moved(topic: AlterReplicaLogDirTopic, error: ErrorCode) -> AlterReplicaLogDirTopicResult:
    partitions = [AlterReplicaLogDirPartitionResult(partition_index=p, error_code=error) for p in topic.partitions]
    return AlterReplicaLogDirTopicResult(topic_name=topic.name, partitions=partitions)
