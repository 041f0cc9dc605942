"""Kafka's own scenarios of access (AuthorizerIntegrationTest), through the proxy, with real clients.

Rights change by reloads of the policy, also in the middle of a transaction and under a running consumer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest
from confluent_kafka import ConsumerGroupTopicPartitions, TopicCollection, TopicPartition
from confluent_kafka.admin import (
    AclOperation,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourceType,
)

from tests.clients import jvm
from tests.clients.requests import make
from tests.clients.scene import (
    CLUSTER_DENIED,
    GROUP_DENIED,
    LITERAL,
    PREFIXED,
    SECONDS,
    TOPIC_DENIED,
    TRANSACTION_DENIED,
    Scene,
    cluster,
    code,
    group,
    next_from,
    topic,
    transactions,
)
from tests.clients.waiting import until
from zoneproxy.policy.model import Operation
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from tests.equivalence.users import Right

READ, WRITE, CREATE, DELETE = Operation.READ, Operation.WRITE, Operation.CREATE, Operation.DELETE
ALTER, DESCRIBE, ALL = Operation.ALTER, Operation.DESCRIBE, Operation.ALL
ALTER_CONFIGS, DESCRIBE_CONFIGS = Operation.ALTER_CONFIGS, Operation.DESCRIBE_CONFIGS
UNKNOWN_TOPIC = 3

pytestmark = pytest.mark.timeout(90)


# --- produce -------------------------------------------------------------------------------------------------


def test_who_may_write_to_a_topic(scene: Scene) -> None:
    name = scene.topic()
    for rights, expected in (
        ([], TOPIC_DENIED),
        ([topic(DESCRIBE, name)], TOPIC_DENIED),
        ([topic(READ, name)], TOPIC_DENIED),
        ([topic(WRITE, name)], 0),
        ([topic(ALL, name)], 0),
        ([topic(ALL, "*"), topic(WRITE, name, allow=False)], TOPIC_DENIED),
    ):
        scene.only(*rights)
        assert scene.send(name) == expected, rights


def test_names_prefixes_and_stars(scene: Scene) -> None:
    name = scene.topic("prefix.")
    for right, expected in (
        (topic(WRITE, "prefix.", pattern=PREFIXED), 0),
        (topic(WRITE, "pref", pattern=PREFIXED), 0),
        (topic(WRITE, "prefix."), TOPIC_DENIED),
        (topic(WRITE, "other.", pattern=PREFIXED), TOPIC_DENIED),
        (topic(WRITE, "*"), 0),
    ):
        scene.only(right)
        assert scene.send(name) == expected, right


def test_rights_that_are_good_for_one_address(scene: Scene) -> None:
    name = scene.topic()
    scene.only(topic(WRITE, name, host="192.0.2.1"))
    assert scene.send(name) == TOPIC_DENIED

    scene.only(topic(WRITE, name, host="127.0.0.1"))
    assert scene.send(name) == 0

    scene.only(topic(WRITE, name), topic(WRITE, name, host="127.0.0.1", allow=False))
    assert scene.send(name) == TOPIC_DENIED


@pytest.mark.parametrize("creator", ["nobody", "on the topic", "on the cluster"])
def test_writing_to_a_topic_that_is_not_there_needs_create(scene: Scene, creator: str) -> None:
    name = scene.name()
    more = {"nobody": [], "on the topic": [topic(CREATE, name)], "on the cluster": [cluster(CREATE)]}[creator]
    scene.only(topic(WRITE, name), *more)

    assert scene.send(name) == (0 if more else TOPIC_DENIED)
    assert scene.exists(name) == bool(more)


@pytest.mark.parametrize("creator", ["nobody", "on the topic", "on the cluster"])
def test_reading_a_topic_that_is_not_there_needs_create(scene: Scene, creator: str) -> None:
    name = scene.name()
    more = {"nobody": [], "on the topic": [topic(CREATE, name)], "on the cluster": [cluster(CREATE)]}[creator]
    scene.only(topic(READ, name), *more)

    reply = scene.ask(make(ApiKey.METADATA, topics=[{"name": name}], allow_auto_topic_creation=True), 12)
    if not more:
        assert [each.error_code for each in reply.topics] == [TOPIC_DENIED]
        assert not scene.exists(name)
        return
    until(lambda: scene.exists(name))
    with scene.consumer() as consumer:
        consumer.assign([TopicPartition(name, 0, confluent_kafka.OFFSET_END)])
        until(lambda: consumer.poll(0.1) is None or consumer.position([TopicPartition(name, 0)]))


# --- consume -------------------------------------------------------------------------------------------------


def test_who_may_read_partitions_without_a_group(scene: Scene) -> None:
    name = scene.topic()
    for right, expected in (
        (topic(DESCRIBE, name), TOPIC_DENIED),
        (topic(WRITE, name), TOPIC_DENIED),
        (topic(READ, name), b"one"),
    ):
        scene.only(right)
        with scene.consumer() as consumer:
            consumer.assign([TopicPartition(name, 0, 0)])
            assert next_from(consumer, besides=GROUP_DENIED) == expected, right


def test_without_any_right_a_fetch_is_refused_as_well(scene: Scene) -> None:
    name = scene.topic()
    partition = {"partition": 0, "fetch_offset": 0, "partition_max_bytes": 1000}
    topics = [{"topic": each, "partitions": [partition]} for each in (name, scene.name())]
    fetch = make(ApiKey.FETCH, max_wait_ms=0, min_bytes=0, session_epoch=-1, topics=topics)
    scene.only()

    errors = {each.topic: each.partitions[0].error_code for each in scene.ask(fetch, 12).responses}

    assert set(errors.values()) == {TOPIC_DENIED}, "whether a topic exists is not told"


def test_a_look_up_of_offsets_needs_the_group_and_a_seek_does_not(scene: Scene) -> None:
    name, group_name = scene.topic(), scene.name()
    scene.only(topic(READ, name))

    with scene.consumer(group_id=group_name) as consumer:
        consumer.assign([TopicPartition(name, 0, confluent_kafka.OFFSET_STORED)])
        assert next_from(consumer) == GROUP_DENIED
    with scene.consumer(group_id=group_name) as consumer:
        consumer.assign([TopicPartition(name, 0, 1)])
        assert next_from(consumer, besides=GROUP_DENIED) == b"two"

    scene.only(topic(READ, name), group(DESCRIBE, group_name))
    with scene.consumer(group_id=group_name) as consumer:
        consumer.assign([TopicPartition(name, 0, confluent_kafka.OFFSET_STORED)])
        assert next_from(consumer) == b"one"


@pytest.mark.parametrize("protocol", ["classic", "consumer"])
def test_who_may_read_as_a_member_of_a_group(scene: Scene, protocol: str) -> None:
    name, group_name = scene.topic(), scene.name()
    for rights, expected in (
        ([], {GROUP_DENIED, TOPIC_DENIED}),
        ([topic(READ, name)], {GROUP_DENIED}),
        ([group(READ, group_name)], {TOPIC_DENIED}),
        ([group(READ, group_name), topic(DESCRIBE, name)], {TOPIC_DENIED}),
        ([group(READ, group_name), topic(READ, name)], {b"one"}),
    ):
        scene.only(*rights)
        with scene.consumer(group_id=group_name, group_protocol=protocol) as consumer:
            consumer.subscribe([name])
            assert next_from(consumer) in expected, rights


def test_a_consumer_without_any_right_can_be_made_and_closed(scene: Scene) -> None:
    scene.only()
    with scene.consumer() as consumer:
        consumer.subscribe([scene.name()])


def test_a_pattern_finds_what_may_be_described(scene: Scene) -> None:
    prefix = scene.name("pattern.")
    name, hidden = scene.topic(f"{prefix}.a."), scene.topic(f"{prefix}.b.")
    group_name = scene.name()
    pattern = f"^{prefix.replace('.', '[.]')}.*"

    scene.only(group(READ, group_name))
    with scene.consumer(group_id=group_name) as consumer:
        consumer.subscribe([pattern])
        assert next_from(consumer) == UNKNOWN_TOPIC

    scene.only(group(READ, group_name), topic(DESCRIBE, name))
    with scene.consumer(group_id=group_name) as consumer:
        consumer.subscribe([pattern])
        assert next_from(consumer) == TOPIC_DENIED

    scene.only(group(READ, group_name), topic(READ, name))
    with scene.consumer(group_id=group_name) as consumer:
        consumer.subscribe([pattern])
        assert next_from(consumer) == b"one"
        assert {partition.topic for partition in consumer.assignment()} == {name}

    scene.only(group(READ, group_name), topic(READ, name), topic(READ, hidden))
    with scene.consumer(group_id=group_name) as consumer:
        consumer.subscribe([pattern])
        until(lambda: consumer.poll(0.1) or len({one.topic for one in consumer.assignment()}) == 2)
        until(lambda: {one.topic for one in consumer.assignment()} == {name, hidden} or consumer.poll(0.1))


@pytest.mark.parametrize("right", [DESCRIBE, READ])
@pytest.mark.parametrize("kind", [LITERAL, PREFIXED])
def test_a_pattern_that_matches_internal_topics_does_not_find_them(scene: Scene, kind: int, right: Operation) -> None:
    """Kafka would hand out its internal topics to who may read them; here they are nobody's (docs/authorization.md)."""
    name, group_name = scene.topic("internal."), scene.name()
    scene.only(group(READ, group_name), topic(READ, name), internal(right, kind))
    with scene.consumer(group_id=group_name) as consumer:
        consumer.subscribe(["^__consumer_offsets"])
        assert next_from(consumer) == UNKNOWN_TOPIC
    with scene.consumer(group_id=group_name) as consumer:
        consumer.subscribe([f"^(__.*|{name.replace('.', '[.]')})"])
        assert next_from(consumer) == b"one"
        assert {partition.topic for partition in consumer.assignment()} == {name}


