"""Admin clients through the proxy: topics, configurations, groups."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

import confluent_kafka
import kafka
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin import NewTopic as AioNewTopic
from confluent_kafka import ConsumerGroupTopicPartitions, TopicCollection, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
)
from kafka.admin import ConfigResource as PythonConfigResource
from kafka.admin import KafkaAdminClient
from kafka.admin import NewTopic as PythonNewTopic

from tests.clients import jvm
from tests.clients.waiting import until

if TYPE_CHECKING:
    from tests.clients.admin import Direct
    from tests.clients.reach import Reach

SECONDS = 30


def name() -> str:
    return f"admin-{uuid.uuid4().hex[:12]}"


def commit_offset(reach: Reach, topic: str, group: str, offset: int) -> None:
    consumer = confluent_kafka.Consumer(reach.confluent(group_id=group, enable_auto_commit=False))
    consumer.commit(offsets=[TopicPartition(topic, 0, offset)], asynchronous=False)
    consumer.close()


@pytest.fixture
def confluent(insider: Reach) -> AdminClient:
    return AdminClient(insider.confluent())


def test_confluent_topics(confluent: AdminClient, direct: Direct) -> None:
    topic = name()

    confluent.create_topics([NewTopic(topic, 2, 3, config={"retention.ms": "60000"})])[topic].result(SECONDS)
    direct.wait_known(topic)
    described = confluent.describe_topics(TopicCollection([topic]))[topic].result(SECONDS)
    assert [len(partition.replicas) for partition in described.partitions] == [3, 3]
    assert {replica.port for partition in described.partitions for replica in partition.replicas}

    confluent.create_partitions([NewPartitions(topic, 5)])[topic].result(SECONDS)
    until(lambda: len(confluent.list_topics(topic, timeout=SECONDS).topics[topic].partitions) == 5)

    confluent.delete_topics([topic])[topic].result(SECONDS)
    until(lambda: topic not in confluent.list_topics(timeout=SECONDS).topics)


def test_confluent_creating_a_topic_twice_is_refused_by_kafka(confluent: AdminClient, direct: Direct) -> None:
    topic = direct.topic()

    with pytest.raises(confluent_kafka.KafkaException) as refused:
        confluent.create_topics([NewTopic(topic, 1, 1)])[topic].result(SECONDS)

    assert refused.value.args[0].code() == confluent_kafka.KafkaError.TOPIC_ALREADY_EXISTS


def test_confluent_configurations(confluent: AdminClient, direct: Direct) -> None:
    topic = direct.topic()
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)

    def policy() -> str:
        return confluent.describe_configs([resource])[resource].result(SECONDS)["cleanup.policy"].value

    assert policy() == "delete"
    entry = ConfigEntry("cleanup.policy", "compact", incremental_operation=AlterConfigOpType.SET)
    change = ConfigResource(ConfigResource.Type.TOPIC, topic, incremental_configs=[entry])
    confluent.incremental_alter_configs([change])[change].result(SECONDS)

    until(lambda: policy() == "compact")


def test_confluent_groups(confluent: AdminClient, insider: Reach, direct: Direct) -> None:
    topic, group = direct.topic(), name()
    commit_offset(insider, topic, group, 3)

    listed = confluent.list_consumer_groups().result(SECONDS)
    assert group in {one.group_id for one in listed.valid}
    assert not listed.errors
    assert confluent.describe_consumer_groups([group])[group].result(SECONDS).group_id == group
    offsets = confluent.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group].result(SECONDS)
    assert [(one.topic, one.offset) for one in offsets.topic_partitions] == [(topic, 3)]
    moved = ConsumerGroupTopicPartitions(group, [TopicPartition(topic, 0, 1)])
    confluent.alter_consumer_group_offsets([moved])[group].result(SECONDS)
    assert direct.committed(group, topic) == {0: 1}

    confluent.delete_consumer_groups([group])[group].result(SECONDS)
    assert group not in {one.group_id for one in confluent.list_consumer_groups().result(SECONDS).valid}


def test_confluent_cluster_and_offsets(confluent: AdminClient, insider: Reach, direct: Direct) -> None:
    topic = direct.topic()
    cluster = confluent.describe_cluster().result(SECONDS)
    assert sorted(node.id for node in cluster.nodes) == [1, 2, 3]
    assert {node.host for node in cluster.nodes} == {server.split(":")[0] for server in insider.bootstrap.split(",")}

    partition = TopicPartition(topic, 0)
    latest = confluent.list_offsets({partition: OffsetSpec.latest()})[partition].result(SECONDS)
    assert latest.offset == 0


@pytest.fixture
def python(insider: Reach) -> KafkaAdminClient:
    client = KafkaAdminClient(**insider.kafka_python())
    yield client
    client.close()


def test_kafka_python_topics(python: KafkaAdminClient, direct: Direct) -> None:
    topic = name()

    python.create_topics([PythonNewTopic(topic, 2, 3)])
    direct.wait_known(topic)
    assert topic in python.list_topics()
    assert [len(one["partitions"]) for one in python.describe_topics([topic])] == [2]

    python.create_partitions({topic: 4})
    until(lambda: [len(one["partitions"]) for one in python.describe_topics([topic])] == [4])

    python.delete_topics([topic])
    until(lambda: topic not in python.list_topics())


def test_kafka_python_configurations(python: KafkaAdminClient, direct: Direct) -> None:
    topic = direct.topic()

    python.alter_configs([PythonConfigResource("TOPIC", topic, {"cleanup.policy": "compact"})])

    until(lambda: "compact" in str(python.describe_configs([PythonConfigResource("TOPIC", topic)])))


def test_kafka_python_groups_and_cluster(python: KafkaAdminClient, insider: Reach, direct: Direct) -> None:
    topic, group = direct.topic(), name()
    commit_offset(insider, topic, group, 4)

    assert group in str(python.list_groups())
    assert group in str(python.describe_groups([group]))
    offsets = python.list_group_offsets({group: None})
    assert "4" in str(offsets[group][kafka.TopicPartition(topic, 0)])
    python.delete_groups([group])
    assert group not in str(python.list_groups())
    assert len(python.describe_cluster()["brokers"]) == 3


def test_aiokafka_topics_and_groups(insider: Reach, direct: Direct) -> None:
    topic, group = name(), name()
    commit_offset(insider, direct.topic(), group, 4)

    async def run() -> None:
        client = AIOKafkaAdminClient(**insider.aiokafka())
        await client.start()
        try:
            await client.create_topics([AioNewTopic(topic, 2, 3)])
            await asyncio.to_thread(direct.wait_known, topic)
            assert topic in await client.list_topics()
            assert len((await client.describe_topics([topic]))[0]["partitions"]) == 2
            assert group in str(await client.list_consumer_groups())
            assert group in str(await client.describe_consumer_groups([group]))
            await client.delete_topics([topic])
            while topic in await client.list_topics():  # bounded by the timeout around all of this
                pass
        finally:
            await client.close()

    asyncio.run(asyncio.wait_for(run(), SECONDS))


def tool(reach: Reach, main_class: str, *arguments: str) -> str:
    return jvm.run(main_class, *reach.java(), *arguments)


def test_java_topics_and_configurations(insider: Reach, direct: Direct) -> None:
    topics, configs = "org.apache.kafka.tools.TopicCommand", "kafka.admin.ConfigCommand"
    topic = name()

    tool(insider, topics, "--create", "--topic", topic, "--partitions", "2", "--replication-factor", "3")
    direct.wait_known(topic)
    assert topic in tool(insider, topics, "--list").split()
    assert "PartitionCount: 2" in tool(insider, topics, "--describe", "--topic", topic)

    of_topic = ("--entity-type", "topics", "--entity-name", topic)
    tool(insider, configs, "--alter", *of_topic, "--add-config", "retention.ms=60000")
    until(lambda: "retention.ms=60000" in tool(insider, configs, "--describe", *of_topic))

    tool(insider, topics, "--delete", "--topic", topic)
    until(lambda: topic not in tool(insider, topics, "--list").split())


def test_java_groups(insider: Reach, direct: Direct) -> None:
    groups = "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"
    topic, group = direct.topic(), name()
    commit_offset(insider, topic, group, 2)

    assert group in tool(insider, groups, "--list").split()
    assert f"{group} {topic} 0 2" in " ".join(tool(insider, groups, "--describe", "--group", group).split())
    assert "was successful" in tool(insider, groups, "--delete", "--group", group)
