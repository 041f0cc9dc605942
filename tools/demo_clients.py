"""Ordinary Kafka clients, as the demo's applications would write them: confluent-kafka, nothing special."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

if TYPE_CHECKING:
    from confluent_kafka import KafkaError, Message

    Settings = dict[str, str | int]

PARTITION = 0
GROUP = "dashboards"
SECONDS = 15.0
_quiet = logging.getLogger("demo.clients")  # librdkafka's own log lines: nobody listens
_quiet.addHandler(logging.NullHandler())
_quiet.propagate = False


def produce(settings: Settings, topic: str, value: bytes) -> KafkaError | None:
    """Send one record; the error that the application is told, None if it was stored."""
    told: list[KafkaError | None] = []
    producer = Producer({**settings, "message.timeout.ms": int(SECONDS * 1000)}, logger=_quiet)

    def delivered(error: KafkaError | None, _message: Message) -> None:
        told.append(error)

    producer.produce(topic, value, partition=PARTITION, on_delivery=delivered)
    producer.flush(SECONDS + 5)
    if not told:
        raise RuntimeError(f"no answer for a record to {topic}")
    return told[0]


def consume(settings: Settings, topic: str, count: int | None) -> list[bytes]:
    """Read the first ``count`` records of a topic, or all that there are now; fewer if no more come."""
    more: Settings = {"group.id": _group(settings), "enable.auto.commit": False, "auto.offset.reset": "earliest"}
    consumer = Consumer({**settings, **more, "enable.partition.eof": count is None}, logger=_quiet)
    consumer.assign([TopicPartition(topic, PARTITION, OFFSET_BEGINNING)])
    values: list[bytes] = []
    deadline = time.monotonic() + SECONDS
    try:
        while (count is None or len(values) < count) and time.monotonic() < deadline:
            message = consumer.poll(0.5)
            if message is None:
                continue
            error = message.error()
            if error and error.name() == "_PARTITION_EOF":
                break
            if error:
                raise RuntimeError(f"reading {topic}: {error}")
            values.append(message.value() or b"")
    finally:
        consumer.close()
    return values


def _group(settings: Settings) -> str:
    """The group of the client of this name, which the example policies let it read."""
    return "campaigns" if settings.get("client.id") == "campaigns" else GROUP


def list_topics(settings: Settings) -> list[str]:
    """The names of all topics that a client sees."""
    consumer = Consumer({**settings, "group.id": GROUP}, logger=_quiet)
    try:
        return sorted(consumer.list_topics(timeout=SECONDS).topics)
    finally:
        consumer.close()


def count_records(settings: Settings, topic: str) -> int:
    """How many records the partition holds (its high watermark, for a topic that was never cleaned)."""
    consumer = Consumer({**settings, "group.id": GROUP}, logger=_quiet)
    try:
        _, high = consumer.get_watermark_offsets(TopicPartition(topic, PARTITION), timeout=SECONDS)
    finally:
        consumer.close()
    return int(high)