def internal(right: Operation, kind: int) -> Right:
    """A right that would reach internal topics, too: on all, or on those whose name begins as theirs do."""
    return topic(right, "*") if kind == LITERAL else topic(right, "__", pattern=PREFIXED)


@pytest.mark.parametrize("protocol", ["classic", "consumer"])
def test_java_gets_no_internal_topics_by_a_pattern(scene: Scene, protocol: str) -> None:
    name, group_name = scene.topic("internal."), scene.name()
    scene.only(group(READ, group_name), topic(READ, name), internal(READ, PREFIXED))
    wanted = {"exclude_internal_topics": "false", "auto_offset_reset": "earliest", "group_protocol": protocol}
    output = jvm.run(
        "org.apache.kafka.tools.consumer.ConsoleConsumer",
        *(*scene.reach.java(**wanted), "--group", group_name),
        *("--include", f"__.*|{name.replace('.', '[.]')}", "--max-messages", "3", "--timeout-ms", "20000"),
    )
    assert output.split() == ["one", "two", "three"]


def test_a_right_that_is_taken_away_stops_a_running_consumer(scene: Scene) -> None:
    name, group_name = scene.topic(), scene.name()
    scene.only(group(READ, group_name), topic(READ, name))

    with scene.consumer(group_id=group_name) as consumer:
        consumer.subscribe([name])
        assert [next_from(consumer) for _ in range(3)] == [b"one", b"two", b"three"]
        scene.only(group(READ, group_name), topic(DESCRIBE, name))
        assert next_from(consumer) == TOPIC_DENIED
        scene.only(group(READ, group_name), topic(READ, name), topic(WRITE, name))
        assert scene.send(name) == 0
        until(lambda: next_from(consumer) == b"value")


