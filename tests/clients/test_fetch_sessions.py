"""Fetch sessions (KIP-227): consumers stay in them through the proxy, and rights count at every fetch.

With ``--direct`` the same scenarios run against a Kafka that decides itself.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest
from confluent_kafka import TopicPartition

from tests.clients.raw import RawClient
from tests.clients.requests import make
from tests.clients.scene import SECONDS, TOPIC_DENIED, Scene, group, next_from, topic
from tests.kafka import java
from zoneproxy.policy.model import Operation
from zoneproxy.wire.batch import Whole, open_batch, walk
from zoneproxy.wire.codec import decode_response
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.record import read_records

if TYPE_CHECKING:
    from collections.abc import Iterator

READ = Operation.READ
UNKNOWN_SESSION, WRONG_EPOCH, UNKNOWN_ID, NO_TOPIC = 70, 71, 100, 3
INCONSISTENT_ID = 103

pytestmark = pytest.mark.timeout(90)


class Fetcher:
    """A consumer of partition 0 of some topics that says in its fetches only what it must."""

    def __init__(self, scene: Scene, client: RawClient, version: int = 13) -> None:
        self.scene, self.client, self.version = scene, client, version
        self.session, self.epoch = 0, 0

    def request(self, offsets: dict[str, int], *, forget: tuple[str, ...] = (), wait: int = 0) -> Any:
        return make(
            ApiKey.FETCH,
            max_wait_ms=wait,
            min_bytes=1,
            max_bytes=1 << 20,
            session_id=self.session,
            session_epoch=self.epoch,
            topics=[
                self._named(name) | {"partitions": [{"fetch_offset": offset, "partition_max_bytes": 1 << 20}]}
                for name, offset in offsets.items()
            ],
            forgotten_topics_data=[self._named(name) | {"partitions": [0]} for name in forget],
        )

    def _named(self, name: str) -> dict[str, Any]:
        return {"topic_id": self.scene.node.id(name)} if self.version >= 13 else {"topic": name}

    def fetch(self, offsets: dict[str, int] | None = None, **more: Any) -> dict[str, tuple[int, list[bytes | None]]]:
        """What the reply says: errors and values by topic."""
        reply = self.client.ask(self.request(offsets or {}, **more), self.version)
        return self.follow(reply)

    def follow(self, reply: Any) -> dict[str, tuple[int, list[bytes | None]]]:
        """Go on in the session."""
        assert reply.error_code == 0
        self.session, self.epoch = reply.session_id, self.epoch + 1
        names = {id_: name for name, id_ in self.scene.node.ids.items()}
        return {
            entry.topic or names[entry.topic_id]: (data.error_code, values(data.records or b""))
            for entry in reply.responses
            for data in entry.partitions
        }


def values(records: bytes) -> list[bytes | None]:
    found = []
    for entry in walk(records):
        assert isinstance(entry, Whole)
        payload = open_batch(entry.view, entry.header, DecompressionLimits())
        found += [record.value for record in read_records(payload, entry.header.records_count)]
    return found


def produce(scene: Scene, name: str, value: bytes) -> None:
    """Past all rules."""
    producer = confluent_kafka.Producer(scene.node.admin_reach.confluent())
    producer.produce(name, value, partition=0)
    assert producer.flush(SECONDS) == 0


@pytest.fixture
def client(scene: Scene) -> Iterator[RawClient]:
    with RawClient(scene.reach) as made:
        yield made


ALL = [b"one", b"two", b"three"]


@pytest.mark.parametrize("version", [7, 12, 13, 17])
def test_a_fetch_that_names_nothing_waits_at_the_broker(version: int, scene: Scene, client: RawClient) -> None:
    name = scene.topic()
    scene.only(topic(READ, name))
    fetcher = Fetcher(scene, client, version)
    assert fetcher.fetch({name: 0}) == {name: (0, ALL)}
    assert fetcher.session != 0
    assert fetcher.fetch({name: 3}) in ({}, {name: (0, [])})

    client.send(client.frame(fetcher.request({}, wait=30_000), version))
    produce(scene, name, b"four")
    assert fetcher.follow(replied(client, version)) == {name: (0, [b"four"])}


def replied(client: RawClient, version: int) -> Any:
    return decode_response(client.receive(), ApiKey.FETCH, version).message


def test_a_right_that_is_revoked_stops_the_next_fetch_and_one_that_is_granted_lets_it_go_on(
    scene: Scene, client: RawClient
) -> None:
    kept, lost = scene.topic(), scene.topic()
    for value in (b"four", b"five"):
        produce(scene, lost, value)
    scene.only(topic(READ, kept), topic(READ, lost))
    fetcher = Fetcher(scene, client)
    assert fetcher.fetch({kept: 3, lost: 3}) == {kept: (0, []), lost: (0, [b"four", b"five"])}
    session = fetcher.session

    scene.only(topic(READ, kept))
    produce(scene, kept, b"four")
    assert fetcher.fetch() == {kept: (0, [b"four"]), lost: (TOPIC_DENIED, [])}
    assert fetcher.fetch({kept: 4}) == {lost: (TOPIC_DENIED, [])}
    scene.only()
    assert fetcher.fetch() == {kept: (TOPIC_DENIED, []), lost: (TOPIC_DENIED, [])}
    assert fetcher.fetch({lost: 4}) == {kept: (TOPIC_DENIED, []), lost: (TOPIC_DENIED, [])}
    scene.only(topic(READ, lost))
    assert fetcher.fetch() == {kept: (TOPIC_DENIED, []), lost: (0, [b"five"])}
    assert fetcher.fetch({lost: 5}, forget=(kept,)) in ({}, {lost: (0, [])})
    assert fetcher.session == session


def test_sessions_are_refused_as_kafka_refuses_them(scene: Scene, client: RawClient) -> None:
    name = scene.topic()
    scene.only(topic(READ, name))
    fetcher = Fetcher(scene, client)
    fetcher.fetch({name: 3})

    def error(session: int, epoch: int) -> int:
        asked = make(ApiKey.FETCH, session_id=session, session_epoch=epoch)
        return int(client.ask(asked, 13).error_code)

    assert error(fetcher.session + 1, 1) == UNKNOWN_SESSION
    assert error(fetcher.session, 7) == WRONG_EPOCH
    assert error(fetcher.session, -1) == 0
    assert error(fetcher.session, 1) == UNKNOWN_SESSION


def test_a_topic_that_is_made_anew_is_another_one(scene: Scene, client: RawClient) -> None:
    name = scene.topic()
    scene.only(topic(READ, name))
    fetcher = Fetcher(scene, client)
    fetcher.fetch({name: 3})
    old = scene.node.id(name)
    scene.node.admin(make(ApiKey.DELETE_TOPICS, topics=[{"name": name}], timeout_ms=20_000), 6)
    scene.node.make_topics([name], partitions=1)
    scene.node.refresh()
    new = scene.node.id(name)
    assert new != old

    scene.node.ids[f"old {name}"] = old
    found = fetcher.fetch()
    assert found[f"old {name}"][0] in (UNKNOWN_ID, INCONSISTENT_ID, NO_TOPIC)
    produce(scene, name, b"anew")
    assert fetcher.fetch({name: 0}, forget=(f"old {name}",)) == {name: (0, [b"anew"])}
    del scene.node.ids[f"old {name}"]


def test_javas_consumer_reads_in_a_session(scene: Scene) -> None:
    name = scene.topic()
    scene.only(topic(READ, name))
    arguments = [*scene.reach.java(), "--topic", name, "--partition", "0", "--offset", "earliest"]
    command = java.command(
        "org.apache.kafka.tools.consumer.ConsoleConsumer", *arguments, "--max-messages", "3", log_level="debug"
    )
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)

    assert [line for line in done.stdout.splitlines() if line in ("one", "two", "three")] == ["one", "two", "three"]
    assert "created a new incremental fetch session" in done.stdout


def test_librdkafkas_consumer_stops_and_goes_on(scene: Scene) -> None:
    name, team = scene.topic(), scene.name()
    scene.only(topic(READ, name), group(READ, team))
    with scene.consumer(group_id=team) as consumer:
        consumer.assign([TopicPartition(name, 0, 0)])
        assert [next_from(consumer) for _ in ALL] == ALL
        scene.only(topic(Operation.DESCRIBE, name), group(READ, team))
        assert next_from(consumer) == TOPIC_DENIED
        produce(scene, name, b"four")
        scene.only(topic(READ, name), group(READ, team))
        assert next_from(consumer, besides=TOPIC_DENIED) == b"four"
