"""Sequences of idempotent producers, when it is not their records for which batches are kept from the broker."""

from __future__ import annotations

from tests.boundary.kit import POLICY, Upstream, answered, batch, context, request, topic_id
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.holes import ProducerHoles, Sequenced
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData

CLEAN = b'{"amount":5}'
BEFORE = POLICY.replace("[read, write], topic: {prefix: open.}", "[read, describe], topic: {prefix: open.}")


def numbered(sequence: int, *, epoch: int = 0) -> bytes:
    return batch(CLEAN, producer_id=9, epoch=epoch, sequence=sequence)


def produced(
    sequence: int, holes: ProducerHoles, *, policy: str = POLICY, topic: str = "open.a", acks: int = -1
) -> int:
    """The error code that a batch is answered with; 0: it is forwarded."""
    ctx = context("clerk", ApiKey.PRODUCE, 12, holes=holes, policy=policy)
    data = PartitionProduceData(index=0, records=numbered(sequence))
    message = ProduceRequest(acks=acks, topic_data=[TopicProduceData(name=topic, partition_data=[data])])
    routed = request(message, ctx)
    return 0 if routed.forward else answered(routed, ctx).responses[0].partition_responses[0].error_code


def test_batches_behind_a_denied_one_wait_although_a_new_policy_allows_them() -> None:
    holes = ProducerHoles()

    assert produced(0, holes, policy=BEFORE) == ErrorCode.TOPIC_AUTHORIZATION_FAILED
    assert produced(1, holes) == ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER
    assert produced(0, holes) == 0
    assert produced(1, holes) == 0
    assert holes.count == 0


def test_batches_behind_one_that_was_refused_for_its_acks_wait() -> None:
    holes = ProducerHoles()

    assert produced(0, holes, acks=2) == ErrorCode.INVALID_REQUIRED_ACKS
    assert produced(1, holes) == ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER


def test_batches_behind_one_whose_topic_could_not_be_looked_up_wait() -> None:
    holes, cluster = ProducerHoles(), ClusterView()

    def send(sequence: int, upstream: Upstream) -> int:
        ctx = context("clerk", ApiKey.PRODUCE, 13, holes=holes, cluster=cluster)
        data = PartitionProduceData(index=0, records=numbered(sequence))
        topic = TopicProduceData(topic_id=topic_id("open.a"), partition_data=[data])
        routed = request(ProduceRequest(acks=-1, topic_data=[topic]), ctx, upstream)
        return 0 if routed.forward else answered(routed, ctx).responses[0].partition_responses[0].error_code

    assert send(0, Upstream(silent=True)) == ErrorCode.UNKNOWN_TOPIC_ID
    assert send(1, Upstream("open.a")) == ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER
    assert send(0, Upstream("open.a")) == 0
    assert send(1, Upstream("open.a")) == 0


def test_nobody_can_hold_up_the_producer_of_another_principal() -> None:
    holes = ProducerHoles()
    assert produced(0, holes, policy=BEFORE) == ErrorCode.TOPIC_AUTHORIZATION_FAILED

    assert not holes.out_of_order(Sequenced(9, 0, "open.a", 0, 1, "operator"))
    assert holes.out_of_order(Sequenced(9, 0, "open.a", 0, 1, "clerk"))


def test_nobody_can_have_the_holes_of_another_principal_forgotten() -> None:
    holes = ProducerHoles(max_holes=2)
    holes.note(Sequenced(9, 0, "open.a", 0, 0, "clerk"))
    for producer in range(5):
        holes.note(Sequenced(producer, 0, "open.a", 0, 0, "operator"))

    assert holes.out_of_order(Sequenced(9, 0, "open.a", 0, 1, "clerk"))
    assert holes.count == 3


def test_names_that_no_topic_can_have_are_not_kept() -> None:
    holes = ProducerHoles()
    name = "open." + "a" * 245

    assert produced(0, holes, topic=name) == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    assert produced(0, holes, topic="x" * 250) == ErrorCode.TOPIC_AUTHORIZATION_FAILED
    assert holes.count == 0
    assert produced(0, holes, topic=name[:249]) == 0
