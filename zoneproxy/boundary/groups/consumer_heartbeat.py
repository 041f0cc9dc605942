"""ConsumerGroupHeartbeat (KIP-848): READ on the group, DESCRIBE on each topic that is subscribed to.

For a subscription by pattern Kafka leaves out what the member may not describe. Behind the proxy the broker would
leave out nothing, so a pattern goes on only if it cannot match such a topic (``subscription_patterns``). What is
assigned is looked through all the same: rights may be gone by then.
"""

from __future__ import annotations

from collections.abc import Sequence

from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.groups.subscription_patterns import literal_prefixes
from zoneproxy.boundary.interceptor import Context, Eventually, Forward, LookUp, Outcome, Reply, Waiting
from zoneproxy.boundary.may import group_error, may_every_topic, may_topic, topic_error
from zoneproxy.boundary.topic_ids import name_of, unknown
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_group_heartbeat_request import ConsumerGroupHeartbeatRequest
from zoneproxy.wire.messages.consumer_group_heartbeat_response import Assignment, ConsumerGroupHeartbeatResponse

WIDE_PATTERN = (
    "SubscribedTopicRegex could match topics that may not be described: begin it with a prefix of topics that may."
)


class ConsumerHeartbeatInterceptor:
    """Authorises ConsumerGroupHeartbeat. An empty pattern is none: clients end a subscription by pattern with it."""

    apis = frozenset({ApiKey.CONSUMER_GROUP_HEARTBEAT})

    def request(self, message: ConsumerGroupHeartbeatRequest, ctx: Context) -> Outcome:
        """See the module."""
        error = group_error(ctx, Operation.READ, message.group_id) or _topics_error(message, ctx)
        if error:
            return Reply(ConsumerGroupHeartbeatResponse(error_code=error))
        if message.subscribed_topic_regex and not _pattern_allowed(message, ctx):
            error = ErrorCode.INVALID_REGULAR_EXPRESSION
            return Reply(ConsumerGroupHeartbeatResponse(error_code=error, error_message=WIDE_PATTERN))
        return _ASSIGNS


def _topics_error(message: ConsumerGroupHeartbeatRequest, ctx: Context) -> ErrorCode | None:
    """One topic that may not be described is enough, as in Kafka; each leaves its fact behind."""
    errors = [topic_error(ctx, Operation.DESCRIBE, name) for name in message.subscribed_topic_names or ()]
    return next((error for error in errors if error is not None), None)


def _pattern_allowed(message: ConsumerGroupHeartbeatRequest, ctx: Context) -> bool:
    prefixes = literal_prefixes(message.subscribed_topic_regex or "")
    if all(may_every_topic(ctx, Operation.DESCRIBE, prefix) for prefix in prefixes):
        return True
    error = ErrorCode.INVALID_REGULAR_EXPRESSION
    api = ApiKey.CONSUMER_GROUP_HEARTBEAT.name
    ctx.facts.append(Denied(api, Operation.DESCRIBE.name, "group", message.group_id, error, "pattern"))
    return False


# --- replies -------------------------------------------------------------------------------------------------


def _only_described(response: ConsumerGroupHeartbeatResponse, ctx: Context) -> Eventually[bool]:
    if response.assignment is None or not response.assignment.topic_partitions:
        return False
    needs = unknown((topic.topic_id for topic in response.assignment.topic_partitions), ctx)
    return _after_look_up(response.assignment, needs, ctx) if needs else _leave_out(response.assignment, ctx)


def _after_look_up(assignment: Assignment, needs: Sequence[LookUp], ctx: Context) -> Waiting[bool]:
    yield needs
    return _leave_out(assignment, ctx)


def _leave_out(assignment: Assignment, ctx: Context) -> bool:
    """Leave out topics that may not be described.

    An id that has no name stays: it says nothing, and may be that of a topic so new that not every broker knows it. A
    member that did not get it would never get it, for assignments are told only when they change.
    """
    seen = [topic for topic in assignment.topic_partitions if _visible(name_of(topic.topic_id, ctx), ctx)]
    if len(seen) == len(assignment.topic_partitions):
        return False
    assignment.topic_partitions = seen
    return True


def _visible(name: str, ctx: Context) -> bool:
    return not name or may_topic(ctx, Operation.DESCRIBE, name)


_ASSIGNS = Forward(_only_described)
