"""Who may administer what: Kafka's own admin clients, as principals with all, with some and with no rights."""

from __future__ import annotations

import subprocess
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicCollection
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    ResourcePatternType,
    ResourceType,
)

from tests.clients import jvm
from tests.clients.raw import RawClient
from tests.clients.reach import Reach
from tests.clients.requests import make
from tests.clients.waiting import until
from tests.kafka import java
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.admin import Direct
    from tests.kafka.proxy import Proxy

SECONDS = 30
OFFSETS = "__consumer_offsets"
ACLS = "org.apache.kafka.tools.AclCommand"


def name(prefix: str = "stewarded.") -> str:
    return f"{prefix}{uuid.uuid4().hex[:12]}"


def topics_of(direct: Direct) -> set[str]:
    """All topics there are."""
    with RawClient(direct.reach) as client:
        return {topic.name for topic in client.ask(make(ApiKey.METADATA, topics=None), 9).topics}


@pytest.fixture(scope="module")
def steward(proxy: Proxy) -> Reach:
    """A principal of the zone payments that administers some topics, and the cluster."""
    return Reach(proxy.bootstrap(), proxy.client("steward", "Payments"))


@pytest.fixture
def admin(steward: Reach) -> AdminClient:
    return AdminClient(steward.confluent())


def refused(call: Callable[[], Any]) -> tuple[int, str]:
    """The error that Kafka's client raises."""
    with pytest.raises(KafkaException) as raised:
        call()
    error = raised.value.args[0]
    return error.code(), error.str()


# --- topics ---


def test_topics_of_ones_own(admin: AdminClient, direct: Direct) -> None:
    topic = name()

    admin.create_topics([NewTopic(topic, 2, 3, config={"retention.ms": "60000"})])[topic].result(SECONDS)
    direct.wait_known(topic)
    described = admin.describe_topics(TopicCollection([topic]), include_authorized_operations=True)
    operations = described[topic].result(SECONDS).authorized_operations
    assert {operation.name for operation in operations} == {
        "CREATE",
        "DELETE",
        "ALTER",
        "DESCRIBE",
        "DESCRIBE_CONFIGS",
        "ALTER_CONFIGS",
    }
    admin.create_partitions([NewPartitions(topic, 3)])[topic].result(SECONDS)
    until(lambda: len(admin.list_topics(topic, timeout=SECONDS).topics[topic].partitions) == 3)
    admin.delete_topics([topic])[topic].result(SECONDS)
    until(lambda: topic not in topics_of(direct))


def test_topics_of_others(admin: AdminClient, direct: Direct) -> None:
    there, missing = direct.topic(), name("none.")
    denied = KafkaError.TOPIC_AUTHORIZATION_FAILED

    for topic in (there, missing, OFFSETS):
        assert (
            refused(lambda topic=topic: admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(SECONDS))[0]
            == denied
        )
        assert refused(lambda topic=topic: admin.delete_topics([topic])[topic].result(SECONDS))[0] == denied
        grown = [NewPartitions(topic, 60)]
        assert (
            refused(lambda topic=topic, grown=grown: admin.create_partitions(grown)[topic].result(SECONDS))[0] == denied
        )
        configs = ConfigResource(ConfigResource.Type.TOPIC, topic)
        asked = admin.describe_configs([configs])
        assert refused(lambda configs=configs, asked=asked: asked[configs].result(SECONDS))[0] == denied
    assert there in topics_of(direct)


def test_of_one_request_what_is_allowed_is_done(admin: AdminClient, direct: Direct) -> None:
    mine, other = name(), name("none.")
    created = admin.create_topics([NewTopic(mine, 1, 3), NewTopic(other, 1, 3)])

    created[mine].result(SECONDS)
    assert refused(lambda: created[other].result(SECONDS))[0] == KafkaError.TOPIC_AUTHORIZATION_FAILED
    direct.wait_known(mine)
    assert other not in topics_of(direct)


def test_configurations(admin: AdminClient, direct: Direct) -> None:
    mine, fixed = direct.topic("stewarded."), direct.topic("stewarded.fixed.")

    def change(kind: ConfigResource.Type, resource: str, key: str, value: str) -> Any:
        entry = ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
        changed = ConfigResource(kind, resource, incremental_configs=[entry])
        return admin.incremental_alter_configs([changed])[changed].result(SECONDS)

    topics, brokers = ConfigResource.Type.TOPIC, ConfigResource.Type.BROKER
    change(topics, mine, "retention.ms", "60000")
    assert refused(lambda: change(topics, fixed, "retention.ms", "1"))[0] == KafkaError.TOPIC_AUTHORIZATION_FAILED
    for key, value in (("sasl.jaas.config", "x"), ("log.retention.ms", "${file:/etc/passwd:x}")):
        code, text = refused(lambda key=key, value=value: change(brokers, "1", key, value))
        assert (code, text) == (KafkaError.POLICY_VIOLATION, "This configuration cannot be changed through the proxy.")


def test_rights_on_the_cluster(admin: AdminClient, clerk: Reach) -> None:
    broker = ConfigResource(ConfigResource.Type.BROKER, "1")
    assert "log.dirs" in admin.describe_configs([broker])[broker].result(SECONDS)
    cluster = admin.describe_cluster(include_authorized_operations=True).result(SECONDS)
    assert {operation.name for operation in cluster.authorized_operations} == {
        "DESCRIBE",
        "ALTER",
        "DESCRIBE_CONFIGS",
        "ALTER_CONFIGS",
    }

    other = AdminClient(clerk.confluent())
    asked = other.describe_configs([broker])
    assert refused(lambda: asked[broker].result(SECONDS))[0] == KafkaError.CLUSTER_AUTHORIZATION_FAILED
    cluster = other.describe_cluster(include_authorized_operations=True).result(SECONDS)
    assert not cluster.authorized_operations
    assert len(cluster.nodes) == 3