# --- offsets -------------------------------------------------------------------------------------------------


def test_who_may_commit_offsets(scene: Scene) -> None:
    """Asked as it is: librdkafka waits for a coordinator that it may not ask for, and says nothing."""
    name, group_name = scene.topic(), scene.name()
    partition = {"partition_index": 0, "committed_offset": 2}
    topics = [{"name": name, "partitions": [partition]}]
    commit = make(ApiKey.OFFSET_COMMIT, group_id=group_name, topics=topics)
    for rights, expected in (
        ([], GROUP_DENIED),
        ([topic(READ, name)], GROUP_DENIED),
        ([topic(READ, name), group(DESCRIBE, group_name)], GROUP_DENIED),
        ([group(READ, group_name)], TOPIC_DENIED),
        ([group(READ, group_name), topic(WRITE, name)], TOPIC_DENIED),
        ([group(READ, group_name), topic(DESCRIBE, name)], TOPIC_DENIED),
        ([group(READ, group_name), topic(READ, name)], 0),
    ):
        scene.only(*rights)
        assert scene.ask(commit, 9).topics[0].partitions[0].error_code == expected, rights


def test_who_may_fetch_committed_offsets(scene: Scene) -> None:
    name, group_name = scene.topic(), scene.name()
    topics = [{"name": name, "partition_indexes": [0]}]
    fetch = make(ApiKey.OFFSET_FETCH, groups=[{"group_id": group_name, "topics": topics}])
    for rights, expected in (
        ([], GROUP_DENIED),
        ([topic(READ, name)], GROUP_DENIED),
        ([group(READ, group_name)], TOPIC_DENIED),
        ([group(DESCRIBE, group_name), topic(DESCRIBE, name)], 0),
        ([group(READ, group_name), topic(READ, name)], 0),
    ):
        scene.only(*rights)
        found = scene.ask(fetch, 8).groups[0]
        assert (found.error_code or found.topics[0].partitions[0].error_code) == expected, rights


