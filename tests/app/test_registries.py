"""A schema registry that comes and goes, with real clients: nothing dirty crosses, and nothing is lost."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition

from tests.formats.avro.kit import said, written
from tests.net.registry_kit import FakeRegistry, fake_registry
from tools.embedded_kafka import EmbeddedKafka
from tools.proxy_process import ProxyProcess, free_ports

USER = {
    "type": "record",
    "name": "User",
    "fields": [{"name": "n", "type": "int"}, {"name": "ssn", "type": ["null", "string"], "confluent:tags": ["PII"]}],
}
CONFIG = """\
listeners:
  - name: payments
    zone: payments
    advertised_host: localhost
    ports: {{bootstrap: {bootstrap}, first: {first}, node_ids: "1"}}
    plaintext: {{accept: "clients are neither encrypted nor identified", principal: alice}}
upstreams:
  payments-kafka:
    bootstrap: ["{kafka}"]
    plaintext: {{accept: "the way to this upstream is not encrypted"}}
schemas: {{main: {{registry: {{url: "{url}", ca: "{ca}", retry_seconds: 1}}}}}}
admin: {{port: {admin}}}
"""
POLICY = """\
zones:
  payments: {level: internal, owner: a@example.com, upstream: payments-kafka, encryption: {transport: plaintext}}
principals: [{name: alice, zone: payments, roles: [unrestricted]}]
flows:
  - name: users
    from: payments
    to: payments
    topics: [{prefix: users}]
    controls:
      - format: {value: avro, schemas: main}
      - redact: {tag: PII, with: remove}
"""
SECONDS = 30.0


class Scene:
    """A cluster, a registry, and a proxy that asks it."""

    def __init__(self, kafka: EmbeddedKafka, registry: FakeRegistry, proxy: ProxyProcess, through: str) -> None:
        self.kafka = kafka
        self.registry = registry
        self.through = through
        self._proxy = proxy

    def awaited(self) -> str:
        """How often somebody was told to come again, so far."""
        return "".join(self._proxy.metric_lines('zoneproxy_notices_total{what="schema_awaited"'))


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("registries")
    first = free_ports(3)
    with EmbeddedKafka(1) as kafka, fake_registry(folder) as registry:
        ports = {"kafka": kafka.bootstrap_servers, "bootstrap": first, "first": first + 1, "admin": first + 2}
        url = f"https://localhost:{registry.server.server_port}"
        (folder / "zoneproxy.yaml").write_text(CONFIG.format(**ports, url=url, ca=registry.server.ca))
        (folder / "policies").mkdir()
        (folder / "policies" / "policy.yaml").write_text(POLICY)
        proxy = ProxyProcess(folder / "zoneproxy.yaml", f"127.0.0.1:{first + 2}", folder / "log")
        yield Scene(kafka, registry, proxy, f"localhost:{first}")
        assert proxy.stop() == 0, (folder / "log").read_text()[-4000:]


def value(schema: int, number: int) -> bytes:
    return b"\x00" + schema.to_bytes(4) + written(USER, {"n": number, "ssn": "078-05-1120"})


def until(condition: Callable[[], bool], meanwhile: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        meanwhile()
        assert time.monotonic() < end


def read(bootstrap: str, topic: str, count: int, meanwhile: Callable[[], object] = lambda: None) -> list[Any]:
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "g"})
    consumer.assign([TopicPartition(topic, 0, 0)])
    values: list[bytes] = []

    def poll() -> None:
        meanwhile()
        message = consumer.poll(0.1)
        if message is not None and message.error() is None:
            values.append(message.value() or b"")

    until(lambda: len(values) >= count, poll)
    consumer.close()
    return [said(USER, each[5:]) for each in values]


def test_producers_wait_for_the_registry_and_lose_nothing(scene: Scene) -> None:
    scene.registry.status, before = 500, scene.awaited()
    delivered: list[tuple[int, object]] = []
    producer = Producer({"bootstrap.servers": scene.through, "enable.idempotence": True, "linger.ms": 0})
    for number in range(20):
        producer.produce(
            "users", value(7, number), partition=0, on_delivery=lambda error, _, n=number: delivered.append((n, error))
        )
        producer.poll(0.01)
    until(lambda: scene.awaited() != before, lambda: producer.poll(0.1))
    assert not delivered
    scene.registry.documents["/schemas/ids/7"] = {"schema": json.dumps(USER)}
    scene.registry.status = 200
    assert producer.flush(SECONDS) == 0
    assert delivered == [(number, None) for number in range(20)]
    assert read(scene.kafka.bootstrap_servers, "users", 20) == [{"n": number, "ssn": None} for number in range(20)]


def test_consumers_wait_for_the_registry_and_miss_nothing(scene: Scene) -> None:
    scene.registry.status, before = 500, scene.awaited()
    producer = Producer({"bootstrap.servers": scene.kafka.bootstrap_servers})
    for number in range(20):
        producer.produce("users.read", value(8, number), partition=0)
    assert producer.flush(SECONDS) == 0
    scene.registry.documents["/schemas/ids/8"] = {"schema": json.dumps(USER)}

    def meanwhile() -> None:
        if scene.awaited() != before:
            scene.registry.status = 200

    expected = [{"n": number, "ssn": None} for number in range(20)]
    assert read(scene.through, "users.read", 20, meanwhile) == expected
