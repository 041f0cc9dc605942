"""The same three transactions with each client library: one committed with an offset, one aborted, one committed."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

import aiokafka
import confluent_kafka
import kafka

from tests.clients import jvm

if TYPE_CHECKING:
    from tests.clients.reach import Reach

SECONDS = 30
OFFSET = 5


def values(word: str) -> list[bytes]:
    """The ten values of one transaction."""
    return [f"{word}-{n}".encode() for n in range(10)]


COMMITTED = values("committed") + values("later")


def confluent(reach: Reach, topic: str, group: str) -> None:
    """confluent-kafka."""
    producer = confluent_kafka.Producer(reach.confluent(transactional_id=f"tx-{uuid.uuid4().hex}"))
    producer.init_transactions(SECONDS)
    consumer = confluent_kafka.Consumer(reach.confluent(group_id=group))

    producer.begin_transaction()
    for value in values("committed"):
        producer.produce(topic, value, partition=0)
    offsets = [confluent_kafka.TopicPartition(topic, 0, OFFSET)]
    producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata(), SECONDS)
    producer.commit_transaction(SECONDS)

    producer.begin_transaction()
    for value in values("aborted"):
        producer.produce(topic, value, partition=0)
    assert producer.flush(SECONDS) == 0
    producer.abort_transaction(SECONDS)

    producer.begin_transaction()
    for value in values("later"):
        producer.produce(topic, value, partition=0)
    producer.commit_transaction(SECONDS)
    consumer.close()


def kafka_python(reach: Reach, topic: str, group: str) -> None:
    """kafka-python."""
    producer = kafka.KafkaProducer(**reach.kafka_python(transactional_id=f"tx-{uuid.uuid4().hex}"))
    producer.init_transactions()

    producer.begin_transaction()
    for value in values("committed"):
        producer.send(topic, value, partition=0)
    offsets = {kafka.TopicPartition(topic, 0): kafka.OffsetAndMetadata(OFFSET, "", -1)}
    producer.send_offsets_to_transaction(offsets, group)
    producer.commit_transaction()

    producer.begin_transaction()
    for value in values("aborted"):
        producer.send(topic, value, partition=0)
    producer.flush(SECONDS)
    producer.abort_transaction()

    producer.begin_transaction()
    for value in values("later"):
        producer.send(topic, value, partition=0)
    producer.commit_transaction()
    producer.close()


def aio_kafka(reach: Reach, topic: str, group: str) -> None:
    """aiokafka."""

    async def run() -> None:
        settings = reach.aiokafka(transactional_id=f"tx-{uuid.uuid4().hex}")
        async with aiokafka.AIOKafkaProducer(**settings) as producer:
            async with producer.transaction():
                for value in values("committed"):
                    await producer.send(topic, value, partition=0)
                offsets = {aiokafka.TopicPartition(topic, 0): OFFSET}
                await producer.send_offsets_to_transaction(offsets, group)

            await producer.begin_transaction()
            for value in values("aborted"):
                await producer.send(topic, value, partition=0)
            await producer.flush()
            await producer.abort_transaction()

            async with producer.transaction():
                for value in values("later"):
                    await producer.send(topic, value, partition=0)

    asyncio.run(asyncio.wait_for(run(), SECONDS * 3))


def java(reach: Reach, topic: str, group: str) -> None:
    """Kafka's own producer."""
    properties = reach.java_properties(transactional_id=f"tx-{uuid.uuid4().hex}", linger_ms=0)
    jvm.run("Transactions", str(properties), topic, group)
