"""ConsumerGroupHeartbeat (KIP-848): subscriptions by pattern are not decided yet, so they are refused.

The broker would match the pattern against all topics with the proxy's rights.
"""

from __future__ import annotations

from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.interceptor import GO_ON, Context, Outcome, Reply
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_group_heartbeat_request import ConsumerGroupHeartbeatRequest
from zoneproxy.wire.messages.consumer_group_heartbeat_response import ConsumerGroupHeartbeatResponse


class GroupHeartbeatInterceptor:
    """Refuses SubscribedTopicRegex. An empty one is no pattern: clients send it to end a subscription by pattern."""

    apis = frozenset({ApiKey.CONSUMER_GROUP_HEARTBEAT})

    def request(self, message: ConsumerGroupHeartbeatRequest, ctx: Context) -> Outcome:
        """See the module."""
        if not message.subscribed_topic_regex:
            return GO_ON
        error = ErrorCode.INVALID_REGULAR_EXPRESSION
        ctx.facts.append(Denied("CONSUMER_GROUP_HEARTBEAT", "READ", "group", message.group_id, error, "pattern"))
        return Reply(
            ConsumerGroupHeartbeatResponse(
                error_code=error, error_message="Subscriptions by pattern are not available here."
            )
        )