def test_offsets_of_all_topics_are_those_that_one_may_describe(scene: Scene) -> None:
    seen, hidden, group_name, denied = scene.topic(), scene.topic(), scene.name(), scene.name()
    scene.only(*(topic(READ, name) for name in (seen, hidden)), *(group(READ, name) for name in (group_name, denied)))
    for each in (group_name, denied):
        with scene.consumer(group_id=each) as consumer:
            offsets = [TopicPartition(seen, 0, 1), TopicPartition(hidden, 0, 2)]
            consumer.commit(offsets=offsets, asynchronous=False)

    scene.only(topic(DESCRIBE, seen), group(DESCRIBE, group_name))
    admin = scene.admin()
    found = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group_name)])[group_name].result(SECONDS)
    assert [(one.topic, one.offset) for one in found.topic_partitions] == [(seen, 1)]
    assert code(admin.list_consumer_group_offsets, [ConsumerGroupTopicPartitions(denied)]) == GROUP_DENIED

    several = scene.ask(
        make(ApiKey.OFFSET_FETCH, groups=[{"group_id": each, "topics": None} for each in (group_name, denied)]), 8
    )
    assert {each.group_id: each.error_code for each in several.groups} == {group_name: 0, denied: GROUP_DENIED}


def test_who_may_see_a_topic_and_its_offsets(scene: Scene) -> None:
    name = scene.topic()
    scene.only()
    assert scene.admin().list_topics(name, timeout=SECONDS).topics[name].error.code() == TOPIC_DENIED
    assert scene.admin().list_topics(timeout=SECONDS).topics.keys() & {name} == set()
    partition = {"partition_index": 0, "timestamp": -1}
    ask = make(ApiKey.LIST_OFFSETS, replica_id=-1, topics=[{"name": name, "partitions": [partition]}])
    assert scene.ask(ask, 7).topics[0].partitions[0].error_code == TOPIC_DENIED

    scene.only(topic(DESCRIBE, name))
    assert scene.admin().list_topics(name, timeout=SECONDS).topics[name].error is None
    assert scene.admin().list_topics(timeout=SECONDS).topics.keys() & {name} == {name}
    (found,) = scene.admin().list_offsets({TopicPartition(name, 0): OffsetSpec.latest()}).values()
    assert found.result(SECONDS).offset == 3


# --- groups --------------------------------------------------------------------------------------------------


def a_group(scene: Scene, name: str) -> str:
    """A group without members that has committed an offset."""
    group_name = scene.name()
    partition = {"partition_index": 0, "committed_offset": 1}
    commit_it = make(ApiKey.OFFSET_COMMIT, group_id=group_name, topics=[{"name": name, "partitions": [partition]}])
    assert scene.node.admin(commit_it, 9).topics[0].partitions[0].error_code == 0
    return group_name


def test_who_may_see_and_delete_groups(scene: Scene) -> None:
    name = scene.topic()
    seen, hidden = a_group(scene, name), a_group(scene, name)

    scene.only()
    assert code(scene.admin().describe_consumer_groups, [seen]) == GROUP_DENIED
    assert listed(scene) & {seen, hidden} == set()
    assert code(scene.admin().delete_consumer_groups, [seen]) == GROUP_DENIED

    scene.only(group(DESCRIBE, seen))
    assert code(scene.admin().describe_consumer_groups, [seen]) == 0
    assert listed(scene) & {seen, hidden} == {seen}
    assert code(scene.admin().delete_consumer_groups, [seen]) == GROUP_DENIED

    scene.only(cluster(DESCRIBE))
    assert listed(scene) >= {seen, hidden}

    scene.only(group(DELETE, seen))
    assert code(scene.admin().delete_consumer_groups, [seen]) == 0
    assert code(scene.admin().delete_consumer_groups, [hidden]) == GROUP_DENIED


