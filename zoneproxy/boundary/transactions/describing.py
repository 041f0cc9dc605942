"""DescribeTransactions and ListTransactions: DESCRIBE on each transactional id; topics that may not be described are
left out of a transaction.
"""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply, Then
from zoneproxy.boundary.may import may_resource, may_topic, transactional_id_error
from zoneproxy.boundary.split import expect, in_place, refused, split
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_transactions_request import DescribeTransactionsRequest
from zoneproxy.wire.messages.describe_transactions_response import DescribeTransactionsResponse, TransactionState
from zoneproxy.wire.messages.list_transactions_request import ListTransactionsRequest
from zoneproxy.wire.messages.list_transactions_response import ListTransactionsResponse


class DescribeTransactionsInterceptor:
    """Authorises DescribeTransactions, whose reply is in the order of the request."""

    apis = frozenset({ApiKey.DESCRIBE_TRANSACTIONS})

    def request(self, message: DescribeTransactionsRequest, ctx: Context) -> Outcome:
        """See the module."""
        places = split(message.transactional_ids, lambda id_: _undescribed(id_, ctx))
        if not places:
            return GO_ON
        hidden = refused(places)
        if not message.transactional_ids:
            return Reply(DescribeTransactionsResponse(transaction_states=hidden))
        return Forward(_describe(frozenset(message.transactional_ids), places), edited=bool(hidden))


def _undescribed(transactional_id: str, ctx: Context) -> TransactionState | None:
    error = transactional_id_error(ctx, Operation.DESCRIBE, transactional_id)
    return None if error is None else TransactionState(error_code=error, transactional_id=transactional_id)


def _describe(asked: frozenset[str], places: list[TransactionState | None]) -> Then:
    def then(response: DescribeTransactionsResponse, ctx: Context) -> bool:
        expect(asked, (state.transactional_id for state in response.transaction_states))
        for state in response.transaction_states:
            state.topics = [topic for topic in state.topics if may_topic(ctx, Operation.DESCRIBE, topic.topic)]
        response.transaction_states = in_place(places, response.transaction_states)
        return True

    return then


class ListTransactionsInterceptor:
    """Transactions that may not be described are left out without a word; the broker applies all other filters."""

    apis = frozenset({ApiKey.LIST_TRANSACTIONS})

    def request(self, message: ListTransactionsRequest, ctx: Context) -> Outcome:
        """See the module."""
        return _FILTERED


def _only_described(response: ListTransactionsResponse, ctx: Context) -> bool:
    response.transaction_states = [
        state
        for state in response.transaction_states
        if may_resource(ctx, Operation.DESCRIBE, ResourceType.TRANSACTIONAL_ID, state.transactional_id)
    ]
    return True


_FILTERED = Forward(_only_described)
