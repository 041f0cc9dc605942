"""What comes back through the proxy is what the brokers say, in every version of every API that clients use.

Host and port are the proxy's, and they stand for the same node; everything else is compared field by field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.admin import GROUP, TRANSACTION
from tests.clients.batches import batch
from tests.clients.replies import Both, Side
from tests.clients.requests import make
from tests.clients.waiting import until
from zoneproxy.boundary import apis
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clients.admin import Direct
    from tests.clients.reach import Reach
    from tests.kafka.cluster import Cluster
    from tests.kafka.proxy import Proxy
    from zoneproxy.wire.messages.message import Message

LEADER = 2
TOPIC, GROUP_RESOURCE, BROKER = 2, 32, 4  # resource types of configurations
ANY_CONTROLLER = frozenset({"controller_id"})  # Kafka names a broker at random


@pytest.fixture
def both(cluster: Cluster, proxy: Proxy, direct: Direct, insider: Reach) -> Iterator[Both]:
    """The brokers' side and the proxy's."""
    direct_side = Side("direct", direct.reach, {node.number: node.address for node in cluster.nodes})
    proxied_side = Side("proxied", insider, proxy.nodes())
    yield Both(direct_side, proxied_side)
    direct_side.close()
    proxied_side.close()


def own_topics(both: Both, direct: Direct, what: str = "topic", partitions: int = 1) -> None:
    """Give each side a topic of its own; node LEADER leads all of its partitions."""
    for side in (both.direct, both.proxied):
        name = side.named(what)
        side.ids[direct.make_topic(name, [[LEADER, 1, 3]] * partitions)] = f"<id of {what}>"


def topic_id(side: Side, what: str = "topic") -> bytes:
    return next(real for real, token in side.ids.items() if token == f"<id of {what}>")


# --- versions and the cluster --------------------------------------------------------------------------------


def test_every_api_that_is_open_is_offered_as_the_broker_offers_it(both: Both) -> None:
    offered = {key: both.proxied.versions(key) for key in both.proxied.offers()}
    expected = {key: both.direct.versions(key) for key in apis.OPEN}
    expected[ApiKey.ADD_PARTITIONS_TO_TXN] = (0, 3)  # newer ones are for brokers

    assert offered == expected


def test_metadata(both: Both, direct: Direct) -> None:
    topics = [direct.topic(partitions=3), direct.topic()]
    ids = [both.direct.ask(1, named(topics), 12).topics[n].topic_id for n in (0, 1)]

    both.compare(lambda _, version: named([*topics, "no-such-topic"], operations=version >= 8), hidden=ANY_CONTROLLER)
    by_id = [{"topic_id": one, "name": None} for one in (*ids, bytes(15) + b"\1")]
    both.compare(
        lambda _, version: make(ApiKey.METADATA, topics=by_id, allow_auto_topic_creation=False),
        versions=range(12, 14),
        hidden=ANY_CONTROLLER,
    )
    both.compare(
        lambda _, version: make(ApiKey.METADATA, topics=[], include_cluster_authorized_operations=True),
        versions=range(8, 11),
        hidden=ANY_CONTROLLER,
    )


def test_metadata_of_all_topics_leaves_out_those_of_kafka_itself(both: Both, direct: Direct) -> None:
    direct.topic()
    for version in both.offered(lambda _, version: make(ApiKey.METADATA)):
        ask = make(ApiKey.METADATA, topics=[] if version == 0 else None)
        expected, got = (both_side.ask(1, ask, version) for both_side in (both.direct, both.proxied))
        expected.topics = [topic for topic in expected.topics if not topic.name.startswith("__")]
        for reply in (expected, got):
            reply.controller_id = 0
        assert both.proxied.plain(got) == both.direct.plain(expected), version


def named(topics: list[str], *, operations: bool = False) -> Message:
    return make(
        ApiKey.METADATA,
        topics=[{"name": topic} for topic in topics],
        allow_auto_topic_creation=True,
        include_topic_authorized_operations=operations,
    )


def test_describe_cluster(both: Both) -> None:
    both.compare(
        lambda _, version: make(ApiKey.DESCRIBE_CLUSTER, include_cluster_authorized_operations=True),
        hidden=ANY_CONTROLLER,
    )


def test_describe_topic_partitions(both: Both, direct: Direct) -> None:
    topics = [{"name": direct.topic(partitions=3)}, {"name": "no-such-topic"}]

    both.compare(lambda _, version: make(ApiKey.DESCRIBE_TOPIC_PARTITIONS, topics=topics, response_partition_limit=2))


@pytest.mark.parametrize("key_type", [0, 1])
def test_find_coordinator(both: Both, key_type: int) -> None:
    def ask(side: Side, version: int) -> Message:
        key = {"coordinator_keys": [side.named("group")]} if version >= 4 else {"key": side.named("group")}
        return make(ApiKey.FIND_COORDINATOR, key_type=key_type if version >= 1 else 0, **key)

    both.compare(ask)


def test_describe_quorum(both: Both) -> None:
    topics = [{"topic_name": "__cluster_metadata", "partitions": [{"partition_index": 0}]}]
    moving = frozenset({"high_watermark", "log_end_offset", "last_fetch_timestamp", "last_caught_up_timestamp"})

    replies = both.compare(
        lambda _, version: make(ApiKey.DESCRIBE_QUORUM, topics=topics), hidden=moving | {"listeners"}
    )

    controllers = [listener for node in replies[2][1].nodes for listener in node.listeners]
    assert [(listener.host, listener.port) for listener in controllers] in ([], [("", 0)], [("", -1)])


def test_log_dirs(both: Both, direct: Direct) -> None:
    topics = [{"topic": direct.topic(), "partitions": [0]}]

    both.compare(lambda _, version: make(ApiKey.DESCRIBE_LOG_DIRS, topics=topics))


def test_lists_of_the_cluster(both: Both) -> None:
    types = [BROKER, GROUP_RESOURCE]  # of topics, Kafka's own are left out
    both.compare(lambda _, version: make(ApiKey.LIST_CONFIG_RESOURCES, resource_types=types if version else []))
    both.compare(lambda _, version: make(ApiKey.LIST_PARTITION_REASSIGNMENTS, topics=None))
    both.compare(lambda _, version: make(ApiKey.DESCRIBE_CLIENT_QUOTAS, components=[], strict=False))


# --- records -------------------------------------------------------------------------------------------------


def test_produce(both: Both, direct: Direct) -> None:
    own_topics(both, direct)

    def ask(records: bytes, partition: int = 0, **fields: Any) -> Any:
        def request(side: Side, version: int) -> Message:
            one = {"name": side.named("topic"), "topic_id": topic_id(side)}
            one["partition_data"] = [{"index": partition, "records": records}]
            return make(ApiKey.PRODUCE, **{"acks": -1, "timeout_ms": 10000, "topic_data": [one], **fields})

        return request

    good = batch([b"value", None, b""])
    broken = bytearray(good)
    broken[-1] ^= 1
    versions = range(3, both.proxied.versions(ApiKey.PRODUCE)[1] + 1)
    for node, request in (
        (LEADER, ask(good)),
        (LEADER, ask(good, acks=1)),
        (LEADER, ask(good, partition=7)),
        (LEADER, ask(bytes(broken))),
        (1, ask(good)),  # not the leader: the reply tells who is, and from version 10 on where
    ):
        both.compare(request, node=node, versions=versions)
    both.compare(ask(good, acks=2), node=LEADER, versions=versions)


def test_produce_to_unknown_topics(both: Both) -> None:
    nowhere = {"name": "no-such-topic", "topic_id": bytes(15) + b"\1"}
    nowhere["partition_data"] = [{"index": 0, "records": batch([b"value"])}]

    both.compare(
        lambda _, version: make(ApiKey.PRODUCE, acks=-1, timeout_ms=10000, topic_data=[nowhere]),
        versions=range(3, both.proxied.versions(ApiKey.PRODUCE)[1] + 1),
    )


def test_fetch(both: Both, direct: Direct) -> None:
    topic = direct.topic_name()
    identity = direct.make_topic(topic, [[LEADER, 1, 3]])
    for codec in range(5):
        direct.produce(LEADER, topic, identity, batch([b"value" * 50] * 3, codec=codec))

    def ask(partition: int = 0, offset: int = 0, **fields: Any) -> Any:
        where = {"partition": partition, "fetch_offset": offset, "partition_max_bytes": 1 << 20}
        one = {"topic": topic, "topic_id": identity, "partitions": [where]}
        fields = {"max_wait_ms": 100, "min_bytes": 1, "max_bytes": 1 << 20, "session_epoch": -1} | fields
        return lambda _, version: make(ApiKey.FETCH, topics=[one], **fields)

    for node, request in (
        (LEADER, ask()),
        (LEADER, ask(offset=4)),
        (LEADER, ask(offset=15)),
        (LEADER, ask(offset=99)),
        (LEADER, ask(partition=5)),
        (LEADER, ask(isolation_level=1)),
        (LEADER, ask(max_bytes=150)),
        (1, ask()),
    ):
        both.compare(request, node=node)
    unknown = {"topic": "no-such-topic", "topic_id": bytes(15) + b"\1"}
    unknown["partitions"] = [{"partition": 0, "fetch_offset": 0, "partition_max_bytes": 100}]
    both.compare(
        lambda _, version: make(ApiKey.FETCH, max_wait_ms=0, min_bytes=0, session_epoch=-1, topics=[unknown]),
        node=LEADER,
    )


def test_fetch_sessions(both: Both, direct: Direct) -> None:
    """Each has its own number; an incremental fetch of one that is not there is refused alike."""
    topic = direct.topic_name()
    identity = direct.make_topic(topic, [[LEADER, 1, 3]] * 2)
    direct.produce(LEADER, topic, identity, batch([b"value"]))
    where = [{"partition": n, "fetch_offset": 0, "partition_max_bytes": 1 << 20} for n in (0, 1)]
    topics = [{"topic": topic, "topic_id": identity, "partitions": where}]

    for version in range(7, 19):
        ask = make(ApiKey.FETCH, max_wait_ms=0, min_bytes=0, session_epoch=0, topics=topics)
        expected, got = (side.ask(LEADER, ask, version) for side in (both.direct, both.proxied))
        assert expected.session_id
        assert got.session_id
        expected.session_id = got.session_id = 0
        assert both.proxied.plain(got) == both.direct.plain(expected), version
        incremental = make(ApiKey.FETCH, session_id=0, session_epoch=1)
        both.compare(lambda _, version, ask=incremental: ask, node=LEADER, versions=range(version, version + 1))


def test_offsets(both: Both, direct: Direct) -> None:
    topic = direct.topic_name()
    identity = direct.make_topic(topic, [[LEADER, 1, 3]])
    direct.produce(LEADER, topic, identity, batch([b"value"] * 3))

    def ask(timestamp: int, partition: int = 0) -> Any:
        one = {"name": topic, "partitions": [{"partition_index": partition, "timestamp": timestamp}]}
        return lambda _, version: make(ApiKey.LIST_OFFSETS, replica_id=-1, topics=[one])

    low, high = both.proxied.versions(ApiKey.LIST_OFFSETS)
    for timestamp, since in ((-1, low), (-2, low), (1, low), (-3, 7), (-4, 8), (-5, 9), (-6, 11)):
        both.compare(ask(timestamp), node=LEADER, versions=range(since, high + 1))
    both.compare(ask(-1), node=1)
    both.compare(ask(-1, partition=6), node=LEADER)

    epochs = [{"topic": topic, "partitions": [{"partition": n, "leader_epoch": 0} for n in (0, 6)]}]
    both.compare(lambda _, version: make(ApiKey.OFFSET_FOR_LEADER_EPOCH, replica_id=-1, topics=epochs), node=LEADER)


def test_describe_producers(both: Both, direct: Direct) -> None:
    topics = [{"name": direct.topic(), "partition_indexes": [0, 3]}]

    both.compare(lambda _, version: make(ApiKey.DESCRIBE_PRODUCERS, topics=topics))


# --- groups --------------------------------------------------------------------------------------------------


def coordinator(both: Both, key_type: int = GROUP) -> int:
    """The node that keeps all groups, or all transactional ids, that sides give names to."""
    find = make(ApiKey.FIND_COORDINATOR, key_type=key_type, coordinator_keys=[both.direct.named("group")])
    found: Any = both.direct.ask(1, find, 4)
    return int(found.coordinators[0].node_id)


def test_a_classic_group_lives_and_dies(both: Both) -> None:
    node = coordinator(both)
    protocols = [{"name": "range", "metadata": b"\0\1" + bytes(8)}]
    members: dict[str, str] = {}

    def in_group(api: ApiKey, **fields: Any) -> Any:
        def request(side: Side, version: int) -> Message:
            made = {"group_id": side.named("group"), "member_id": members.get(side.word, ""), "generation_id": 1}
            return make(api, **{name: value for name, value in (made | fields).items() if value is not None})

        return request

    def joined(side: Side, version: int) -> Message:
        return in_group(
            ApiKey.JOIN_GROUP,
            session_timeout_ms=30000,
            rebalance_timeout_ms=30000,
            protocol_type="consumer",
            protocols=protocols,
            generation_id=None,
        )(side, version)

    # A first join without a member id is given one, and told to come again.
    for direct_reply, proxied_reply in both.compare(
        joined, node=node, versions=range(9, 10), hidden=frozenset({"member_id"})
    ).values():
        members |= {"direct": direct_reply.member_id, "proxied": proxied_reply.member_id}
    for side in (both.direct, both.proxied):
        side.names[members[side.word]] = "<member>"

    both.compare(joined, node=node, versions=range(9, 10))
    assignments = {
        side.word: [{"member_id": members[side.word], "assignment": b"\0\1" + bytes(8)}]
        for side in (both.direct, both.proxied)
    }
    both.compare(
        lambda side, version: in_group(
            ApiKey.SYNC_GROUP, protocol_type="consumer", protocol_name="range", assignments=assignments[side.word]
        )(side, version),
        node=node,
        versions=range(5, 6),
    )
    both.compare(in_group(ApiKey.HEARTBEAT), node=node)
    both.compare(
        lambda side, version: make(
            ApiKey.DESCRIBE_GROUPS,
            groups=[side.named("group"), side.named("nobody")],
            include_authorized_operations=version >= 3,
        ),
        node=node,
    )
    both.compare(lambda side, version: make(ApiKey.LIST_GROUPS), node=node)
    for group in ("group", "nobody"):  # one has members, the other is not there
        both.compare(
            lambda side, version, group=group: make(ApiKey.DELETE_GROUPS, groups_names=[side.named(group)]), node=node
        )
    both.compare(
        lambda side, version: make(
            ApiKey.LEAVE_GROUP,
            group_id=side.named("group"),
            **({"members": [{"member_id": members[side.word]}]} if version >= 3 else {"member_id": members[side.word]}),
        ),
        node=node,
    )
    both.compare(in_group(ApiKey.HEARTBEAT), node=node)
    both.compare(lambda side, version: make(ApiKey.DELETE_GROUPS, groups_names=[side.named("group")]), node=node)


def test_joining_in_every_version(both: Both) -> None:
    node = coordinator(both)
    for version in both.offered(lambda _, version: make(ApiKey.JOIN_GROUP)):
        both.compare(
            lambda side, version: make(
                ApiKey.JOIN_GROUP,
                group_id=side.named(f"group {version}"),
                session_timeout_ms=30000,
                rebalance_timeout_ms=30000,
                protocol_type="consumer",
                protocols=[{"name": "range", "metadata": b"\0\1" + bytes(8)}],
            ),
            node=node,
            versions=range(version, version + 1),
            hidden=frozenset({"member_id", "leader"}),
        )
    both.compare(
        lambda side, version: make(
            ApiKey.SYNC_GROUP, group_id=side.named("nobody"), generation_id=3, member_id="nobody", assignments=[]
        ),
        node=node,
    )


def test_committed_offsets(both: Both, direct: Direct) -> None:
    own_topics(both, direct)
    node = coordinator(both)

    def commit(side: Side, version: int) -> Message:
        partitions = [{"partition_index": n, "committed_offset": version, "committed_metadata": "note"} for n in (0, 9)]
        topics = [{"name": side.named("topic"), "topic_id": topic_id(side), "partitions": partitions}]
        return make(ApiKey.OFFSET_COMMIT, group_id=side.named("group"), topics=topics)

    def committed(side: Side, version: int, *, everything: bool = False) -> Message:
        one = {"name": side.named("topic"), "partition_indexes": [0, 9]}
        if version < 8:
            return make(
                ApiKey.OFFSET_FETCH, group_id=side.named("group"), topics=None if everything and version >= 2 else [one]
            )
        one["topic_id"] = topic_id(side)
        groups = [{"group_id": side.named(group), "topics": None if everything else [one]} for group in ("group", "no")]
        return make(ApiKey.OFFSET_FETCH, groups=groups)

    both.compare(commit, node=node)
    both.compare(committed, node=node)
    both.compare(lambda side, version: committed(side, version, everything=True), node=node)
    both.compare(
        lambda side, version: make(
            ApiKey.OFFSET_DELETE,
            group_id=side.named("group"),
            topics=[{"name": side.named("topic"), "partitions": [{"partition_index": 0}]}],
        ),
        node=node,
    )


def test_a_consumer_group_of_kip_848(both: Both, direct: Direct) -> None:
    own_topics(both, direct)
    node = coordinator(both)

    def beat(epoch: int) -> Any:
        return lambda side, version: make(
            ApiKey.CONSUMER_GROUP_HEARTBEAT,
            group_id=side.named("group"),
            member_id="member",
            member_epoch=epoch,
            rebalance_timeout_ms=30000,
            subscribed_topic_names=[side.named("topic")],
            topic_partitions=[],
        )

    first = range(1, 2)
    both.compare(beat(0), node=node, versions=first)
    both.compare(
        lambda side, version: make(
            ApiKey.CONSUMER_GROUP_DESCRIBE,
            group_ids=[side.named("group"), side.named("nobody")],
            include_authorized_operations=True,
        ),
        node=node,
    )
    both.compare(beat(7), node=node)
    both.compare(beat(-1), node=node, versions=first)


# --- transactions --------------------------------------------------------------------------------------------


def test_transactions(both: Both, direct: Direct) -> None:
    own_topics(both, direct)
    node, of_groups = coordinator(both, TRANSACTION), coordinator(both)
    producers: dict[str, tuple[int, int]] = {}
    both.compare(lambda _, version: make(ApiKey.INIT_PRODUCER_ID, transactional_id=None, transaction_timeout_ms=60000))

    replies = both.compare(
        lambda side, version: make(
            ApiKey.INIT_PRODUCER_ID, transactional_id=side.named("transactions"), transaction_timeout_ms=60000
        ),
        node=node,
    )
    for word, reply in zip(("direct", "proxied"), replies[max(replies)], strict=True):
        producers[word] = (reply.producer_id, reply.producer_epoch)

    def of_producer(api: ApiKey, **fields: Any) -> Any:
        def request(side: Side, version: int) -> Message:
            identity, epoch = producers[side.word]
            made = {"transactional_id": side.named("transactions"), "producer_id": identity, "producer_epoch": epoch}
            return make(api, **made, **{name: value(side) for name, value in fields.items()})

        return request

    def partitions(side: Side, version: int) -> Message:
        identity, epoch = producers[side.word]
        return make(
            ApiKey.ADD_PARTITIONS_TO_TXN,
            v3_and_below_transactional_id=side.named("transactions"),
            v3_and_below_producer_id=identity,
            v3_and_below_producer_epoch=epoch,
            v3_and_below_topics=[{"name": side.named("topic"), "partitions": [0]}],
        )

    both.compare(partitions, node=node)
    both.compare(of_producer(ApiKey.ADD_OFFSETS_TO_TXN, group_id=lambda side: side.named("group")), node=node)
    both.compare(
        of_producer(
            ApiKey.TXN_OFFSET_COMMIT,
            group_id=lambda side: side.named("group"),
            topics=lambda side: [
                {"name": side.named("topic"), "partitions": [{"partition_index": 0, "committed_offset": 4}]}
            ],
        ),
        node=of_groups,
        versions=range(5),
    )
    both.compare(
        lambda side, version: make(
            ApiKey.DESCRIBE_TRANSACTIONS,
            transactional_ids=[side.named("transactions"), side.named("no transactions")],
        ),
        node=node,
        hidden=frozenset({"transaction_start_time_ms"}),
    )
    both.compare(lambda side, version: make(ApiKey.LIST_TRANSACTIONS), node=node)
    both.compare(of_producer(ApiKey.END_TXN, committed=lambda _: True), node=node, versions=range(1))
    for side in (both.direct, both.proxied):
        until(
            lambda side=side: transaction_state(side, node) == "CompleteCommit",
            lambda side=side: transaction_state(side, node),
        )
    both.compare(of_producer(ApiKey.END_TXN, committed=lambda _: False), node=node, versions=range(1, 5))


def transaction_state(side: Side, node: int) -> str:
    """How far the side's transaction is: after its end, markers are still to be written."""
    asked: Any = make(ApiKey.DESCRIBE_TRANSACTIONS, transactional_ids=[side.named("transactions")])
    reply: Any = side.ask(node, asked, 0)
    return str(reply.transaction_states[0].transaction_state)


