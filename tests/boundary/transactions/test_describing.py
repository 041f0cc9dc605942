from __future__ import annotations

import pytest

from tests.boundary.rights import HIDDEN, OFFSETS, asks, merged, passes, refusal
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages import list_transactions_response as listed
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_transactions_request import DescribeTransactionsRequest
from zoneproxy.wire.messages.describe_transactions_response import (
    DescribeTransactionsResponse,
    TopicData,
    TransactionState,
)
from zoneproxy.wire.messages.list_transactions_request import ListTransactionsRequest
from zoneproxy.wire.messages.list_transactions_response import ListTransactionsResponse

DESCRIBE, LIST = ApiKey.DESCRIBE_TRANSACTIONS, ApiKey.LIST_TRANSACTIONS


def state(transactional_id: str, *topics: str, error: int = 0) -> TransactionState:
    return TransactionState(
        transactional_id=transactional_id,
        error_code=error,
        transaction_state="Ongoing",
        topics=[TopicData(topic=topic, partitions=[0]) for topic in topics],
    )


def test_hidden_ids_keep_their_places_and_hidden_topics_are_left_out() -> None:
    ctx = asks("member", DESCRIBE, 0)
    message = DescribeTransactionsRequest(transactional_ids=["x", "team.a", "y", "other.a", "team.a"])
    states = [state("team.a", "open.a", HIDDEN), state("other.a", OFFSETS, "seen.a"), state("team.a", error=16)]
    response = merged(message, DescribeTransactionsResponse(transaction_states=states), ctx)

    assert [
        (s.transactional_id, s.error_code, s.transaction_state, [t.topic for t in s.topics])
        for s in response.transaction_states
    ] == [
        ("x", 53, "", []),
        ("team.a", 0, "Ongoing", ["open.a"]),
        ("y", 53, "", []),
        ("other.a", 0, "Ongoing", ["seen.a"]),
        ("team.a", 16, "Ongoing", []),
    ]
    assert {fact.resource for fact in ctx.facts} == {"x", "y"}  # type: ignore[union-attr]


def test_only_hidden_ids_are_answered_here() -> None:
    response = refusal(DescribeTransactionsRequest(transactional_ids=["team.a"]), asks("nobody", DESCRIBE, 0))
    assert [(s.transactional_id, s.error_code) for s in response.transaction_states] == [("team.a", 53)]


def test_no_ids_are_no_refusal() -> None:
    passes(DescribeTransactionsRequest(), asks("nobody", DESCRIBE, 0))


@pytest.mark.parametrize("answered", [["x"], [], ["team.a", "team.a"]])
def test_a_reply_about_other_ids_fits_nothing(answered: list[str]) -> None:
    message = DescribeTransactionsRequest(transactional_ids=["x", "team.a"])
    answer = DescribeTransactionsResponse(transaction_states=[state(id_) for id_ in answered])
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        merged(message, answer, asks("member", DESCRIBE, 0))


@pytest.mark.parametrize("version", range(3))
@pytest.mark.parametrize(
    ("who", "ids"), [("member", ["team.a", "other.a"]), ("nobody", []), ("operator", ["x", "team.a", "other.a"])]
)
def test_hidden_transactions_are_not_listed(version: int, who: str, ids: list[str]) -> None:
    ctx = asks(who, LIST, version)
    pattern = {"transactional_id_pattern": ".*"} if version == 2 else {}
    states = [listed.TransactionState(transactional_id=id_) for id_ in ("x", "team.a", "other.a")]
    answer = ListTransactionsResponse(unknown_state_filters=["Odd"], transaction_states=states)
    response = merged(ListTransactionsRequest(state_filters=["Odd"], **pattern), answer, ctx)

    assert [s.transactional_id for s in response.transaction_states] == ids
    assert response.unknown_state_filters == ["Odd"]
    assert not ctx.facts


def test_the_brokers_word_on_a_pattern_stays() -> None:
    message = ListTransactionsRequest(transactional_id_pattern="(")
    assert merged(message, ListTransactionsResponse(error_code=128), asks("member", LIST, 2)).error_code == 128
