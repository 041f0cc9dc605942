"""All brokers are restarted one after the other, and one is killed, under clients that go on working."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest
from confluent_kafka import TopicPartition

from tests.clients.conftest import POLICIES
from tests.clients.jvm import Events
from tests.clients.reach import Reach
from tests.clients.waiting import until
from tests.kafka.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.clients.admin import Direct
    from tests.kafka.cluster import Cluster

PARTITIONS = 3
PACE_SECONDS = 0.02


class Work:
    """Something that a thread does again and again until ``finish``, which raises what went wrong."""

    def __init__(self, step: Callable[[], None]) -> None:
        self._step = step
        self._enough = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self._enough.is_set():
                self._step()
        except BaseException as failure:  # noqa: BLE001 - raised again by finish
            self._failure = failure

    def finish(self) -> None:
        """Stop after the present step."""
        self._enough.set()
        self._thread.join(30)
        if self._failure:
            raise self._failure


class Producing:
    """librdkafka, idempotent: numbers, each into the next partition."""

    def __init__(self, reach: Reach, topic: str) -> None:
        self._topic = topic
        self._producer = confluent_kafka.Producer(reach.confluent(enable_idempotence=True, linger_ms=5))
        self.acknowledged: list[list[bytes]] = [[] for _ in range(PARTITIONS)]
        self.errors: list[Any] = []
        self.sent = 0
        self._pause = threading.Event()

    def step(self) -> None:
        """Produce one number."""
        value, partition = b"%d" % self.sent, self.sent % PARTITIONS
        self._producer.produce(self._topic, value, partition=partition, on_delivery=self._delivered)
        self.sent += 1
        self._producer.poll(0)
        self._pause.wait(PACE_SECONDS)

    def _delivered(self, error: Any, message: Any) -> None:
        if error:
            self.errors.append(error)
        else:
            self.acknowledged[message.partition()].append(message.value())

    def flush(self) -> None:
        """Wait until everything is acknowledged."""
        assert self._producer.flush(60) == 0


class Consuming:
    """librdkafka, all partitions from their beginning."""

    def __init__(self, reach: Reach, topic: str) -> None:
        self._consumer = confluent_kafka.Consumer(reach.confluent(group_id="unused", enable_auto_commit=False))
        self._consumer.assign([TopicPartition(topic, n, 0) for n in range(PARTITIONS)])
        self.seen: list[list[bytes]] = [[] for _ in range(PARTITIONS)]

    def step(self) -> None:
        """Take what has come. Only what librdkafka itself retries may go wrong."""
        for message in self._consumer.consume(500, 0.1):
            error = message.error()
            if error is None:
                self.seen[message.partition()].append(message.value())
            elif not error.retriable() and error.code() != confluent_kafka.KafkaError._ALL_BROKERS_DOWN:
                raise confluent_kafka.KafkaException(error)

    @property
    def count(self) -> int:
        """How many records have come."""
        return sum(map(len, self.seen))


@pytest.mark.timeout(400)
def test_nothing_is_lost_or_doubled(insider: Reach, direct: Direct, cluster: Cluster, tmp_path: Path) -> None:
    topic, java_topic = direct.topic(partitions=PARTITIONS), direct.topic(partitions=PARTITIONS)
    producing, consuming = Producing(insider, topic), Consuming(insider, topic)
    java_producer = Events(
        tmp_path / "producer.log",
        "org.apache.kafka.tools.VerifiableProducer",
        *insider.java(retries=2**31 - 1, enable_idempotence="true"),  # without these it never tries again
        *("--topic", java_topic, "--throughput", "50"),
    )
    java_consumer = Events(
        tmp_path / "consumer.log",
        "org.apache.kafka.tools.VerifiableConsumer",
        *insider.java(),
        *("--topic", java_topic, "--group-id", java_topic, "--group-protocol", "consumer", "--verbose"),
    )
    work = [Work(producing.step), Work(consuming.step)]
    java_producer.wait(lambda events: any(event["name"] == "producer_send_success" for event in events))

    for number in (1, 2, 3):
        direct.wait_replicated()
        before = consuming.count
        cluster.restart(number)
        until(lambda before=before: consuming.count > before)
    direct.wait_replicated()
    cluster.node(2).kill()
    cluster.node(2).start()
    cluster.node(2).wait_ready()
    direct.wait_replicated()

    work[0].finish()
    producing.flush()
    until(lambda: consuming.count >= producing.sent, lambda: (consuming.count, producing.sent))
    work[1].finish()
    assert producing.errors == []
    assert sum(map(len, producing.acknowledged)) == producing.sent
    stored = [direct.values(topic, n) for n in range(PARTITIONS)]
    assert stored == producing.acknowledged
    assert consuming.seen == producing.acknowledged

    java_producer.stop()
    acknowledged = {event["value"] for event in java_producer.seen() if event["name"] == "producer_send_success"}
    failed = [event for event in java_producer.seen() if event["name"] == "producer_send_error"]
    assert failed == [], json.dumps(failed[:3])
    java_stored = sorted(int(value or b"") for n in range(PARTITIONS) for value in direct.values(java_topic, n))
    assert len(java_stored) == len(set(java_stored))
    assert {int(value) for value in acknowledged} <= set(java_stored)

    def java_has_all(events: list[dict[str, Any]]) -> bool:
        return acknowledged <= {event["value"] for event in events if event["name"] == "record_data"}

    java_consumer.wait(java_has_all)
    java_consumer.stop()


@pytest.mark.timeout(200)
def test_a_broker_that_joins_is_reached_by_clients_that_were_there_before(
    direct: Direct, cluster: Cluster, tmp_path: Path
) -> None:
    newcomer, here, there = cluster.node(3), direct.topic_name(), direct.topic_name()
    direct.make_topic(here, [[1], [2]])
    newcomer.stop()
    proxy: Proxy | None = None
    try:
        proxy = Proxy(tmp_path, cluster, POLICIES)  # it has never seen node 3
        producer = confluent_kafka.Producer(
            Reach(proxy.bootstrap(), proxy.client("insider", "Payments")).confluent(metadata_max_age_ms=1000)
        )
        for partition in (0, 1):
            producer.produce(here, b"before", partition=partition)
        assert producer.flush(30) == 0
    finally:
        newcomer.start()
        newcomer.wait_ready()
    direct.wait_replicated()
    try:
        direct.make_topic(there, [[3]])
        producer.produce(there, b"after")
        assert producer.flush(60) == 0
        assert direct.values(there, 0) == [b"after"]
    finally:
        proxy.close()
