"""Violations on a real Kafka: events for whoever looks into them, sealed copies, and nothing of the value anywhere.

Two zones share the node, so that names in a namespace are in it as well. ``red`` has a second listener where controls
are only tried out.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient, NewTopic
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.clients.reach import Reach
from tests.clients.waiting import until
from tests.kafka.certificates import Authority
from tests.kafka.single import NODE, Single
from tests.net.test_server import free_ports
from tools.proxy_process import ProxyProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECONDS = 30
EVENTS, COPIES = "security.violations", "red.security.quarantine"
CANARY = "-".join(("4111", "1111", "1111", "1111"))
DIRTY, CLEAN = f'{{"note":"card {CANARY}"}}'.encode(), b'{"note":"nothing"}'
POLICY_VIOLATION, TOPIC_DENIED = 44, 29
LISTENERS = ("red", "blue", "red-observed")


class World:
    """The node, the proxy before it, and the keys of the quarantine."""

    def __init__(self, folder: Path, closing: contextlib.ExitStack) -> None:
        self._authority = Authority(folder / "certificates", "authority")
        self.node = Single(folder / "node", self._authority, "127.0.0.26", acls=False)
        closing.callback(self.node.close)
        self.node.start()
        self.node.wait_ready()
        self.direct = Reach(self.node.address, self.node.admin)
        self.log, self.key = folder / "log", folder / "quarantine.key"
        self._ports = dict(zip(LISTENERS, zip(*[iter(free_ports(2 * len(LISTENERS)))] * 2, strict=True), strict=True))
        self._make_topics()
        (admin,) = free_ports(1)
        config = folder / "zoneproxy.yaml"
        config.write_text(json.dumps(self._settings(folder, admin)))
        self.proxy = ProxyProcess(config, f"127.0.0.1:{admin}", self.log)
        closing.callback(self.proxy.stop)

    def reach(self, listener: str, name: str = "red") -> Reach:
        return Reach(f"localhost:{self._ports[listener][1]}", self._authority.issue(name))

    def send(self, reach: Reach, topic: str, *values: bytes) -> int:
        """Produce in one batch; the error code of the last."""
        codes = [0]
        producer = confluent_kafka.Producer(reach.confluent(linger_ms=100, compression_type="zstd"))
        for value in values:
            producer.produce(
                topic, value, partition=0, on_delivery=lambda error, _: codes.append(error.code() if error else 0)
            )
        assert producer.flush(SECONDS) == 0
        return int(codes[-1])

    def read(self, topic: str, count: int, reach: Reach | None = None, at: int = 0) -> list[Any]:
        """So many messages of partition 0."""
        consumer = confluent_kafka.Consumer(
            (reach or self.direct).confluent(group_id="reader", enable_auto_commit=False)
        )
        consumer.assign([confluent_kafka.TopicPartition(topic, 0, at)])
        messages: list[Any] = []
        while len(messages) < count:
            some = consumer.consume(count - len(messages), SECONDS)
            assert some, f"{len(messages)} of {count} records of {topic}"
            assert not any(message.error() for message in some)
            messages += some
        consumer.close()
        return messages

    def end(self, topic: str) -> int:
        """The next offset of partition 0."""
        consumer = confluent_kafka.Consumer(self.direct.confluent(group_id="reader"))
        _, high = consumer.get_watermark_offsets(confluent_kafka.TopicPartition(topic, 0), SECONDS)
        consumer.close()
        return int(high)

    def events(self, since: int, count: int) -> list[dict[str, Any]]:
        """The data of the events from an offset on, as soon as there are so many."""
        until(lambda: self.end(EVENTS) >= since + count)
        return [json.loads(message.value())["data"] for message in self.read(EVENTS, count, at=since)]

    def open(self, *sealed: bytes) -> list[dict[str, Any]]:
        """What is in sealed copies, by the command that whoever has the key has."""
        command = [sys.executable, "-m", "zoneproxy", "quarantine", "open", "--key", str(self.key)]
        done = subprocess.run(command, input=b"\n".join(sealed), capture_output=True, check=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def _make_topics(self) -> None:
        names = [EVENTS, COPIES, *(f"red.{topic}" for topic in ("blocked", "kept", "masked", "alerted"))]
        admin = AdminClient(self.direct.confluent())  # results come as long as it is there
        for future in admin.create_topics([NewTopic(name, 1, 1) for name in names]).values():
            future.result(SECONDS)

    def _settings(self, folder: Path, admin: int) -> dict[str, Any]:
        key = X25519PrivateKey.generate()
        self.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (folder / "quarantine.pub").write_bytes(public)
        policies = folder / "policies"
        policies.mkdir()
        (policies / "policy.yaml").write_text(json.dumps(_policy()))
        server, itself = self._authority.issue("server", hosts=["localhost"]), self._authority.issue("zoneproxy")
        ca = str(self._authority.ca)
        tls = {"certificate": str(server.certificate), "key": str(server.key), "client_ca": ca}
        own = {"ca": ca, "certificate": str(itself.certificate), "key": str(itself.key)}
        return {
            "listeners": [
                {
                    "name": name,
                    "zone": name.partition("-")[0],
                    "observe": name.endswith("observed"),
                    "advertised_host": "localhost",
                    "ports": {"bootstrap": bootstrap, "first": node, "node_ids": f"{NODE}-{NODE}"},
                    "tls": tls,
                }
                for name, (bootstrap, node) in self._ports.items()
            ],
            "upstreams": {"kafka": {"bootstrap": [self.node.address], "tls": own}},
            "audit": {"upstream": "kafka"},
            "quarantine": {"red": {"public_key": "quarantine.pub"}},
            "policies": str(policies),
            "admin": {"port": admin},
        }


def _policy() -> dict[str, Any]:
    zone = {"level": "internal", "owner": "tests@example.com", "upstream": "kafka"}
    actions = {"blocked": "block", "kept": "quarantine", "masked": "redact", "alerted": "alert"}
    return {
        "zones": {name: {**zone, "namespace": f"{name}."} for name in ("red", "blue")},
        "principals": [
            {"name": name, "zone": name, "match": {"subject": {"CN": name}}, "roles": ["unrestricted"]}
            for name in ("red", "blue")
        ],
        "flows": [
            {
                "name": f"cards {topic}",
                "from": "red",
                "to": "red",
                "topics": [topic],
                "controls": [{"detect": {"types": ["PAYMENT_CARD"], "action": action}}],
            }
            for topic, action in actions.items()
        ],
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, kafka_is_there: None) -> Iterator[World]:
    with contextlib.ExitStack() as closing:
        yield World(tmp_path_factory.mktemp("trail"), closing)


def test_a_blocked_record_is_told_of_and_not_stored(world: World) -> None:
    before = world.end(EVENTS)
    assert world.send(world.reach("red"), "blocked", CLEAN, DIRTY) == POLICY_VIOLATION
    (event,) = world.events(before, 1)
    assert (event["rule"], event["finding"], event["action"], event["mode"]) == (
        "cards blocked",
        "PAYMENT_CARD",
        "block",
        "enforced",
    )
    assert (event["topic"], event["partition"], event["principal"], event["side"]) == ("blocked", 0, "red", "produce")
    assert [record["index"] for record in event["records"]] == [1]
    assert world.end("red.blocked") == 0


@pytest.mark.parametrize(("topic", "action"), [("masked", "redact"), ("alerted", "alert")])
def test_what_goes_on_is_told_of_as_well(world: World, topic: str, action: str) -> None:
    before = world.end(EVENTS)
    assert world.send(world.reach("red"), topic, DIRTY) == 0
    (event,) = world.events(before, 1)
    assert (event["action"], event["topic"], event["count"]) == (action, topic, 1)
    (stored,) = world.read(f"red.{topic}", 1)
    assert (CANARY.encode() in stored.value()) is (action == "alert")


def test_a_quarantined_batch_can_be_opened_with_the_private_key_only(world: World) -> None:
    before, copies = world.end(EVENTS), world.end(COPIES)
    assert world.send(world.reach("red"), "kept", CLEAN, DIRTY) == POLICY_VIOLATION
    assert [event["action"] for event in world.events(before, 1)] == ["quarantine"]
    until(lambda: world.end(COPIES) > copies)
    (copy,) = world.read(COPIES, 1, at=copies)
    said = dict(copy.headers())
    assert (said["rules"], said["topic"], said["principal"]) == (b"cards kept", b"kept", b"red")
    assert [record["value"].encode() for record in world.open(copy.value())] == [CLEAN, DIRTY]
    assert world.end("red.kept") == 0


def test_what_is_taken_out_of_a_fetch_is_kept_once_with_its_offset(world: World) -> None:
    copies = world.end(COPIES)
    assert world.send(world.direct, "red.kept", CLEAN, DIRTY, CLEAN) == 0
    first = world.end("red.kept") - 3
    for _ in range(2):
        read = world.read("kept", 2, world.reach("red"), at=first)
        assert [message.value() for message in read] == [CLEAN, CLEAN]
    until(lambda: world.end(COPIES) > copies)
    (copy,) = world.read(COPIES, 1, at=copies)
    (opened,) = world.open(copy.value())
    assert (opened["value"].encode(), opened["offset"], opened["why"]["side"]) == (DIRTY, first + 1, "fetch")
    assert world.end(COPIES) == copies + 1


@pytest.mark.parametrize(("topic", "action"), [("blocked", "block"), ("kept", "quarantine"), ("masked", "redact")])
def test_where_controls_are_tried_out_nothing_changes_but_the_events_come(
    world: World, topic: str, action: str
) -> None:
    before, copies, stored = world.end(EVENTS), world.end(COPIES), world.end(f"red.{topic}")
    assert world.send(world.reach("red-observed"), topic, DIRTY) == 0
    assert [message.value() for message in world.read(topic, 1, world.reach("red-observed"), at=stored)] == [DIRTY]
    produced, *fetched = world.events(before, 2)
    assert (produced["mode"], produced["action"], produced["side"]) == ("observed", action, "produce")
    assert {event["mode"] for event in fetched} == {"observed"}
    assert world.end(COPIES) == copies
    metrics = world.proxy.get("/metrics")
    assert 'zoneproxy_tried_out_info{kind="listener",name="red-observed"} 1.0' in metrics


@pytest.mark.parametrize(("zone", "topic"), [("red", "security.quarantine"), ("red", EVENTS), ("blue", EVENTS)])
def test_no_client_reaches_the_trail(world: World, zone: str, topic: str) -> None:
    reach = world.reach(zone, zone)
    admin = AdminClient(reach.confluent())
    assert topic not in admin.list_topics(timeout=SECONDS).topics
    assert world.send(reach, topic, b"forged") == TOPIC_DENIED
    with pytest.raises(KafkaException, match="TOPIC_AUTHORIZATION_FAILED"):
        admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(SECONDS)


def test_the_value_is_in_no_sink(world: World) -> None:
    """Whatever the tests before have caused: events, copies, headers, log and metrics say nothing of the card."""
    assert world.end(EVENTS) > 0
    assert world.end(COPIES) > 0
    told = [world.log.read_text(), world.proxy.get("/metrics")]
    for topic in (EVENTS, COPIES):
        for message in world.read(topic, world.end(topic)):
            told += [repr(message.value()), repr(message.headers())]
    for text in told:
        for form in (CANARY, CANARY.replace("-", ""), CANARY[:9], CANARY[-9:]):
            assert form not in text
