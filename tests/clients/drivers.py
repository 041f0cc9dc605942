"""Each client library behind the same two verbs: produce these records, consume that many."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol

import aiokafka
import confluent_kafka
import kafka

from tests.clients import jvm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.clients.reach import Reach

CODECS = ("none", "gzip", "snappy", "lz4", "zstd")
SECONDS = 60

Record = tuple[bytes | None, bytes | None]


class Driver(Protocol):
    """One client library."""

    @staticmethod
    def produce(reach: Reach, topic: str, records: Sequence[Record], codec: str) -> None:
        """Produce the records to partition 0, all of them acknowledged."""
        ...

    @staticmethod
    def consume(reach: Reach, topic: str, count: int) -> list[Record]:
        """The first ``count`` records of partition 0. Needs no group."""
        ...


class Confluent:
    """confluent-kafka, on librdkafka."""

    @staticmethod
    def produce(reach: Reach, topic: str, records: Sequence[Record], codec: str) -> None:
        errors: list[Any] = []
        producer = confluent_kafka.Producer(reach.confluent(compression_type=codec, linger_ms=20))
        for key, value in records:
            producer.produce(topic, value, key, 0, on_delivery=lambda error, _: error and errors.append(error))
        assert producer.flush(SECONDS) == 0
        assert not errors, errors

    @staticmethod
    def consume(reach: Reach, topic: str, count: int) -> list[Record]:
        consumer = confluent_kafka.Consumer(
            reach.confluent(group_id="unused", enable_auto_commit=False, enable_auto_offset_store=False)
        )
        consumer.assign([confluent_kafka.TopicPartition(topic, 0, 0)])
        messages: list[Any] = []
        while len(messages) < count:
            some = consumer.consume(count - len(messages), SECONDS)
            assert some, f"{len(messages)} of {count} records"
            assert not any(message.error() for message in some), [message.error() for message in some]
            messages += some
        consumer.close()
        return [(message.key(), message.value()) for message in messages]


class KafkaPython:
    """kafka-python."""

    @staticmethod
    def produce(reach: Reach, topic: str, records: Sequence[Record], codec: str) -> None:
        chosen = None if codec == "none" else codec
        producer = kafka.KafkaProducer(**reach.kafka_python(compression_type=chosen, linger_ms=20, acks="all"))
        sent = [producer.send(topic, value, key, partition=0) for key, value in records]
        for one in sent:
            one.get(SECONDS)
        producer.close()

    @staticmethod
    def consume(reach: Reach, topic: str, count: int) -> list[Record]:
        consumer = kafka.KafkaConsumer(**reach.kafka_python(group_id=None, consumer_timeout_ms=SECONDS * 1000))
        partition = kafka.TopicPartition(topic, 0)
        consumer.assign([partition])
        consumer.seek_to_beginning(partition)
        records = []
        for record in consumer:
            records.append((record.key, record.value))
            if len(records) == count:
                break
        consumer.close()
        return records


class AioKafka:
    """aiokafka."""

    @staticmethod
    def produce(reach: Reach, topic: str, records: Sequence[Record], codec: str) -> None:
        async def run() -> None:
            chosen = None if codec == "none" else codec
            async with aiokafka.AIOKafkaProducer(**reach.aiokafka(compression_type=chosen, linger_ms=20)) as producer:
                sent = [await producer.send(topic, value, key, partition=0) for key, value in records]
                await asyncio.wait_for(asyncio.gather(*sent), SECONDS)

        asyncio.run(run())

    @staticmethod
    def consume(reach: Reach, topic: str, count: int) -> list[Record]:
        async def run() -> list[Record]:
            consumer = aiokafka.AIOKafkaConsumer(**reach.aiokafka(group_id=None))
            async with consumer:
                partition = aiokafka.TopicPartition(topic, 0)
                consumer.assign([partition])
                await consumer.seek_to_beginning(partition)
                records = [await asyncio.wait_for(consumer.getone(), SECONDS) for _ in range(count)]
            return [(record.key, record.value) for record in records]

        return asyncio.run(run())


class JavaConsole:
    """Kafka's own console producer and consumer; keys and values are text without tabs and line ends."""

    @staticmethod
    def produce(reach: Reach, topic: str, records: Sequence[Record], codec: str) -> None:
        lines = b"".join(b"%s\t%s\n" % record for record in records).decode()
        jvm.run(
            "org.apache.kafka.tools.ConsoleProducer",
            *reach.java(),
            *("--topic", topic, "--compression-codec", codec),
            *("--reader-property", "parse.key=true"),
            given=lines,
        )

    @staticmethod
    def consume(reach: Reach, topic: str, count: int) -> list[Record]:
        output = jvm.run(
            "org.apache.kafka.tools.consumer.ConsoleConsumer",
            *reach.java(),
            *("--topic", topic, "--partition", "0", "--offset", "earliest"),
            *("--max-messages", str(count), "--timeout-ms", str(SECONDS * 1000)),
            *("--formatter-property", "print.key=true"),
        )
        return [_pair(line) for line in output.splitlines()]


def _pair(line: str) -> Record:
    key, _, value = line.partition("\t")
    return key.encode(), value.encode()


DRIVERS: tuple[type[Driver], ...] = (Confluent, KafkaPython, AioKafka, JavaConsole)
