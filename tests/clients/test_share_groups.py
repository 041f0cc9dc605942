"""Share groups (KIP-932): Kafka's own share consumer through the proxy, and rights that count at every fetch.

With ``--direct`` the same scenarios run against a Kafka that decides itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest

from tests.clients import jvm
from tests.clients.raw import RawClient
from tests.clients.requests import make
from tests.clients.scene import (
    GROUP_DENIED,
    SECONDS,
    TOPIC_DENIED,
    Scene,
    group,
    policy,
    topic,
)
from tests.clients.waiting import until
from tests.kafka.guarded import ZONE
from zoneproxy.policy.model import Operation
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Iterator

READ, DESCRIBE, DELETE = Operation.READ, Operation.DESCRIBE, Operation.DELETE
ADDRESS = "write to jane@example.com"
NOT_EMPTY = 68
_GROUP_RESOURCE = 32  # ConfigResource.Type
_ACCEPT = 1

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def team(scene: Scene) -> str:
    """A share group that begins where its topics begin."""
    name = scene.name("team-")
    config = {"name": "share.auto.offset.reset", "value": "earliest"}
    resource = {"resource_type": _GROUP_RESOURCE, "resource_name": name, "configs": [config]}
    (done,) = scene.node.admin(make(ApiKey.INCREMENTAL_ALTER_CONFIGS, resources=[resource]), 1).responses
    assert done.error_code == 0, done.error_message
    return name


class Member:
    """A member of a share group, as far as it takes to see what it is given of partition 0 of some topics."""

    def __init__(self, scene: Scene, client: RawClient, group_id: str) -> None:
        self.scene, self.client, self.group_id = scene, client, group_id
        self.id = "AAAAAAAAAAAAAAAAAAAABw"
        self.epoch = 0

    def join(self, *topics: str) -> int:
        """The error of a heartbeat."""
        beat = make(
            ApiKey.SHARE_GROUP_HEARTBEAT,
            group_id=self.group_id,
            member_id=self.id,
            member_epoch=0,
            subscribed_topic_names=list(topics),
        )
        return int(self.client.ask(beat, 1).error_code)

    def fetch(self, *topics: str, acknowledge: dict[str, int] | None = None) -> dict[str, tuple[int, int, int]]:
        """By topic: the error, the one of the acknowledgement, and how many records were acquired."""
        acknowledge = acknowledge or {}
        named = [
            {
                "topic_id": self.scene.node.id(name),
                "partitions": [{"partition_index": 0, "acknowledgement_batches": _batches(acknowledge.get(name, -1))}],
            }
            for name in dict.fromkeys((*topics, *acknowledge))
        ]
        asked = make(
            ApiKey.SHARE_FETCH,
            group_id=self.group_id,
            member_id=self.id,
            share_session_epoch=self.epoch,
            max_wait_ms=300,
            min_bytes=1,
            max_records=100,
            batch_size=100,
            topics=named,
        )
        reply: Any = self.client.ask(asked, 1)
        assert reply.error_code == 0
        self.epoch += 1
        names = {id_: name for name, id_ in self.scene.node.ids.items()}
        return {
            names[entry.topic_id]: (
                data.error_code,
                data.acknowledge_error_code,
                sum(one.last_offset - one.first_offset + 1 for one in data.acquired_records),
            )
            for entry in reply.responses
            for data in entry.partitions
        }

    def fetch_until(self, name: str, wanted: tuple[int, int, int], *topics: str) -> None:
        """Fetch until a topic says that: a share partition is loaded when it is first asked for."""
        seen: list[Any] = []

        def said() -> bool:
            first = not seen
            seen.append(self.fetch(*(topics if first else ())))
            return seen[-1].get(name) == wanted  # type: ignore[no-any-return]

        until(said, lambda: seen, SECONDS)


def _batches(last: int) -> list[dict[str, Any]]:
    """The acknowledgement of all records up to ``last``."""
    return [{"first_offset": 0, "last_offset": last, "acknowledge_types": [_ACCEPT]}] if last >= 0 else []


@pytest.fixture
def client(scene: Scene) -> Iterator[RawClient]:
    with RawClient(scene.reach) as made:
        yield made


def test_javas_share_consumer_reads(scene: Scene, team: str) -> None:
    name = scene.topic()
    scene.only(topic(READ, name), group(READ, team))

    assert read(scene, name, team, 3) == ["one", "two", "three"]


def read(scene: Scene, name: str, team: str, count: int) -> list[str]:
    arguments = ["--topic", name, "--group", team, "--max-messages", str(count), "--timeout-ms", "30000"]
    return jvm.run(
        "org.apache.kafka.tools.consumer.ConsoleShareConsumer", *scene.reach.java(), *arguments
    ).splitlines()[:count]


@pytest.mark.parametrize(("action", "seen"), [("redact", 1), ("block", 0)])
def test_records_are_redacted_for_a_share_group_and_blocked_ones_keep_the_topic_back(
    action: str, seen: int, scene: Scene, team: str, client: RawClient, request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--direct"):
        pytest.skip("Kafka has no flows")
    name = scene.name()
    scene.node.make_topics([name], partitions=1)
    producer = confluent_kafka.Producer(scene.node.admin_reach.confluent())
    producer.produce(name, ADDRESS, partition=0)
    assert producer.flush(SECONDS) == 0
    redact = {"redact": {"types": ["EMAIL"], "with": "mask"}}
    block = {"detect": {"types": ["EMAIL"], "action": "block"}}
    flow = {"name": "f", "from": ZONE, "to": ZONE, "topics": [name], "controls": [redact if seen else block]}
    assert scene._proxy is not None
    scene._proxy.put(policy([topic(READ, name), group(READ, team)]) | {"flows": [flow]})
    scene._rights = frozenset()

    if seen:
        (text,) = read(scene, name, team, 1)
        assert text.startswith("write to ****")
        assert "jane" not in text
    else:
        member = Member(scene, client, team)
        assert member.join(name) == 0
        assert member.fetch(name) == {name: (TOPIC_DENIED, 0, 0)}


def test_rights_count_at_every_fetch_and_what_is_refused_is_not_acquired(
    scene: Scene, team: str, client: RawClient
) -> None:
    kept, lost = scene.topic(), scene.topic()
    scene.only(topic(READ, kept), topic(DESCRIBE, lost), group(READ, team))
    member = Member(scene, client, team)
    assert member.join(kept, lost) == 0
    member.fetch_until(kept, (0, 0, 3), kept, lost)
    assert member.fetch() == {lost: (TOPIC_DENIED, 0, 0)}
    assert member.fetch(acknowledge={kept: 2, lost: 2})[lost] == (TOPIC_DENIED, TOPIC_DENIED, 0)

    scene.only(topic(DESCRIBE, kept), topic(READ, lost), group(READ, team))
    member.fetch_until(lost, (0, 0, 3))  # all three are still there
    assert member.fetch() == {kept: (TOPIC_DENIED, 0, 0)}
    scene.only()
    asked = make(ApiKey.SHARE_FETCH, group_id=team, member_id=member.id, share_session_epoch=member.epoch)
    assert client.ask(asked, 1).error_code == GROUP_DENIED


def test_topics_that_may_not_be_described_are_not_subscribed_to(scene: Scene, team: str, client: RawClient) -> None:
    seen, hidden = scene.topic(), scene.topic()
    scene.only(topic(READ, seen), group(READ, team))

    assert Member(scene, client, team).join(seen, hidden) == TOPIC_DENIED
    assert Member(scene, client, "other").join(seen) == GROUP_DENIED


def test_offsets_of_a_share_group(scene: Scene, team: str, client: RawClient) -> None:
    seen, hidden = scene.topic(), scene.topic()
    scene.only(topic(READ, seen), topic(READ, hidden), group(READ, team))
    member = Member(scene, client, team)
    assert member.join(seen, hidden) == 0
    member.fetch_until(seen, (0, 0, 3), seen, hidden)
    scene.only(topic(READ, seen), group(READ, team))
    everything = make(ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS, groups=[{"group_id": team, "topics": None}])
    (described,) = client.ask(everything, 0).groups

    assert [entry.topic_name for entry in described.topics] == [seen]
    named = [{"topic_name": hidden, "partitions": [{"partition_index": 0, "start_offset": 0}]}]
    altered = client.ask(make(ApiKey.ALTER_SHARE_GROUP_OFFSETS, group_id=team, topics=named), 0)
    assert (altered.error_code, altered.responses) == (NOT_EMPTY, [])
    deleting = make(ApiKey.DELETE_SHARE_GROUP_OFFSETS, group_id=team, topics=[{"topic_name": hidden}])
    assert client.ask(deleting, 0).error_code == GROUP_DENIED
    scene.only(topic(READ, seen), group(READ, team), group(DELETE, team))
    deleted = client.ask(deleting, 0)
    assert (deleted.error_code, deleted.responses) == (NOT_EMPTY, [])
