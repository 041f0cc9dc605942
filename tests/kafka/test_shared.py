"""Two zones on one real Kafka: whoever tries the other's names, in every API and version, learns nothing by it.

The zone blue has a topic, a group and a transactional id of one name. The zone red, whose principal may do everything
there, asks for that name, for the name that it has on the node, and for its topic's id: the replies are the same, byte
for byte, as for names and ids that nobody has.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.batches import batch
from tests.clients.raw import RawClient
from tests.clients.reach import Reach
from tests.clients.requests import make
from tests.clients.waiting import until
from tests.kafka.certificates import Authority
from tests.kafka.probes import probe, says
from tests.kafka.shared import Shared, prefix
from tests.kafka.single import Single
from zoneproxy.boundary.apis import OPEN
from zoneproxy.policy.namespaces import MAX_TOPIC_LENGTH
from zoneproxy.wire.codec import encode_response
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.registry import APIS
from zoneproxy.wire.messages.struct import Struct

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARK = "zq"  # in nobody's names but blue's
SECRET = "zqsecret"
NOBODYS_ID = bytes(8) + b"nobodys!"

# Different in each reply of one and the same broker.
_VOLATILE = {
    "throttle_time_ms": 0,
    "producer_id": 0,
    "member_id": "",
    "leader": "",
    "generation_id": 0,
    "size": 0,
    "topic_id": bytes(16),
}


class World:
    """The node, the proxy, and clients of both zones, each with one connection at a time."""

    def __init__(self, folder: Path, closing: contextlib.ExitStack) -> None:
        authority = Authority(folder / "certificates", "authority of both sides")
        node = Single(folder / "node", authority, "127.0.0.23", acls=False)
        closing.callback(node.close)
        node.start()
        node.wait_ready()
        self.proxy = Shared(folder / "proxy", authority, node)
        closing.callback(self.proxy.close)
        self.admin = RawClient(Reach(node.address, node.admin))
        closing.push(self.admin)
        self._red = RawClient(self.proxy.reach("red"))
        self.blue = RawClient(self.proxy.reach("blue"))
        closing.push(self.blue)
        closing.callback(lambda: self._red.__exit__())
        self.ids: dict[str, bytes] = {}

    @property
    def offered(self) -> dict[int, tuple[int, int]]:
        """What red is offered, by API key."""
        return self._red.versions

    def red(self, message: Any, version: int) -> Any:
        """What red is answered, or None if its connection was closed."""
        try:
            return self._red.ask(message, version)
        except (EOFError, ConnectionError):
            self._red.__exit__()
            self._red = RawClient(self.proxy.reach("red"))
            return None

    @property
    def last(self) -> bytes:
        """The frame of red's last answer."""
        return self._red.last

    def furnish(self) -> None:
        """Make blue's secret in every form, through the proxy."""
        for key_type in (0, 1):
            find = make(ApiKey.FIND_COORDINATOR, key_type=key_type, coordinator_keys=["any"])
            until(lambda find=find: self.blue.ask(find, 4).coordinators[0].error_code == 0)
        topic = {"name": SECRET, "num_partitions": 1, "replication_factor": 1}
        made = self.blue.ask(make(ApiKey.CREATE_TOPICS, topics=[topic], timeout_ms=20000), 7)
        assert made.topics[0].error_code == 0, made
        self.ids[SECRET] = made.topics[0].topic_id
        one = {"topic_id": self.ids[SECRET], "partition_data": [{"index": 0, "records": batch([b"one", b"two"])}]}
        produce = make(ApiKey.PRODUCE, acks=-1, timeout_ms=10000, topic_data=[one])
        until(lambda: self.blue.ask(produce, 13).responses[0].partition_responses[0].error_code == 0)
        init = make(ApiKey.INIT_PRODUCER_ID, transactional_id=SECRET, transaction_timeout_ms=60000)
        until(lambda: self.blue.ask(init, 4).error_code == 0)
        partitions = [{"partition_index": 0, "committed_offset": 1}]
        commit = make(ApiKey.OFFSET_COMMIT, group_id=SECRET, topics=[{"name": SECRET, "partitions": partitions}])
        until(lambda: self.blue.ask(commit, 9).topics[0].partitions[0].error_code == 0)

    def blues(self) -> list[Any]:
        """All that blue has, as blue sees it."""
        topics = self.blue.ask(make(ApiKey.METADATA, topics=None), 12).topics
        offsets = make(ApiKey.LIST_OFFSETS, replica_id=-1, topics=[_latest(SECRET)])
        fetch = make(ApiKey.OFFSET_FETCH, groups=[{"group_id": SECRET, "topics": None}])
        configs = make(ApiKey.DESCRIBE_CONFIGS, resources=[{"resource_type": 2, "resource_name": SECRET}])
        return [
            [(topic.name, bytes(topic.topic_id), len(topic.partitions)) for topic in topics],
            [group.group_id for group in self.blue.ask(make(ApiKey.LIST_GROUPS), 4).groups],
            self.blue.ask(make(ApiKey.LIST_TRANSACTIONS), 0).transaction_states,
            self.blue.ask(offsets, 7).topics,
            self.blue.ask(fetch, 9).groups,
            self.blue.ask(configs, 4).results,
        ]