# --- administration ------------------------------------------------------------------------------------------


def test_topics_come_and_go(both: Both, direct: Direct) -> None:
    def create(side: Side, version: int) -> Message:
        one = {"name": side.named(f"topic {version}"), "num_partitions": 2, "replication_factor": 3}
        bad = {"name": "not a name", "num_partitions": 1, "replication_factor": 1}
        configs = [{"name": "retention.ms", "value": "60000"}]
        topics = [one | {"configs": configs}, bad]
        return make(ApiKey.CREATE_TOPICS, topics=topics, timeout_ms=10000)

    unlike = frozenset({"topic_id"})
    both.compare(create, hidden=unlike)
    for version in both.offered(create):
        for side in (both.direct, both.proxied):
            direct.wait_known(side.named(f"topic {version}"))
    both.compare(create, hidden=unlike)  # they exist already
    both.compare(
        lambda side, version: make(
            ApiKey.CREATE_PARTITIONS,
            topics=[{"name": side.named("topic 7"), "count": 3 + version, "assignments": None}],
            timeout_ms=10000,
        )
    )

    def delete(side: Side, version: int) -> Message:
        names = [side.named(f"topic {version + 1}"), "no-such-topic"]
        if version >= 6:
            return make(ApiKey.DELETE_TOPICS, topics=[{"name": name} for name in names], timeout_ms=10000)
        return make(ApiKey.DELETE_TOPICS, topic_names=names, timeout_ms=10000)

    both.compare(delete, hidden=unlike)


