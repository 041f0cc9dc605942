"""ShareGroupHeartbeat: READ on the group, DESCRIBE on each topic that is subscribed to."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Outcome, Reply
from zoneproxy.boundary.may import group_error, topic_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.share_group_heartbeat_request import ShareGroupHeartbeatRequest
from zoneproxy.wire.messages.share_group_heartbeat_response import ShareGroupHeartbeatResponse


class ShareHeartbeatInterceptor:
    """Authorises ShareGroupHeartbeat. What is assigned is held against what may be read when it is fetched."""

    apis = frozenset({ApiKey.SHARE_GROUP_HEARTBEAT})

    def request(self, message: ShareGroupHeartbeatRequest, ctx: Context) -> Outcome:
        """One topic that may not be described is enough to refuse all, as in Kafka; each leaves its fact behind."""
        error = group_error(ctx, Operation.READ, message.group_id)
        if error is None:
            names = dict.fromkeys(message.subscribed_topic_names or ())
            errors = [topic_error(ctx, Operation.DESCRIBE, name) for name in names]
            error = next((error for error in errors if error is not None), None)
        return GO_ON if error is None else Reply(ShareGroupHeartbeatResponse(error_code=error))