def listed(scene: Scene) -> set[str]:
    found = scene.admin().list_consumer_groups().result(SECONDS)
    assert not found.errors
    return {each.group_id for each in found.valid}


def test_who_may_delete_a_groups_offsets(scene: Scene) -> None:
    name = scene.topic()
    group_name = a_group(scene, name)
    topics = [{"name": name, "partitions": [{"partition_index": 0}]}]
    delete = make(ApiKey.OFFSET_DELETE, group_id=group_name, topics=topics)
    for rights, expected in (
        ([], (GROUP_DENIED, [])),
        ([topic(READ, name)], (GROUP_DENIED, [])),
        ([group(DELETE, group_name)], (0, [TOPIC_DENIED])),
        ([group(DELETE, group_name), topic(READ, name)], (0, [0])),
    ):
        scene.only(*rights)
        reply = scene.ask(delete, 0)
        found = [partition.error_code for each in reply.topics for partition in each.partitions]
        assert (reply.error_code, found) == expected, rights


def test_who_may_see_and_change_a_groups_configuration(scene: Scene) -> None:
    group_name = scene.name()
    resource = {"resource_type": 32, "resource_name": group_name}
    change = {"name": "consumer.session.timeout.ms", "config_operation": 0, "value": "46000"}
    alter = make(ApiKey.INCREMENTAL_ALTER_CONFIGS, resources=[resource | {"configs": [change]}])
    describe = make(ApiKey.DESCRIBE_CONFIGS, resources=[resource | {"configuration_keys": None}])
    for right, altered, described in (
        (None, GROUP_DENIED, GROUP_DENIED),
        (group(DESCRIBE_CONFIGS, group_name), GROUP_DENIED, 0),
        (group(ALTER_CONFIGS, group_name), 0, 0),
    ):
        scene.only(*([right] if right else []))
        assert scene.ask(alter, 1).responses[0].error_code == altered, right
        assert scene.ask(describe, 4).results[0].error_code == described, right


@pytest.mark.parametrize("rights", ["none", "read", "all"])
def test_members_of_new_groups_are_seen_by_who_may(scene: Scene, rights: str) -> None:
    name, group_name = scene.topic(), scene.name()
    given: dict[str, list[Right]] = {
        "none": [],
        "read": [group(READ, group_name), topic(READ, name)],
        "all": [group(ALL, group_name), topic(ALL, name)],
    }
    scene.only(*given[rights])
    beat = make(
        ApiKey.CONSUMER_GROUP_HEARTBEAT,
        group_id=group_name,
        member_id="AAAAAAAAAAAAAAAAAAAABw",
        member_epoch=0,
        rebalance_timeout_ms=60000,
        subscribed_topic_names=[name],
        topic_partitions=[],
    )
    describe = make(ApiKey.CONSUMER_GROUP_DESCRIBE, group_ids=[group_name])
    expected = 0 if given[rights] else GROUP_DENIED

    assert scene.ask(beat, 1).error_code == expected
    described = scene.ask(describe, 1).groups[0]
    assert described.error_code == expected
    assert len(described.members) == (1 if given[rights] else 0)

    if given[rights]:
        scene.only(group(READ, group_name))  # who is assigned what would tell of topics
        assert scene.ask(describe, 1).groups[0].error_code == TOPIC_DENIED


# --- topics --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", ["name", "star"])
def test_who_may_delete_a_topic(scene: Scene, pattern: str) -> None:
    name = scene.topic()
    on = "*" if pattern == "star" else name
    for rights in ([], [topic(DESCRIBE, on)]):
        scene.only(*rights)
        assert code(scene.admin().delete_topics, [name]) == TOPIC_DENIED, rights
        assert scene.exists(name)

    scene.only(topic(DELETE, on))
    assert code(scene.admin().delete_topics, [name]) == 0
    assert code(scene.admin().delete_topics, ["no-such-topic"]) == (
        TOPIC_DENIED if pattern == "name" else UNKNOWN_TOPIC
    )


