"""Changes to the offsets of share groups: to alter them takes READ on the group and on each topic, to delete them
DELETE on the group and READ on each topic.

A request of which no topic is left goes on all the same, for the broker refuses changes of groups that are not empty.
Kafka tells the id of a topic whose offsets may not be altered. Here it does not come back: it would say that there is
such a topic.
"""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply
from zoneproxy.boundary.may import group_error, topic_error
from zoneproxy.boundary.split import refused, split
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES
from zoneproxy.wire.messages.alter_share_group_offsets_request import (
    AlterShareGroupOffsetsRequest,
    AlterShareGroupOffsetsRequestTopic,
)
from zoneproxy.wire.messages.alter_share_group_offsets_response import (
    AlterShareGroupOffsetsResponse,
    AlterShareGroupOffsetsResponsePartition,
    AlterShareGroupOffsetsResponseTopic,
)
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.delete_share_group_offsets_request import (
    DeleteShareGroupOffsetsRequest,
    DeleteShareGroupOffsetsRequestTopic,
)
from zoneproxy.wire.messages.delete_share_group_offsets_response import (
    DeleteShareGroupOffsetsResponse,
    DeleteShareGroupOffsetsResponseTopic,
)

# --- alter ---------------------------------------------------------------------------------------------------


class AlterShareOffsetsInterceptor:
    """Topics that are refused stand first, as Kafka puts them; with none left the broker speaks of the group."""

    apis = frozenset({ApiKey.ALTER_SHARE_GROUP_OFFSETS})

    def request(self, message: AlterShareGroupOffsetsRequest, ctx: Context) -> Outcome:
        """See the module."""
        error = group_error(ctx, Operation.READ, message.group_id)
        if error is not None:
            return Reply(AlterShareGroupOffsetsResponse(error_code=error, error_message=DEFAULT_MESSAGES[error]))
        kept = refused(split(message.topics, lambda topic: _unaltered(topic, ctx)))
        if not kept:
            return GO_ON

        def then(response: AlterShareGroupOffsetsResponse, ctx: Context) -> bool:
            response.responses = kept + response.responses if not response.error_code else response.responses
            return True

        return Forward(then, edited=True)


def _unaltered(topic: AlterShareGroupOffsetsRequestTopic, ctx: Context) -> AlterShareGroupOffsetsResponseTopic | None:
    error = topic_error(ctx, Operation.READ, topic.topic_name)
    if error is None:
        return None
    partitions = [
        AlterShareGroupOffsetsResponsePartition(
            partition_index=partition.partition_index, error_code=error, error_message=DEFAULT_MESSAGES[error]
        )
        for partition in topic.partitions
    ]
    return AlterShareGroupOffsetsResponseTopic(topic_name=topic.topic_name, partitions=partitions)


# --- delete --------------------------------------------------------------------------------------------------


class DeleteShareOffsetsInterceptor:
    """The same, for topics whose offsets are to be deleted."""

    apis = frozenset({ApiKey.DELETE_SHARE_GROUP_OFFSETS})

    def request(self, message: DeleteShareGroupOffsetsRequest, ctx: Context) -> Outcome:
        """See the module."""
        error = group_error(ctx, Operation.DELETE, message.group_id)
        if error is not None:
            return Reply(DeleteShareGroupOffsetsResponse(error_code=error, error_message=DEFAULT_MESSAGES[error]))
        kept = refused(split(message.topics, lambda topic: _undeleted(topic, ctx)))
        if not kept:
            return GO_ON

        def then(response: DeleteShareGroupOffsetsResponse, ctx: Context) -> bool:
            response.responses = kept + response.responses if not response.error_code else response.responses
            return True

        return Forward(then, edited=True)


def _undeleted(topic: DeleteShareGroupOffsetsRequestTopic, ctx: Context) -> DeleteShareGroupOffsetsResponseTopic | None:
    error = topic_error(ctx, Operation.READ, topic.topic_name)
    if error is None:
        return None
    text = DEFAULT_MESSAGES[error]
    return DeleteShareGroupOffsetsResponseTopic(topic_name=topic.topic_name, error_code=error, error_message=text)
