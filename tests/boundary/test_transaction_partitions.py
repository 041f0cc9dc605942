from __future__ import annotations

from tests.boundary.kit import answered, context, request
from zoneproxy.boundary.facts import Denied
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.add_partitions_to_txn_request import AddPartitionsToTxnRequest, AddPartitionsToTxnTopic
from zoneproxy.wire.messages.api_keys import ApiKey


def adding(*names: str) -> AddPartitionsToTxnRequest:
    topics = [AddPartitionsToTxnTopic(name=name, partitions=[0, 1]) for name in names]
    return AddPartitionsToTxnRequest(v3_and_below_transactional_id="t", v3_and_below_topics=topics)


def test_no_transaction_writes_to_internal_topics() -> None:
    ctx = context("operator", ApiKey.ADD_PARTITIONS_TO_TXN, 3)
    response = answered(request(adding("open.a", "__transaction_state"), ctx), ctx)

    errors = [[p.partition_error_code for p in t.results_by_partition] for t in response.results_by_topic_v3_and_below]
    assert errors == [[ErrorCode.OPERATION_NOT_ATTEMPTED] * 2, [ErrorCode.TOPIC_AUTHORIZATION_FAILED] * 2]
    assert [type(fact) for fact in ctx.facts] == [Denied]


def test_other_topics_go_on() -> None:
    routed = request(adding("open.a", "anything"), context("operator", ApiKey.ADD_PARTITIONS_TO_TXN, 3))

    assert routed.forward
    assert not routed.edited