@pytest.mark.parametrize("pattern", ["name", "star"])
def test_who_may_delete_records(scene: Scene, pattern: str) -> None:
    name = scene.topic()
    on = "*" if pattern == "star" else name
    partition = {"partition_index": 0, "offset": 1}
    ask = make(ApiKey.DELETE_RECORDS, topics=[{"name": name, "partitions": [partition]}], timeout_ms=10000)
    for right, expected in ((None, TOPIC_DENIED), (topic(DESCRIBE, on), TOPIC_DENIED), (topic(DELETE, on), 0)):
        scene.only(*([right] if right else []))
        assert scene.ask(ask, 2).topics[0].partitions[0].error_code == expected, right
    assert code(scene.admin().delete_records, [TopicPartition(name, 0, 2)]) == 0


@pytest.mark.parametrize("pattern", ["name", "star"])
def test_who_may_add_partitions(scene: Scene, pattern: str) -> None:
    name = scene.topic()
    on = "*" if pattern == "star" else name
    for right, expected in ((None, TOPIC_DENIED), (topic(DESCRIBE, on), TOPIC_DENIED), (topic(ALTER, on), 0)):
        scene.only(*([right] if right else []))
        assert code(scene.admin().create_partitions, [NewPartitions(name, 2)]) == expected, right


def test_who_may_create_topics(scene: Scene) -> None:
    for make_right, expected in (
        (lambda name: topic(WRITE, name), TOPIC_DENIED),
        (lambda name: topic(CREATE, name), 0),
        (lambda _: cluster(CREATE), 0),
    ):
        name = scene.name()
        scene.only(make_right(name))
        assert code(scene.admin().create_topics, [NewTopic(name, 1, 1)]) == expected
        assert scene.exists(name) == (expected == 0)


def test_who_may_see_and_change_a_topics_configuration(scene: Scene) -> None:
    name = scene.topic()
    entry = ConfigEntry("retention.ms", "90000000", incremental_operation=AlterConfigOpType.SET)
    for right, altered, described in (
        (None, TOPIC_DENIED, TOPIC_DENIED),
        (topic(DESCRIBE_CONFIGS, name), TOPIC_DENIED, 0),
        (topic(ALTER_CONFIGS, name), 0, 0),
    ):
        scene.only(*([right] if right else []))
        change = ConfigResource(ResourceType.TOPIC, name, incremental_configs=[entry])
        assert code(scene.admin().incremental_alter_configs, [change]) == altered, right
        assert code(scene.admin().describe_configs, [ConfigResource(ResourceType.TOPIC, name)]) == described, right


def test_what_one_may_do_is_told_to_who_asks(scene: Scene) -> None:
    name = scene.topic()
    scene.only(topic(READ, name))
    admin = scene.admin()
    described = admin.describe_topics(TopicCollection([name]), include_authorized_operations=True)[name].result(SECONDS)
    assert set(described.authorized_operations) == {AclOperation.READ, AclOperation.DESCRIBE}
    found = admin.describe_cluster(include_authorized_operations=True).result(SECONDS)
    assert not found.authorized_operations

    scene.only(topic(ALL, name), topic(DELETE, name, allow=False), cluster(DESCRIBE), cluster(CREATE))
    described = admin.describe_topics(TopicCollection([name]), include_authorized_operations=True)[name].result(SECONDS)
    assert AclOperation.DELETE not in described.authorized_operations
    assert {AclOperation.READ, AclOperation.WRITE, AclOperation.ALTER_CONFIGS} <= set(described.authorized_operations)
    found = admin.describe_cluster(include_authorized_operations=True).result(SECONDS)
    assert set(found.authorized_operations) == {AclOperation.DESCRIBE, AclOperation.CREATE}


# --- idempotent producers ------------------------------------------------------------------------------------


