from __future__ import annotations

import pytest

from tests.boundary.kit import Upstream, answered, request
from tests.boundary.rights import HIDDEN, asks, passes, refusal
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.interceptor import LookUp
from zoneproxy.wire.messages.add_partitions_to_txn_request import AddPartitionsToTxnRequest, AddPartitionsToTxnTopic
from zoneproxy.wire.messages.add_partitions_to_txn_response import AddPartitionsToTxnResponse
from zoneproxy.wire.messages.api_keys import ApiKey

API = ApiKey.ADD_PARTITIONS_TO_TXN
VERSIONS = range(4)


def adding(*names: str, transactional_id: str = "team.a") -> AddPartitionsToTxnRequest:
    topics = [AddPartitionsToTxnTopic(name=name, partitions=[0, 1]) for name in names]
    return AddPartitionsToTxnRequest(v3_and_below_transactional_id=transactional_id, v3_and_below_topics=topics)


def errors(response: AddPartitionsToTxnResponse) -> dict[str, list[int]]:
    return {
        topic.name: [p.partition_error_code for p in topic.results_by_partition]
        for topic in response.results_by_topic_v3_and_below
    }


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("who", "transactional_id"), [("member", "other.a"), ("nobody", "team.a")])
def test_without_the_transactional_id_every_partition_is_refused(version: int, who: str, transactional_id: str) -> None:
    message = adding("open.a", HIDDEN, transactional_id=transactional_id)
    response = refusal(message, asks(who, API, version))
    assert errors(response) == {"open.a": [53, 53], HIDDEN: [53, 53]}


@pytest.mark.parametrize("version", VERSIONS)
def test_with_one_refused_topic_nothing_happens(version: int) -> None:
    ctx = asks("member", API, version)
    upstream = Upstream("open.a", "open.b", "seen.a", HIDDEN)
    message = adding("open.a", HIDDEN, "open.gone", "seen.a")
    response = answered(request(message, ctx, upstream), ctx)

    assert errors(response) == {"open.a": [55, 55], HIDDEN: [29, 29], "open.gone": [3, 3], "seen.a": [29, 29]}
    assert upstream.asked == [LookUp(names=frozenset({"open.a", "open.gone"}))]
    assert [fact.resource for fact in ctx.facts if isinstance(fact, Denied)] == [HIDDEN, "seen.a"]


def test_what_is_known_to_exist_is_not_looked_up() -> None:
    ctx = asks("member", API, 3)
    Upstream("open.a").look_up(LookUp(names=frozenset({"open.a"})), ctx.session.cluster)
    assert errors(refusal(adding("open.a", HIDDEN), ctx)) == {"open.a": [55, 55], HIDDEN: [29, 29]}


def test_if_nobody_knows_the_others_were_not_attempted() -> None:
    ctx = asks("member", API, 3)
    response = answered(request(adding("open.a", HIDDEN), ctx, Upstream(silent=True)), ctx)
    assert errors(response) == {"open.a": [55, 55], HIDDEN: [29, 29]}


def test_what_is_named_twice_is_answered_once() -> None:
    message = adding(HIDDEN, HIDDEN)
    message.v3_and_below_topics[1].partitions = [1, 2, 2]
    (topic,) = refusal(message, asks("member", API, 3)).results_by_topic_v3_and_below
    assert [(p.partition_index, p.partition_error_code) for p in topic.results_by_partition] == [
        (0, 29),
        (1, 29),
        (2, 29),
    ]


def test_no_transaction_writes_to_internal_topics() -> None:
    response = refusal(adding("__transaction_state"), asks("operator", API, 3))
    assert errors(response) == {"__transaction_state": [29, 29]}


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_allowed_passes(version: int) -> None:
    passes(adding("open.a", "open.b"), asks("member", API, version))
    passes(adding("open.a", "anything", transactional_id="any"), asks("operator", API, version))
