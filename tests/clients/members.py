"""Members of consumer groups, each in a thread of its own, as the processes of an application would be."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Self

import aiokafka
import confluent_kafka
import kafka

from tests.clients import waiting
from tests.clients.jvm import Events

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clients.reach import Reach

SECONDS = 45
POLL_SECONDS = 0.1


class Member(ABC):
    """One consumer of ``topic`` in ``group``; ``partitions`` and ``values`` are what it has now, and had until now."""

    def __init__(self, reach: Reach, group: str, topic: str, protocol: str = "classic") -> None:
        self.reach, self.group, self.topic, self.protocol = reach, group, topic, protocol
        self.partitions: frozenset[int] = frozenset()
        self.values: list[bytes | None] = []
        self.failure: BaseException | None = None
        self._news = threading.Condition()
        self._leaving = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._leaving.set()
        self._thread.join(SECONDS)
        if kind is None:  # what went wrong first is what is told
            assert not self._thread.is_alive(), "the member does not leave"
            if self.failure:
                raise self.failure

    def has(self, count: int) -> bool:
        """Whether it holds ``count`` partitions."""
        return len(self.partitions) == count

    def tell(self, partitions: frozenset[int], values: list[bytes | None]) -> None:
        """Note what the consumer has got."""
        with self._news:
            self.partitions = partitions
            self.values += values

    @property
    def leaving(self) -> bool:
        """Whether it is time to commit and leave the group."""
        return self._leaving.is_set()

    def _run(self) -> None:
        try:
            self.consume()
        except BaseException as failure:  # noqa: BLE001 - handed to the test by __exit__ and until
            self.failure = failure

    @abstractmethod
    def consume(self) -> None:
        """Join, consume and ``tell`` until ``leaving``; then commit and leave."""


def until(wanted: Callable[[], bool], *members: Member) -> None:
    """Wait until ``wanted`` holds. Raises what a member failed with, or AssertionError when time is up."""

    def nobody_failed_and_wanted() -> bool:
        for member in members:
            if member.failure:
                raise member.failure
        return wanted()

    waiting.until(
        nobody_failed_and_wanted,
        lambda: [(sorted(member.partitions), len(member.values)) for member in members],
        SECONDS,
    )


class ConfluentMember(Member):
    """librdkafka; ``protocol`` may be classic or consumer (KIP-848)."""

    def consume(self) -> None:
        settings: dict[str, Any] = {"group_id": self.group, "group_protocol": self.protocol}
        settings |= {"auto_offset_reset": "earliest", "auto_commit_interval_ms": 200}
        if self.protocol == "classic":
            settings |= {"session_timeout_ms": 6000, "heartbeat_interval_ms": 300}
        consumer = confluent_kafka.Consumer(self.reach.confluent(**settings))
        consumer.subscribe([self.topic])
        while not self.leaving:
            message = consumer.poll(POLL_SECONDS)
            if message and message.error():
                raise confluent_kafka.KafkaException(message.error())
            assigned = frozenset(partition.partition for partition in consumer.assignment())
            self.tell(assigned, [message.value()] if message else [])
        consumer.close()  # commits what is not committed yet


class KafkaPythonMember(Member):
    """kafka-python."""

    def consume(self) -> None:
        timing = {"session_timeout_ms": 6000, "heartbeat_interval_ms": 300, "max_poll_interval_ms": 20000}
        consumer = kafka.KafkaConsumer(
            self.topic,
            **self.reach.kafka_python(group_id=self.group, auto_offset_reset="earliest", **timing),
            enable_auto_commit=False,
        )
        # It may lose its first question for the topic. It would join all the same, have nothing to share out, join once
        # more when it knows the topic, and forget about that if a poll ends in the meantime: its heart beats no more.
        waiting.until(lambda: consumer.partitions_for_topic(self.topic))
        while not self.leaving:
            batches = consumer.poll(timeout_ms=int(POLL_SECONDS * 1000))
            assigned = frozenset(partition.partition for partition in consumer.assignment())
            self.tell(assigned, [record.value for batch in batches.values() for record in batch])
            if batches:
                consumer.commit()
        consumer.close()


class AioKafkaMember(Member):
    """aiokafka."""

    def consume(self) -> None:
        asyncio.run(self._consume())

    async def _consume(self) -> None:
        timing = {"session_timeout_ms": 6000, "heartbeat_interval_ms": 300}
        consumer = aiokafka.AIOKafkaConsumer(
            self.topic,
            **self.reach.aiokafka(group_id=self.group, auto_offset_reset="earliest", **timing),
            enable_auto_commit=False,
        )
        async with consumer:
            while not self.leaving:
                batches = await consumer.getmany(timeout_ms=int(POLL_SECONDS * 1000))
                assigned = frozenset(partition.partition for partition in consumer.assignment())
                self.tell(assigned, [record.value for batch in batches.values() for record in batch])
                if batches:
                    await consumer.commit()


class JavaMember(Member):
    """Kafka's VerifiableConsumer; ``protocol`` may be classic or consumer (KIP-848)."""

    folder: Path

    def __enter__(self) -> Self:
        properties = {"heartbeat_interval_ms": 300} if self.protocol == "classic" else {}
        self._events = Events(
            self.folder / f"{self.group}-{id(self)}.log",
            "org.apache.kafka.tools.VerifiableConsumer",
            *self.reach.java(**properties),
            *("--topic", self.topic, "--group-id", self.group, "--group-protocol", self.protocol),
            *("--verbose", *(("--session-timeout", "6000") if self.protocol == "classic" else ())),
        )
        return super().__enter__()

    def consume(self) -> None:
        pause = threading.Event()
        while not self.leaving:
            events = self._events.seen()
            values = [event["value"].encode() for event in events if event["name"] == "record_data"]
            self.tell(_assigned(events), values[len(self.values) :])
            pause.wait(POLL_SECONDS)
        self._events.stop()


def _assigned(events: list[dict[str, Any]]) -> frozenset[int]:
    """The partitions held after all ``partitions_assigned`` and ``partitions_revoked`` events."""
    held: frozenset[int] = frozenset()
    for event in events:
        named = frozenset(partition["partition"] for partition in event.get("partitions", ()))
        if event["name"] == "partitions_assigned":
            held |= named
        elif event["name"] in ("partitions_revoked", "partitions_lost"):
            held -= named
    return held