# --- rules in Kafka's words ---

ANYTHING = AclBindingFilter(
    ResourceType.ANY, None, ResourcePatternType.ANY, None, None, AclOperation.ANY, AclPermissionType.ANY
)


def test_rules_in_force_are_listed(admin: AdminClient, clerk: Reach) -> None:
    found = {
        (b.restype.name, b.name, b.resource_pattern_type.name, b.principal, b.operation.name, b.permission_type.name)
        for b in admin.describe_acls(ANYTHING).result(SECONDS)
    }

    assert ("TOPIC", "readable.", "PREFIXED", "User:clerk", "READ", "ALLOW") in found
    assert ("TOPIC", "clerk.secret.", "PREFIXED", "User:clerk", "ALL", "DENY") in found
    assert ("BROKER", "kafka-cluster", "LITERAL", "User:steward", "ALTER", "ALLOW") in found
    assert ("TOPIC", "*", "LITERAL", "User:insider", "ALL", "ALLOW") in found
    assert ("TOPIC", "shared.", "PREFIXED", "User:analyst", "READ", "ALLOW") in found
    assert not [entry for entry in found if entry[1] == "open."], "no flow goes with it"
    other = AdminClient(clerk.confluent())
    assert other.describe_acls(ANYTHING).result(SECONDS) == [], "librdkafka does not tell a refusal from nothing"


def test_rules_are_not_changed_from_here(admin: AdminClient, clerk: Reach) -> None:
    binding = AclBinding(
        ResourceType.TOPIC,
        "x",
        ResourcePatternType.LITERAL,
        "User:clerk",
        "*",
        AclOperation.READ,
        AclPermissionType.ALLOW,
    )
    where = (
        "The rules for access here are in the policy files of zoneproxy, and are changed there."
        " payments-security@example.com answers for zone payments."
    )
    assert refused(lambda: admin.create_acls([binding])[binding].result(SECONDS)) == (
        KafkaError.POLICY_VIOLATION,
        where,
    )
    assert refused(lambda: admin.delete_acls([ANYTHING])[ANYTHING].result(SECONDS)) == (
        KafkaError.POLICY_VIOLATION,
        where,
    )
    other = AdminClient(clerk.confluent())
    assert refused(lambda: other.create_acls([binding])[binding].result(SECONDS))[0] == (
        KafkaError.CLUSTER_AUTHORIZATION_FAILED
    )


def test_kafka_acls_prints_them(steward: Reach) -> None:
    listed = jvm.run(ACLS, *steward.java(), "--list", "--topic", "clerk.a", "--resource-pattern-type", "match")

    assert "ResourcePattern(resourceType=TOPIC, name=clerk., patternType=PREFIXED)" in listed
    assert "(principal=User:clerk, host=*, operation=WRITE, permissionType=ALLOW)" in listed
    assert "User:steward" not in listed

    command = java.command(
        ACLS, *steward.java(), "--add", "--topic", "x", "--allow-principal", "User:x", log_level="warn"
    )
    added = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert "are in the policy files of zoneproxy" in added.stdout + added.stderr


# --- everything at once ---


def test_all_topics_page_by_page(proxy: Proxy, clerk: Reach, direct: Direct) -> None:
    """No page ends at, or names, a topic that is hidden; and none is left out."""
    mine = sorted(direct.topic("visible.") for _ in range(3))
    direct.topic("vexing.")
    pages, cursor = [], None
    with RawClient(clerk, proxy.nodes()[2]) as client:
        until(lambda: all(_knows(client, topic) for topic in mine))
        while True:
            page: Any = client.ask(make(ApiKey.DESCRIBE_TOPIC_PARTITIONS, response_partition_limit=1, cursor=cursor), 0)
            pages += [topic.name for topic in page.topics]
            if page.next_cursor is None:
                break
            assert page.next_cursor.topic_name.startswith(("visible.", "clerk.", "readable.", "writable.", "guarded."))
            cursor = {
                "topic_name": page.next_cursor.topic_name,
                "partition_index": page.next_cursor.partition_index,
            }

    assert [topic for topic in pages if topic in mine] == mine
    assert not [topic for topic in pages if topic.startswith(("vexing.", "__"))]


def _knows(client: RawClient, topic: str) -> bool:
    (found,) = client.ask(make(ApiKey.DESCRIBE_TOPIC_PARTITIONS, topics=[{"name": topic}]), 0).topics
    return bool(found.error_code == 0)


def test_reserved_topics_are_in_no_list(proxy: Proxy, steward: Reach, direct: Direct) -> None:
    topic = direct.topic()
    assert OFFSETS in topics_of(direct)

    with RawClient(steward, proxy.nodes()[2]) as client:
        dirs: Any = client.ask(make(ApiKey.DESCRIBE_LOG_DIRS, topics=None), 4)
        seen = {found.name for result in dirs.results for found in result.topics}
        assert topic in seen
        assert OFFSETS not in seen
        resources: Any = client.ask(make(ApiKey.LIST_CONFIG_RESOURCES), 1)
        seen = {resource.resource_name for resource in resources.config_resources}
        assert topic in seen
        assert OFFSETS not in seen
        elected: Any = client.ask(make(ApiKey.ELECT_LEADERS, topic_partitions=None), 2)
        assert elected.error_code == 0
        assert OFFSETS not in {result.topic for result in elected.replica_election_results}
        assert topic in {result.topic for result in elected.replica_election_results}
        moving: Any = client.ask(make(ApiKey.LIST_PARTITION_REASSIGNMENTS, topics=None), 0)
        assert moving.error_code == 0
