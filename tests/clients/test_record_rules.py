"""Record rules on a real Kafka: each principal its own view of a topic, and lineage over three zones."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import confluent_kafka
import kafka
import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from tests.clients.reach import Reach
from tests.kafka.certificates import Authority
from tests.kafka.single import NODE, Single
from tests.net.test_server import free_ports
from tools.proxy_process import ProxyProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 30
POLICY_VIOLATION = 44
ZONES = ("red", "green", "blue")
SECRETS = {zone: hashlib.sha256(zone.encode()).hexdigest() for zone in ZONES}
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "lineage.md"
TOPICS = ("red.rows", "red.lined", "red.plain", "blue.lined", "blue.rows", "blue.plain")
Headers = list[tuple[str, bytes]]


class World:
    """The node, and the proxy before it with a listener for each zone. alice and bob are at home in green."""

    def __init__(self, folder: Path, closing: contextlib.ExitStack) -> None:
        self._authority = Authority(folder / "certificates", "authority")
        self.node = Single(folder / "node", self._authority, "127.0.0.27", acls=False)
        closing.callback(self.node.close)
        self.node.start()
        self.node.wait_ready()
        self.direct = Reach(self.node.address, self.node.admin)
        admin = AdminClient(self.direct.confluent())
        for future in admin.create_topics([NewTopic(topic, 1, 1) for topic in TOPICS]).values():
            future.result(SECONDS)
        *ports, metrics = free_ports(2 * len(ZONES) + 1)
        self._ports = dict(zip(ZONES, zip(ports[::2], ports[1::2], strict=True), strict=True))
        config = folder / "zoneproxy.yaml"
        config.write_text(json.dumps(self._settings(folder, metrics)))
        self.proxy = ProxyProcess(config, f"127.0.0.1:{metrics}", folder / "log")
        closing.callback(self.proxy.stop)

    def reach(self, zone: str, name: str) -> Reach:
        """How somebody gets to a zone."""
        return Reach(f"localhost:{self._ports[zone][1]}", self._authority.issue(name))

    def send(self, reach: Reach, topic: str, *records: tuple[bytes | None, bytes | None, Headers]) -> int:
        """Produce (key, value, headers) in one batch; the error code of the last."""
        codes = [0]
        producer = confluent_kafka.Producer(reach.confluent(linger_ms=100, compression_type="zstd"))
        for key, value, headers in records:
            producer.produce(
                topic,
                value,
                key,
                partition=0,
                headers=headers,  # type: ignore[arg-type]
                on_delivery=lambda error, _: codes.append(error.code() if error else 0),
            )
        assert producer.flush(SECONDS) == 0
        return int(codes[-1])

    def read(self, reach: Reach, topic: str, count: int, at: int = 0) -> list[Any]:
        """So many messages of partition 0, checksums verified."""
        consumer = confluent_kafka.Consumer(
            reach.confluent(group_id="reader", enable_auto_commit=False, check_crcs=True)
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

    def _settings(self, folder: Path, metrics: int) -> dict[str, Any]:
        (folder / "policies").mkdir()
        (folder / "policies" / "policy.yaml").write_text(json.dumps(_policy()))
        for zone, secret in SECRETS.items():
            (folder / f"{zone}.key").write_text(secret)
        server, itself = self._authority.issue("server", hosts=["localhost"]), self._authority.issue("zoneproxy")
        ca = str(self._authority.ca)
        own = {"ca": ca, "certificate": str(itself.certificate), "key": str(itself.key)}
        return {
            "listeners": [
                {
                    "name": zone,
                    "zone": zone,
                    "advertised_host": "localhost",
                    "ports": {"bootstrap": bootstrap, "first": node, "node_ids": f"{NODE}-{NODE}"},
                    "tls": {"certificate": str(server.certificate), "key": str(server.key), "client_ca": ca},
                }
                for zone, (bootstrap, node) in self._ports.items()
            ],
            "upstreams": {"kafka": {"bootstrap": [self.node.address], "tls": own}},
            "keys": {zone: {"file": f"{zone}.key"} for zone in ZONES},
            "policies": "policies",
            "admin": {"port": metrics},
        }


def _policy() -> dict[str, Any]:
    zone = {"level": "internal", "owner": "tests@example.com", "upstream": "kafka"}
    may = [{"allow": ["read", "write"], "topic": "*"}, {"allow": ["read"], "group": "*"}]

    def flow(name: str, from_: str, to: str, *controls: dict[str, Any]) -> dict[str, Any]:
        topic = name.partition(" ")[0]
        return {"name": name, "from": from_, "to": to, "topics": [topic], "controls": list(controls)}

    return {
        "zones": {name: {**zone, "namespace": f"{name}.", "lineage_keys": [name]} for name in ZONES},
        "principals": [
            {"name": name, "zone": home, "match": {"subject": {"CN": name}}, "roles": ["all"]}
            for name, home in {"rita": "red", "alice": "green", "bob": "green", "bert": "blue"}.items()
        ],
        "roles": {"all": may},
        "flows": [
            flow("rows out", "red", "green", {"filter": {"when": "$.for == principal.name or $.for == 'all'"}}),
            flow("rows in", "green", "blue", {"filter": {"when": "$.for == 'all'"}}, {"size": {"value": 100}}),
            flow("lined out", "red", "green", {"redact": {"field": "$.card", "with": "mask"}}, {"lineage": {}}),
            flow("lined in", "green", "blue", {"lineage": {"require": True}}),
            flow("plain in", "green", "blue", {"headers": {"forbid": [{"prefix": "x-"}], "action": "remove"}}),
        ],
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, kafka_is_there: None) -> Iterator[World]:
    with contextlib.ExitStack() as closing:
        yield World(tmp_path_factory.mktemp("rules"), closing)


def rows(*names: str) -> list[tuple[bytes, bytes, Headers]]:
    return [(name.encode(), json.dumps({"for": name}).encode(), []) for name in names]


def test_each_principal_has_its_own_view_of_a_topic(world: World) -> None:
    assert world.send(world.reach("red", "rita"), "rows", *rows("alice", "bob", "carol", "alice", "all")) == 0
    assert world.send(world.reach("red", "rita"), "rows", (b"bob", None, []), *rows("carol")) == 0
    for name, offsets in {"alice": [0, 3, 4, 5], "bob": [1, 4, 5]}.items():
        seen = world.read(world.reach("red", name), "rows", len(offsets))
        assert [message.offset() for message in seen] == offsets
        assert [message.value() for message in seen][-1] is None  # a tombstone is for everybody
    assert len(world.read(world.reach("red", "rita"), "rows", 7)) == 7  # at home no flow applies
    metrics = world.proxy.get("/metrics")
    assert 'zoneproxy_filtered_records_total{mode="enforced",rule="rows out",zone="red"}' in metrics
    assert 'zoneproxy_blocked_records_total{reason="filter",side="fetch"' not in metrics


def test_another_client_library_sees_the_same_view(world: World) -> None:
    world.send(world.reach("red", "rita"), "rows", *rows("alice", "bob", "all"))
    start = int(world.read(world.direct, "red.rows", 1)[0].offset())
    consumer = kafka.KafkaConsumer(
        **world.reach("red", "bob").kafka_python(group_id=None, auto_offset_reset="earliest", check_crcs=True)
    )
    place = kafka.TopicPartition("rows", 0)
    consumer.assign([place])
    consumer.seek(place, start)
    values: list[bytes | None] = []
    while len(values) < 2:
        values += [record.value for record in consumer.poll(SECONDS * 1000).get(place, [])]
    consumer.close()
    assert all(value is None or json.loads(value)["for"] in ("bob", "all") for value in values)


def test_other_rows_and_large_ones_are_refused_on_produce(world: World) -> None:
    alice = world.reach("blue", "alice")
    assert world.send(alice, "rows", *rows("all")) == 0
    assert world.send(alice, "rows", *rows("all", "alice")) == POLICY_VIOLATION
    assert (
        world.send(alice, "rows", (b"", json.dumps({"for": "all", "more": "x" * 100}).encode(), [])) == POLICY_VIOLATION
    )


def test_lineage_goes_along_over_three_zones(world: World) -> None:
    """As somebody else would verify it, by the words of the document."""
    headers: Headers = [("type", b"json"), ("empty", b"")]
    card = json.dumps({"id": 1, "card": "4111"}).encode()
    assert world.send(world.reach("red", "rita"), "lined", (b"k", card, headers), (b"k", None, headers)) == 0
    crossed = world.read(world.reach("red", "alice"), "lined", 2)
    assert json.loads(crossed[0].value())["card"] == "****"
    copies = [(message.key(), message.value(), message.headers()) for message in crossed]
    assert world.send(world.reach("blue", "alice"), "lined", *copies) == 0
    for message in world.read(world.reach("blue", "bert"), "lined", 2):
        assert message.headers()[:2] == headers
        hops = verified(message.key(), message.value(), message.headers())
        assert hops is not None
        assert [(hop["from"], hop["to"], hop["topic"], hop["side"]) for hop in hops] == [
            ("red", "green", "lined", "fetch"),
            ("green", "blue", "lined", "produce"),
        ]
    assert not world.read(world.direct, "red.lined", 1)[0].headers()[2:]  # what is stored has crossed nothing


def test_lineage_cannot_be_changed_moved_or_left_out(world: World) -> None:
    value = json.dumps({"id": 2}).encode()
    assert world.send(world.reach("red", "rita"), "lined", (b"k", value, [])) == 0
    at = int(world.read(world.direct, "red.lined", 3)[-1].offset())
    (crossed,) = world.read(world.reach("red", "alice"), "lined", 1, at)
    alice, lineage = world.reach("blue", "alice"), crossed.headers()
    for key, changed, headers in (
        (b"k", value + b" ", lineage),
        (b"l", value, lineage),
        (b"k", None, lineage),
        (b"k", value, [*lineage, ("more", b"")]),
        (b"k", value, lineage[:1]),
        (b"k", value, []),
    ):
        assert world.send(alice, "lined", (key, changed, headers)) == POLICY_VIOLATION
    # where nothing asks for lineage, what is there must still be true
    assert world.send(alice, "plain", (b"k", value + b" ", lineage)) == POLICY_VIOLATION
    assert world.send(alice, "plain", (b"k", value, [])) == 0
    assert world.send(alice, "lined", (b"k", value, lineage)) == 0


def test_forbidden_headers_are_taken_off_before_a_record_is_stored(world: World) -> None:
    sent: Headers = [("x-internal", b"1"), ("trace", b"2"), ("x-", b"")]
    assert world.send(world.reach("blue", "alice"), "plain", (b"key", b"value", sent)) == 0
    stored = world.read(world.direct, "blue.plain", 2)[-1]
    assert (stored.key(), stored.value(), stored.headers()) == (b"key", b"value", [("trace", b"2")])


def verified(key: bytes | None, value: bytes | None, headers: Headers) -> list[dict[str, str]] | None:
    (code,) = re.findall(r"^```python\n(.*?)^```", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE)
    words: dict[str, Any] = {}
    exec(code, words)
    found: list[dict[str, str]] | None = words["hops"](
        key, value, headers, {zone: (zone, secret.encode()) for zone, secret in SECRETS.items()}
    )
    return found