def test_an_idempotent_producer_needs_some_topic_to_write_to(scene: Scene) -> None:
    name = scene.topic("idempotent.")
    write = topic(WRITE, name)
    for rights, expected in (
        ([topic(DESCRIBE, name)], CLUSTER_DENIED),
        ([cluster(Operation.IDEMPOTENT_WRITE)], 0),
        ([write], 0),
        ([topic(ALL, "idemp", pattern=PREFIXED)], 0),
        ([topic(WRITE, "*")], 0),
        ([write, topic(WRITE, "*", allow=False)], CLUSTER_DENIED),
        ([write, topic(WRITE, "idempotent.", pattern=PREFIXED, allow=False)], CLUSTER_DENIED),
        ([write, topic(WRITE, name, allow=False)], CLUSTER_DENIED),
        ([write, topic(WRITE, "unrelated.", pattern=PREFIXED, allow=False)], 0),
        ([write, topic(READ, "*", allow=False)], 0),
        ([topic(WRITE, "idempotent.", pattern=PREFIXED), topic(WRITE, name, allow=False)], 0),
    ):
        scene.only(*rights)
        init = make(ApiKey.INIT_PRODUCER_ID, transactional_id=None, transaction_timeout_ms=60000)
        assert scene.ask(init, 5).error_code == expected, rights


def test_an_idempotent_producer_is_told_and_gets_on_once_it_may(scene: Scene) -> None:
    name = scene.topic()
    scene.only(topic(DESCRIBE, name))
    refused = scene.producer(enable_idempotence=True)
    refused.produce(name, b"value")
    until(lambda: code(refused.poll, 0.1) == CLUSTER_DENIED)

    scene.only(topic(WRITE, name))
    producer = scene.producer(enable_idempotence=True)
    assert scene.send(name, to=producer) == 0
    scene.only(topic(DESCRIBE, name))
    assert scene.send(name, to=producer) == TOPIC_DENIED
    scene.only(topic(WRITE, name))
    assert scene.send(name, enable_idempotence=True) == 0


# --- transactions --------------------------------------------------------------------------------------------


def everything(name: str, transactional_id: str, group_name: str) -> list[Right]:
    """What a transaction over a topic and a group's offsets needs."""
    return [topic(WRITE, name), topic(READ, name), transactions(WRITE, transactional_id), group(READ, group_name)]


def begun(scene: Scene, transactional_id: str) -> confluent_kafka.Producer:
    """A producer in the middle of a transaction."""
    producer = scene.producer(transactional_id=transactional_id)
    producer.init_transactions(SECONDS)
    producer.begin_transaction()
    return producer


def test_a_transaction_needs_its_id(scene: Scene) -> None:
    name, transactional_id = scene.topic(), scene.name()
    for right in (None, transactions(DESCRIBE, transactional_id)):
        scene.only(topic(WRITE, name), *([right] if right else []))
        producer = scene.producer(transactional_id=transactional_id)
        assert code(producer.init_transactions, SECONDS) == TRANSACTION_DENIED, right

    scene.only(topic(WRITE, name), transactions(WRITE, transactional_id))
    producer = begun(scene, transactional_id)
    assert scene.send(name, to=producer) == 0
    assert code(producer.commit_transaction, SECONDS) == 0


def test_a_transaction_over_a_topic_that_one_may_not_write_is_aborted(scene: Scene) -> None:
    name, denied, transactional_id = scene.topic(), scene.topic(), scene.name()
    scene.only(topic(WRITE, name), topic(DESCRIBE, denied), transactions(WRITE, transactional_id))
    producer = begun(scene, transactional_id)

    assert scene.send(name, to=producer) == 0
    assert scene.send(denied, to=producer) != 0  # librdkafka purges what it has; the reason comes with the commit
    assert code(producer.commit_transaction, SECONDS) == TOPIC_DENIED
    assert code(producer.abort_transaction, SECONDS) == 0

    producer.begin_transaction()
    assert scene.send(name, to=producer) == 0
    assert code(producer.commit_transaction, SECONDS) == 0


def test_offsets_in_a_transaction_need_the_group_and_its_topics(scene: Scene) -> None:
    name, transactional_id, group_name = scene.topic(), scene.name(), scene.name()
    whole = everything(name, transactional_id, group_name)
    for missing, expected in ((group(READ, group_name), GROUP_DENIED), (topic(READ, name), TOPIC_DENIED)):
        scene.only(*(right for right in whole if right != missing))
        producer = begun(scene, transactional_id)
        assert send_offsets(scene, producer, name, group_name) == expected, missing
        assert code(producer.abort_transaction, SECONDS) == 0

    scene.only(*whole)
    producer = begun(scene, transactional_id)
    assert send_offsets(scene, producer, name, group_name) == 0
    assert code(producer.commit_transaction, SECONDS) == 0