def test_configurations(both: Both, direct: Direct) -> None:
    own_topics(both, direct)

    def describe(side: Side, version: int) -> Message:
        resources = [
            {"resource_type": TOPIC, "resource_name": side.named("topic"), "configuration_keys": None},
            {"resource_type": TOPIC, "resource_name": "no-such-topic", "configuration_keys": ["retention.ms"]},
            {"resource_type": GROUP_RESOURCE, "resource_name": side.named("group"), "configuration_keys": None},
        ]
        return make(
            ApiKey.DESCRIBE_CONFIGS, resources=resources, include_synonyms=True, include_documentation=version >= 3
        )

    def change(side: Side, **config: Any) -> dict[str, Any]:
        return {"resource_type": TOPIC, "resource_name": side.named("topic"), "configs": [config]}

    both.compare(describe)
    both.compare(
        lambda side, version: make(
            ApiKey.ALTER_CONFIGS, resources=[change(side, name="retention.ms", value=str(60000 + version))]
        )
    )
    both.compare(
        lambda side, version: make(
            ApiKey.INCREMENTAL_ALTER_CONFIGS,
            resources=[
                change(side, name="retention.ms", config_operation=0, value="70000"),
            ],
        )
    )
    both.compare(
        lambda side, version: make(
            ApiKey.INCREMENTAL_ALTER_CONFIGS,
            resources=[change(side, name="no.such.setting", config_operation=0, value="70000")],
        )
    )


