from __future__ import annotations

import pytest

from tests.boundary.rights import asks, passes, refusal
from zoneproxy.wire.messages.add_offsets_to_txn_request import AddOffsetsToTxnRequest
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.end_txn_request import EndTxnRequest

OFFSETS, END = ApiKey.ADD_OFFSETS_TO_TXN, ApiKey.END_TXN


@pytest.mark.parametrize("version", range(5))
@pytest.mark.parametrize(
    ("who", "transactional_id", "group", "error"),
    [
        ("member", "other.a", "team.a", 53),
        ("member", "other.a", "hidden", 53),
        ("member", "team.a", "other.a", 30),
        ("janitor", "team.a", "team.a", 30),
        ("nobody", "team.a", "team.a", 53),
    ],
)
def test_offsets_take_the_transactional_id_and_the_group(
    version: int, who: str, transactional_id: str, group: str, error: int
) -> None:
    message = AddOffsetsToTxnRequest(transactional_id=transactional_id, group_id=group)
    assert refusal(message, asks(who, OFFSETS, version)).error_code == error


@pytest.mark.parametrize("version", range(5))
def test_offsets_of_ones_own_group_pass(version: int) -> None:
    passes(AddOffsetsToTxnRequest(transactional_id="team.a", group_id="team.b"), asks("member", OFFSETS, version))


@pytest.mark.parametrize("version", range(6))
def test_who_may_not_write_under_an_id_ends_no_transaction_of_it(version: int) -> None:
    response = refusal(EndTxnRequest(transactional_id="other.a"), asks("member", END, version))
    assert (response.error_code, response.producer_id, response.producer_epoch) == (53, -1, -1)
    passes(EndTxnRequest(transactional_id="team.a"), asks("member", END, version))
