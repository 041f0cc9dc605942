"""AddOffsetsToTxn and EndTxn: WRITE on the transactional id; for offsets, READ on the group as well."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Outcome, Reply
from zoneproxy.boundary.may import group_error, transactional_id_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.messages.add_offsets_to_txn_request import AddOffsetsToTxnRequest
from zoneproxy.wire.messages.add_offsets_to_txn_response import AddOffsetsToTxnResponse
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.end_txn_request import EndTxnRequest
from zoneproxy.wire.messages.end_txn_response import EndTxnResponse


class AddOffsetsInterceptor:
    """Authorises AddOffsetsToTxn."""

    apis = frozenset({ApiKey.ADD_OFFSETS_TO_TXN})

    def request(self, message: AddOffsetsToTxnRequest, ctx: Context) -> Outcome:
        """See the module."""
        error = transactional_id_error(ctx, Operation.WRITE, message.transactional_id)
        if error is None:
            error = group_error(ctx, Operation.READ, message.group_id)
        return GO_ON if error is None else Reply(AddOffsetsToTxnResponse(error_code=error))


class EndTxnInterceptor:
    """Authorises EndTxn."""

    apis = frozenset({ApiKey.END_TXN})

    def request(self, message: EndTxnRequest, ctx: Context) -> Outcome:
        """See the module."""
        error = transactional_id_error(ctx, Operation.WRITE, message.transactional_id)
        return GO_ON if error is None else Reply(EndTxnResponse(error_code=error))
