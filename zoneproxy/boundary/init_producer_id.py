"""InitProducerId: WRITE on the transactional id; without one, IdempotentWrite or WRITE on any topic (KIP-679)."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Outcome, Reply
from zoneproxy.boundary.may import cluster_error, may_any_topic, transactional_id_error
from zoneproxy.policy.model import Operation
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
        error = _error(message, ctx)
        if error is None:
            return GO_ON
        return Reply(InitProducerIdResponse(error_code=error, producer_epoch=NO_EPOCH))


def _error(message: InitProducerIdRequest, ctx: Context) -> ErrorCode | None:
    """A transaction that outlives its producer (KIP-939) takes a right of its own."""
    if message.transactional_id is None:
        return None if may_any_topic(ctx, Operation.WRITE) else cluster_error(ctx, Operation.IDEMPOTENT_WRITE)
    error = transactional_id_error(ctx, Operation.WRITE, message.transactional_id)
    if error is None and message.enable2_pc:
        error = transactional_id_error(ctx, Operation.TWO_PHASE_COMMIT, message.transactional_id)
    return error
