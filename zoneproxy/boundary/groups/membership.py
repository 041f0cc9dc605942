"""JoinGroup, SyncGroup, Heartbeat and LeaveGroup: READ on the group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from zoneproxy.boundary.interceptor import GO_ON, Context, Outcome, Reply
from zoneproxy.boundary.may import group_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.heartbeat_response import HeartbeatResponse
from zoneproxy.wire.messages.join_group_response import JoinGroupResponse
from zoneproxy.wire.messages.leave_group_response import LeaveGroupResponse
from zoneproxy.wire.messages.message import Message
from zoneproxy.wire.messages.sync_group_response import SyncGroupResponse

_NULL_PROTOCOL_FROM_VERSION = 7


class _OfGroup(Protocol):
    group_id: str


def _not_joined(error: ErrorCode, version: int) -> JoinGroupResponse:
    """Kafka says "no protocol" by null where it can."""
    return JoinGroupResponse(error_code=error, protocol_name=None if version >= _NULL_PROTOCOL_FROM_VERSION else "")


_REFUSALS: dict[ApiKey, Callable[[ErrorCode, int], Message]] = {
    ApiKey.JOIN_GROUP: _not_joined,
    ApiKey.SYNC_GROUP: lambda error, _: SyncGroupResponse(error_code=error),
    ApiKey.HEARTBEAT: lambda error, _: HeartbeatResponse(error_code=error),
    ApiKey.LEAVE_GROUP: lambda error, _: LeaveGroupResponse(error_code=error),
}


class MembershipInterceptor:
    """Authorises what members of classic groups say."""

    apis = frozenset(_REFUSALS)

    def request(self, message: _OfGroup, ctx: Context) -> Outcome:
        """See the module."""
        error = group_error(ctx, Operation.READ, message.group_id)
        if error is None:
            return GO_ON
        refusal = _REFUSALS[ApiKey(ctx.header.api_key)]
        return Reply(refusal(error, ctx.header.api_version))