def send_offsets(scene: Scene, producer: confluent_kafka.Producer, name: str, group_name: str) -> int:
    with scene.consumer(group_id=group_name) as consumer:
        metadata = consumer.consumer_group_metadata()
        return code(producer.send_offsets_to_transaction, [TopicPartition(name, 0, 1)], metadata, SECONDS)


def test_rights_that_are_lost_in_the_middle_of_a_transaction(scene: Scene) -> None:
    name, transactional_id, group_name = scene.topic(), scene.name(), scene.name()
    whole = everything(name, transactional_id, group_name)
    without_id = [right for right in whole if right != transactions(WRITE, transactional_id)]

    scene.only(*whole)
    producer = begun(scene, transactional_id)
    assert scene.send(name, to=producer) == 0
    scene.only(*without_id)
    assert scene.send(name, to=producer) == TRANSACTION_DENIED

    scene.only(*whole)
    producer = begun(scene, transactional_id)
    assert scene.send(name, to=producer) == 0
    scene.only(*without_id)
    assert code(producer.commit_transaction, SECONDS) == TRANSACTION_DENIED

    scene.only(*whole)
    producer = begun(scene, transactional_id)
    scene.only(*without_id)
    assert send_offsets(scene, producer, name, group_name) == TRANSACTION_DENIED

    scene.only(*whole)
    producer = begun(scene, transactional_id)
    assert scene.send(name, to=producer) == 0
    assert code(producer.commit_transaction, SECONDS) == 0


def test_who_may_see_transactions(scene: Scene) -> None:
    name, transactional_id = scene.topic(), scene.name()
    scene.only(topic(WRITE, name), transactions(WRITE, transactional_id))
    producer = begun(scene, transactional_id)
    assert scene.send(name, to=producer) == 0

    describe = make(ApiKey.DESCRIBE_TRANSACTIONS, transactional_ids=[transactional_id])
    listing = make(ApiKey.LIST_TRANSACTIONS)
    (state,) = scene.ask(describe, 0).transaction_states
    assert (state.error_code, [each.topic for each in state.topics]) == (0, [name])

    scene.only(transactions(DESCRIBE, transactional_id))
    (state,) = scene.ask(describe, 0).transaction_states
    assert (state.error_code, [each.topic for each in state.topics]) == (0, [])
    assert transactional_id in {each.transactional_id for each in scene.ask(listing, 1).transaction_states}

    scene.only(topic(WRITE, name))
    (state,) = scene.ask(describe, 0).transaction_states
    assert (state.error_code, state.topics) == (TRANSACTION_DENIED, [])
    assert scene.ask(listing, 1).transaction_states == []
    # librdkafka may have asked for its coordinator meanwhile, and so be of no use any more.


# --- Kafka's own client --------------------------------------------------------------------------------------


def test_java_is_told_in_its_own_words(scene: Scene) -> None:
    name = scene.topic()
    scene.only(topic(DESCRIBE, name))
    assert java_sends(scene, name, enable_idempotence="false") == ["TopicAuthorizationException"]

    scene.only(topic(WRITE, name))
    assert java_sends(scene, name, enable_idempotence="true") == ["3"]


def java_sends(scene: Scene, name: str, **properties: Any) -> list[str]:
    output = jvm.run("Sends", str(scene.reach.java_properties(**properties)), name, given="value\n")
    return [line.removeprefix("told ") for line in output.splitlines() if line.startswith("told ")]


# --- the rules themselves ------------------------------------------------------------------------------------


def test_who_may_see_the_rules(scene: Scene) -> None:
    scene.only(topic(READ, "some-topic"))
    ask = make(
        ApiKey.DESCRIBE_ACLS,
        resource_type_filter=1,
        resource_name_filter=None,
        pattern_type_filter=1,
        principal_filter=None,
        host_filter=None,
        operation=1,
        permission_type=1,
    )
    assert scene.ask(ask, 3).error_code == CLUSTER_DENIED

    scene.only(topic(READ, "some-topic"), cluster(DESCRIBE))
    found = scene.ask(ask, 3)
    rules = {(each.resource_name, acl.operation) for each in found.resources for acl in each.acls}
    assert rules == {("some-topic", READ), ("kafka-cluster", DESCRIBE)}