def _latest(topic: str) -> dict[str, Any]:
    return {"name": topic, "partitions": [{"partition_index": 0, "timestamp": -1}]}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, kafka_is_there: None) -> Iterator[World]:
    """Blue's world, into which red looks."""
    with contextlib.ExitStack() as closing:
        made = World(tmp_path_factory.mktemp("shared"), closing)
        made.furnish()
        yield made


def masked(reply: Any) -> None:
    """Make equal what is never equal."""
    for field in type(reply).__slots__:
        value = getattr(reply, field)
        if field in _VOLATILE and not isinstance(value, list) and value is not None:
            setattr(reply, field, _VOLATILE[field])
        for element in value if isinstance(value, list) else [value]:
            if isinstance(element, Struct):
                masked(element)


def seen(world: World, api: ApiKey, version: int, name: str, topic_id: bytes, kind: int) -> tuple[bytes, bytes]:
    """Red's answer in bytes, in which ``name`` stands as so many stars; and as it came."""
    reply = world.red(probe(api, version, name, topic_id, kind), version)
    if reply is None:
        return b"closed", b""
    frame = world.last
    masked(reply)
    plain = encode_response(0, api, version, reply).replace(name.encode(), b"*" * len(name))
    return re.sub(b"red\\.", b"", plain), frame


def nobodys(name: str) -> str:
    """A name as long as another that nobody has."""
    return name.replace(MARK, "no")


EVERYTHING: dict[ApiKey, dict[str, Any]] = {
    ApiKey.METADATA: {"topics": None},
    ApiKey.LIST_GROUPS: {},
    ApiKey.LIST_TRANSACTIONS: {},
    ApiKey.DESCRIBE_LOG_DIRS: {"topics": None},
    ApiKey.LIST_PARTITION_REASSIGNMENTS: {"topics": None, "timeout_ms": 5000},
    ApiKey.ELECT_LEADERS: {"topic_partitions": None, "timeout_ms": 5000},
    ApiKey.DESCRIBE_TOPIC_PARTITIONS: {"topics": [], "response_partition_limit": 100},
    ApiKey.LIST_CONFIG_RESOURCES: {},
    ApiKey.DESCRIBE_ACLS: {
        "resource_type_filter": 1,
        "resource_name_filter": None,
        "pattern_type_filter": 1,
        "principal_filter": None,
        "host_filter": None,
        "operation": 1,
        "permission_type": 1,
    },
    ApiKey.DESCRIBE_CLUSTER: {},
    ApiKey.DESCRIBE_CLIENT_QUOTAS: {"components": []},
    ApiKey.DESCRIBE_QUORUM: {},
}


@pytest.mark.parametrize("api", EVERYTHING, ids=lambda api: api.name)
def test_everything_is_everything_of_ones_own(world: World, api: ApiKey) -> None:
    low, high = world.offered[api]
    for version in range(max(low, APIS[api].min_version), high + 1):
        if api == ApiKey.METADATA and version == 0:
            fields: dict[str, Any] = {"topics": []}
        else:
            fields = EVERYTHING[api]
        assert world.red(make(api, **fields), version) is not None
        assert MARK.encode() not in world.last
        assert b"blue" not in world.last
        assert b"__consumer_offsets" not in world.last


LONGEST = "n" * (MAX_TOPIC_LENGTH - len(prefix("red")))


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", LONGEST + "n", "n" * 300])
def test_topics_that_cannot_be_get_kafkas_error(world: World, name: str) -> None:
    topic = {"name": name, "num_partitions": 1, "replication_factor": 1}
    (made,) = world.red(make(ApiKey.CREATE_TOPICS, topics=[topic], timeout_ms=20000), 7).topics
    assert (made.name, made.error_code) == (name, ErrorCode.INVALID_TOPIC_EXCEPTION)
    for creates in (True, False):
        ask = make(ApiKey.METADATA, topics=[{"name": name}], allow_auto_topic_creation=creates)
        (found,) = world.red(ask, 12).topics
        assert (found.name, found.error_code) == (name, ErrorCode.INVALID_TOPIC_EXCEPTION)


