"""InitProducerId: WRITE on the transactional id; without one, IdempotentWrite or WRITE on any topic (KIP-679)."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Outcome, Reply
from zoneproxy.boundary.may import CLUSTER_NAME, denied, may_any_topic, may_cluster, may_resource
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.init_producer_id_request import InitProducerIdRequest
from zoneproxy.wire.messages.init_producer_id_response import InitProducerIdResponse

NO_EPOCH = -1


class InitProducerIdInterceptor:
    """Authorises InitProducerId."""

    apis = frozenset({ApiKey.INIT_PRODUCER_ID})

    def request(self, message: InitProducerIdRequest, ctx: Context) -> Outcome:
        """See the module."""
        error = _error(message.transactional_id, ctx)
        if error is None:
            return GO_ON
        return Reply(InitProducerIdResponse(error_code=error, producer_epoch=NO_EPOCH))


def _error(transactional_id: str | None, ctx: Context) -> ErrorCode | None:
    if transactional_id is not None:
        if may_resource(ctx, Operation.WRITE, ResourceType.TRANSACTIONAL_ID, transactional_id):
            return None
        error = ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
        denied(ctx, Operation.WRITE, transactional_id, error, kind="transactional_id")
        return error
    if may_any_topic(ctx, Operation.WRITE) or may_cluster(ctx, Operation.IDEMPOTENT_WRITE):
        return None
    error = ErrorCode.CLUSTER_AUTHORIZATION_FAILED
    denied(ctx, Operation.IDEMPOTENT_WRITE, CLUSTER_NAME, error, kind="cluster")
    return error