def test_configurations_of_brokers_without_their_addresses(both: Both) -> None:
    resources = [{"resource_type": BROKER, "resource_name": "1", "configuration_keys": None}]
    blanked = frozenset({"configs"})

    replies = both.compare(
        lambda _, version: make(ApiKey.DESCRIBE_CONFIGS, resources=resources, include_synonyms=True), hidden=blanked
    )

    direct_reply, proxied_reply = replies[4]
    real = {config.name: config for config in direct_reply.results[0].configs}
    seen = {config.name: config for config in proxied_reply.results[0].configs}
    assert seen.keys() == real.keys()
    differing = {name for name in real if both.direct.plain(real[name]) != both.proxied.plain(seen[name])}
    addresses = {"listeners", "advertised.listeners"}
    assert addresses <= differing
    assert {name for name in differing - addresses if not name.startswith("controller.quorum.")} == set()
    assert not any(seen[name].value for name in differing)


def test_leaders_and_reassignments(both: Both, direct: Direct) -> None:
    own_topics(both, direct)

    both.compare(
        lambda side, version: make(
            ApiKey.ELECT_LEADERS,
            election_type=0,
            topic_partitions=[{"topic": side.named("topic"), "partitions": [0, 5]}],
            timeout_ms=10000,
        )
    )
    both.compare(
        lambda side, version: make(
            ApiKey.ALTER_PARTITION_REASSIGNMENTS,
            topics=[{"name": side.named("topic"), "partitions": [{"partition_index": 0, "replicas": [LEADER, 3, 1]}]}],
            timeout_ms=10000,
        )
    )
