"""Transactional and idempotent producers through the proxy."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import confluent_kafka
import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from tests.clients import transactions

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.admin import Direct
    from tests.clients.reach import Reach


def read(reach: Reach, topic: str, isolation: str) -> list[bytes | None]:
    """All values that a consumer of that isolation level sees in partition 0."""
    settings = {"group_id": "unused", "enable_auto_commit": False, "enable_partition_eof": True}
    consumer = confluent_kafka.Consumer(reach.confluent(isolation_level=isolation, **settings))
    consumer.assign([TopicPartition(topic, 0, 0)])
    seen: list[bytes | None] = []
    while True:
        message = consumer.poll(30)
        assert message, "no end of the partition"
        error = message.error()
        if error and error.code() == KafkaError._PARTITION_EOF:
            break
        assert not error, error
        seen.append(message.value())
    consumer.close()
    return seen


@pytest.mark.parametrize(
    "transact", [transactions.confluent, transactions.kafka_python, transactions.aio_kafka, transactions.java]
)
def test_transactions_commit_and_abort(
    transact: Callable[[Reach, str, str], None], insider: Reach, direct: Direct
) -> None:
    topic = direct.topic()
    group = f"tx-group-{uuid.uuid4().hex[:8]}"

    transact(insider, topic, group)

    everything = transactions.values("committed") + transactions.values("aborted") + transactions.values("later")
    assert direct.values(topic) == everything
    assert read(insider, topic, "read_committed") == transactions.COMMITTED
    assert read(insider, topic, "read_uncommitted") == everything
    assert direct.committed(group, topic) == {0: transactions.OFFSET}


def test_an_older_producer_of_the_same_transactional_id_is_fenced(insider: Reach, direct: Direct) -> None:
    topic = direct.topic()
    name = f"tx-{uuid.uuid4().hex}"
    older, newer = (confluent_kafka.Producer(insider.confluent(transactional_id=name)) for _ in range(2))
    older.init_transactions(30)
    older.begin_transaction()
    older.produce(topic, b"old")

    newer.init_transactions(30)

    with pytest.raises(KafkaException) as fenced:
        older.commit_transaction(30)
    assert fenced.value.args[0].code() in (KafkaError._FENCED, KafkaError.INVALID_PRODUCER_EPOCH)
    newer.begin_transaction()
    newer.produce(topic, b"new")
    newer.commit_transaction(30)
    assert read(insider, topic, "read_committed") == [b"new"]


def test_idempotent_producers_store_each_record_once_and_in_order(insider: Reach, direct: Direct) -> None:
    topic = direct.topic()
    values = [b"%d" % n for n in range(2000)]
    producer = confluent_kafka.Producer(insider.confluent(enable_idempotence=True, linger_ms=0, batch_num_messages=7))

    for value in values:
        producer.produce(topic, value, partition=0)
    assert producer.flush(30) == 0

    stored = direct.stored(topic)
    assert direct.values(topic) == values
    assert len({(batch.header.producer_id, batch.header.producer_epoch) for batch in stored}) == 1
    assert stored[0].header.producer_id >= 0
