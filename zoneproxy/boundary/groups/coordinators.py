"""FindCoordinator: DESCRIBE on the group or on the transactional id; CLUSTER_ACTION for share partitions."""

from __future__ import annotations

from zoneproxy.boundary.cut import Refusal
from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply, Then
from zoneproxy.boundary.may import cluster_error, group_error, transactional_id_error
from zoneproxy.boundary.split import in_place, refused, split
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES, ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.find_coordinator_request import FindCoordinatorRequest
from zoneproxy.wire.messages.find_coordinator_response import Coordinator, FindCoordinatorResponse

GROUP, TRANSACTION, SHARE = 0, 1, 2  # FindCoordinatorRequest.CoordinatorType

_KEYS_FROM_VERSION = 4
_SHARE_FROM_VERSION = 6
_NO_NODE = -1


class CoordinatorsInterceptor:
    """Authorises FindCoordinator; from version 4 on it asks for many keys at once."""

    apis = frozenset({ApiKey.FIND_COORDINATOR})

    def request(self, message: FindCoordinatorRequest, ctx: Context) -> Outcome:
        """See the module."""
        kind = message.key_type
        if ctx.header.api_version < _KEYS_FROM_VERSION:
            refusal = _refusal(kind, message.key, ctx)
            return GO_ON if refusal is None else Reply(_not_found(refusal))
        places = split(message.coordinator_keys, lambda key: _no_coordinator(kind, key, ctx))
        if not refused(places):
            return GO_ON
        if not message.coordinator_keys:
            return Reply(FindCoordinatorResponse(coordinators=refused(places)))
        return Forward(_merge(places), edited=True)


def _merge(places: list[Coordinator | None]) -> Then:
    def then(response: FindCoordinatorResponse, ctx: Context) -> bool:
        response.coordinators = in_place(places, response.coordinators)
        return True

    return then


def _refusal(kind: int, key: str, ctx: Context) -> Refusal | None:
    """Kafka's texts, too: some refusals have one in every version, some only where there is one key."""
    error: ErrorCode | None
    single = ctx.header.api_version < _KEYS_FROM_VERSION
    if kind == GROUP:
        error = group_error(ctx, Operation.DESCRIBE, key)
    elif kind == TRANSACTION:
        error = transactional_id_error(ctx, Operation.DESCRIBE, key)
    elif kind == SHARE and ctx.header.api_version < _SHARE_FROM_VERSION:
        error = ErrorCode.INVALID_REQUEST
    elif kind == SHARE:
        single, error = True, cluster_error(ctx, Operation.CLUSTER_ACTION)
    else:
        single, error = True, ErrorCode.INVALID_REQUEST
    return None if error is None else Refusal(error, DEFAULT_MESSAGES[error] if single else "")


def _not_found(refusal: Refusal) -> FindCoordinatorResponse:
    return FindCoordinatorResponse(
        error_code=refusal.error, error_message=refusal.message, node_id=_NO_NODE, port=_NO_NODE
    )


def _no_coordinator(kind: int, key: str, ctx: Context) -> Coordinator | None:
    refusal = _refusal(kind, key, ctx)
    if refusal is None:
        return None
    return Coordinator(
        key=key, node_id=_NO_NODE, port=_NO_NODE, error_code=refusal.error, error_message=refusal.message
    )