def test_the_longest_name_that_can_be(world: World) -> None:
    topic = {"name": LONGEST, "num_partitions": 1, "replication_factor": 1}
    (made,) = world.red(make(ApiKey.CREATE_TOPICS, topics=[topic], timeout_ms=20000), 7).topics
    assert made.error_code == 0


@pytest.mark.parametrize("group", ["", "g" * 32_767])
def test_groups_that_cannot_be_get_kafkas_error(world: World, group: str) -> None:
    protocols = [{"name": "range", "metadata": b""}]
    ask = make(
        ApiKey.JOIN_GROUP,
        group_id=group,
        protocol_type="consumer",
        protocols=protocols,
        session_timeout_ms=10000,
        rebalance_timeout_ms=10000,
    )
    assert world.red(ask, 9).error_code == ErrorCode.INVALID_GROUP_ID


def test_pages_show_nothing_of_others_in_their_cursors(world: World) -> None:
    names = ["page-a", "page-b", "page-c"]
    topics = [{"name": name, "num_partitions": 2, "replication_factor": 1} for name in names]
    world.red(make(ApiKey.CREATE_TOPICS, topics=topics, timeout_ms=20000), 7)
    until(lambda: _pages(world) == names, lambda: _pages(world))


def _pages(world: World) -> list[str]:
    """The topics that red has, two partitions at a time."""
    found: dict[str, None] = {}
    cursor: dict[str, Any] | None = None
    while True:
        ask = make(ApiKey.DESCRIBE_TOPIC_PARTITIONS, topics=[], response_partition_limit=2, cursor=cursor)
        reply = world.red(ask, 0)
        assert MARK.encode() not in world.last
        found |= {topic.name: None for topic in reply.topics if topic.name.startswith("page-")}
        if reply.next_cursor is None:
            return list(found)
        cursor = {"topic_name": reply.next_cursor.topic_name, "partition_index": reply.next_cursor.partition_index}


# What red makes by asking for it is red's own, and takes a moment to be there.
MAKES = {ApiKey.METADATA, ApiKey.JOIN_GROUP}
BY_ID = {
    ApiKey.PRODUCE,
    ApiKey.FETCH,
    ApiKey.METADATA,
    ApiKey.DELETE_TOPICS,
    ApiKey.OFFSET_COMMIT,
    ApiKey.OFFSET_FETCH,
    ApiKey.SHARE_FETCH,
    ApiKey.SHARE_ACKNOWLEDGE,
}
ASKED = sorted(OPEN - {ApiKey.API_VERSIONS})


@pytest.mark.parametrize("api", ASKED, ids=lambda api: api.name)
def test_names_of_others_are_names_of_nobody(world: World, api: ApiKey) -> None:
    low, high = world.offered[api]
    for version in range(max(low, APIS[api].min_version), high + 1):
        for kind in (0, 1):
            for name in (SECRET, prefix("blue") + SECRET):
                if says(name, api, version, kind) or api in BY_ID:
                    seconds = 30 if api in MAKES else 0
                    until(lambda: not differ(world, api, version, name, kind), lambda: (version, name), seconds)  # noqa: B023


def differ(world: World, api: ApiKey, version: int, name: str, kind: int) -> bool:
    """Whether red is told anything by a name and id of blue that it is not told by those of nobody."""
    theirs, frame = seen(world, api, version, name, world.ids[SECRET], kind)
    nothing, _ = seen(world, api, version, nobodys(name), NOBODYS_ID, kind)
    assert MARK.encode() not in frame.replace(name.encode(), b"")
    return theirs != nothing


def test_blue_has_what_it_had(world: World) -> None:
    """Runs last: whatever red tried, nothing of blue's is changed, and blue has seen nothing of red's."""
    topics, groups, transactions, latest, committed, _ = world.blues()
    assert topics == [(SECRET, world.ids[SECRET], 1)]
    assert groups == [SECRET]
    assert [(each.transactional_id, each.transaction_state) for each in transactions] == [(SECRET, "Empty")]
    assert latest[0].partitions[0].offset == 2
    assert committed[0].topics[0].partitions[0].committed_offset == 1
    names = [topic.name for topic in world.admin.ask(make(ApiKey.METADATA, topics=None), 12).topics]
    assert [name for name in names if not name.startswith(("red.", "blue.", "__"))] == []


def test_the_way_past_the_proxy_shows_both(world: World) -> None:
    """What these tests would see if there were no namespaces."""
    groups = {group.group_id for group in world.admin.ask(make(ApiKey.LIST_GROUPS), 4).groups}
    assert prefix("blue") + SECRET in groups
