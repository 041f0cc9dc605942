"""Two zones on one cluster: the same topics, groups and transactional ids, and neither notices the other.

Whatever is done here is done in both zones at the same time, under the same names.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import confluent_kafka
import pytest
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    ResourceType,
)

from tests.clients import transactions
from tests.clients.drivers import DRIVERS, Driver
from tests.clients.members import (
    AioKafkaMember,
    ConfluentMember,
    JavaMember,
    KafkaPythonMember,
    Member,
    until,
)
from tests.clients.reach import Reach
from tests.clients.waiting import until as until_true
from tests.kafka.proxy import Proxy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.clients.admin import Direct
    from tests.kafka.cluster import Cluster

TENANTS = Path(__file__).resolve().parent / "tenants"
PARTITIONS = 2
SECONDS = 30

T = TypeVar("T")


class Tenant(NamedTuple):
    """A principal that may do everything in its zone."""

    zone: str
    reach: Reach
    admin: AdminClient

    @classmethod
    def of(cls, proxy: Proxy, zone: str, name: str, organisation: str) -> Tenant:
        reach = Reach(proxy.bootstrap(zone), proxy.client(name, organisation))
        return cls(zone, reach, AdminClient(reach.confluent()))

    def values(self, count: int = 20) -> set[bytes]:
        """Values that only this tenant produces."""
        return {f"{self.zone}-{n}".encode() for n in range(count)}

    def make(self, topic: str, partitions: int = PARTITIONS) -> None:
        """Make a topic, and wait until it can be written."""
        made = self.admin.create_topics([NewTopic(topic, partitions, 3)])[topic]
        made.result(SECONDS)
        until_true(lambda: self.leads(topic))

    def leads(self, topic: str) -> bool:
        """Whether each partition of the topic has a leader."""
        found = self.topics().get(topic)
        return found is not None and all(partition.leader > 0 for partition in found.partitions.values())

    def topics(self) -> dict[str, Any]:
        """All topics that it sees."""
        found: dict[str, Any] = self.admin.list_topics(timeout=SECONDS).topics
        return found

    def fill(self, topic: str) -> set[bytes]:
        """Produce its values, to all partitions in turn."""
        producer = confluent_kafka.Producer(self.reach.confluent(linger_ms=5))
        for n, value in enumerate(sorted(self.values())):
            producer.produce(topic, value, partition=n % PARTITIONS)
        assert producer.flush(SECONDS) == 0
        return self.values()


@pytest.fixture(scope="module")
def tenants(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tenant, Tenant]]:
    """One of each zone."""
    proxy = Proxy(tmp_path_factory.mktemp("tenants"), cluster, TENANTS)
    yield Tenant.of(proxy, "payments", "clerk", "Payments"), Tenant.of(proxy, "analytics", "analyst", "Analytics")
    proxy.close()


def both(tenants: tuple[Tenant, Tenant], do: Callable[[Tenant], T]) -> list[T]:
    """Do the same in both zones, at the same time."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(do, tenants))


def test_topics_are_made_changed_and_deleted(tenants: tuple[Tenant, Tenant], direct: Direct) -> None:
    both(tenants, lambda tenant: tenant.make("administered"))
    assert {"payments.administered", "analytics.administered"} <= names_past_the_proxy(direct)
    for tenant in tenants:
        assert [name for name in tenant.topics() if "." in name] == []

    payments, analytics = tenants
    payments.admin.create_partitions([NewPartitions("administered", 5)])["administered"].result(SECONDS)
    until_true(lambda: len(payments.topics()["administered"].partitions) == 5)
    assert len(analytics.topics()["administered"].partitions) == PARTITIONS

    resource = ConfigResource(ResourceType.TOPIC, "administered")
    resource.add_incremental_config(ConfigEntry("retention.ms", "7200000", incremental_operation=AlterConfigOpType.SET))
    payments.admin.incremental_alter_configs([resource])[resource].result(SECONDS)
    asked = ConfigResource(ResourceType.TOPIC, "administered")
    until_true(lambda: retention(payments, asked) == "7200000")
    assert retention(analytics, asked) != "7200000"

    payments.admin.delete_topics(["administered"])["administered"].result(SECONDS)
    until_true(lambda: "administered" not in payments.topics())
    assert "administered" in analytics.topics()


def retention(tenant: Tenant, resource: ConfigResource) -> str:
    found = tenant.admin.describe_configs([resource])[resource].result(SECONDS)
    return str(found["retention.ms"].value)


def names_past_the_proxy(direct: Direct) -> set[str]:
    admin = AdminClient(direct.reach.confluent())
    return set(admin.list_topics(timeout=SECONDS).topics)


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.__name__)
def test_records_stay_with_their_zone(tenants: tuple[Tenant, Tenant], driver: type[Driver]) -> None:
    topic = f"records-{driver.__name__}"

    def produce_and_consume(tenant: Tenant) -> None:
        tenant.make(topic, 1)
        records = [(b"key", value) for value in sorted(tenant.values(10))]
        driver.produce(tenant.reach, topic, records, "lz4")
        assert driver.consume(tenant.reach, topic, len(records)) == records

    both(tenants, produce_and_consume)


@pytest.mark.parametrize(
    ("kind", "protocol"),
    [
        (ConfluentMember, "classic"),
        (ConfluentMember, "consumer"),
        (KafkaPythonMember, "classic"),
        (AioKafkaMember, "classic"),
        (JavaMember, "classic"),
        (JavaMember, "consumer"),
    ],
)
def test_groups_stay_with_their_zone(
    kind: type[Member], protocol: str, tenants: tuple[Tenant, Tenant], direct: Direct, tmp_path: Path
) -> None:
    topic = group = f"{kind.__name__}-{protocol}"
    JavaMember.folder = tmp_path

    def share_a_topic(tenant: Tenant) -> None:
        tenant.make(topic)
        values = tenant.fill(topic)
        with kind(tenant.reach, group, topic, protocol) as first:
            until(lambda: first.has(PARTITIONS) and set(first.values) == values, first)
            with kind(tenant.reach, group, topic, protocol) as second:
                until(lambda: first.has(1) and second.has(1), first, second)
                assert first.partitions | second.partitions == frozenset(range(PARTITIONS))

    both(tenants, share_a_topic)
    for tenant in tenants:
        committed = direct.committed(f"{tenant.zone}.{group}", f"{tenant.zone}.{topic}", PARTITIONS)
        assert committed == dict.fromkeys(range(PARTITIONS), len(tenant.values()) // PARTITIONS)
        listed = [each.group_id for each in tenant.admin.list_consumer_groups().result(SECONDS).valid]
        assert group in listed
        assert [name for name in listed if "." in name] == []
        described = tenant.admin.describe_consumer_groups([group])[group].result(SECONDS)
        assert described.group_id == group


@pytest.mark.parametrize("protocol", ["classic", "consumer"])
def test_patterns_find_topics_of_the_zone(tenants: tuple[Tenant, Tenant], protocol: str) -> None:
    """Matched by the client in the classic protocol, and by the broker in KIP-848."""
    names = {"payments": f"{protocol}-found-a", "analytics": f"{protocol}-found-b"}

    def consume(tenant: Tenant) -> None:
        tenant.make(names[tenant.zone])
        values = tenant.fill(names[tenant.zone])
        with ConfluentMember(tenant.reach, f"by-pattern-{protocol}", f"^{protocol}-found-.*", protocol) as member:
            until(lambda: set(member.values) == values and member.has(PARTITIONS), member)

    both(tenants, consume)


@pytest.mark.parametrize(
    "transact",
    [transactions.confluent, transactions.kafka_python, transactions.aio_kafka, transactions.java],
    ids=lambda transact: transact.__name__,
)
def test_transactions_of_every_client(
    tenants: tuple[Tenant, Tenant], transact: Callable[[Reach, str, str], None], direct: Direct
) -> None:
    topic = group = f"transacted-{transact.__name__}"

    def run(tenant: Tenant) -> list[bytes | None]:
        tenant.make(topic)
        transact(tenant.reach, topic, group)
        return [value for _, value in committed_values(tenant, topic, len(transactions.COMMITTED))]

    assert both(tenants, run) == [transactions.COMMITTED] * 2
    for tenant in tenants:
        found = direct.committed(f"{tenant.zone}.{group}", f"{tenant.zone}.{topic}")
        assert found == {0: transactions.OFFSET}


def test_one_transactional_id_in_both_zones(tenants: tuple[Tenant, Tenant]) -> None:
    """Were it one, whoever comes second would fence the first."""
    topic = "one-id"
    both(tenants, lambda tenant: tenant.make(topic))
    producers = [confluent_kafka.Producer(tenant.reach.confluent(transactional_id="one")) for tenant in tenants]
    for producer in producers:
        producer.init_transactions(SECONDS)
    for producer in producers:
        producer.begin_transaction()
    for tenant, producer in zip(tenants, producers, strict=True):
        for value in sorted(tenant.values()):
            producer.produce(topic, value, partition=0)
        assert producer.flush(SECONDS) == 0
    producers[0].commit_transaction(SECONDS)
    producers[1].abort_transaction(SECONDS)
    producers[1].begin_transaction()
    producers[1].produce(topic, b"analytics-later", partition=0)
    producers[1].commit_transaction(SECONDS)

    payments, analytics = tenants
    expected = sorted(payments.values())
    assert [value for _, value in committed_values(payments, topic, len(expected))] == expected
    assert [value for _, value in committed_values(analytics, topic, 1)] == [b"analytics-later"]


def committed_values(tenant: Tenant, topic: str, count: int) -> list[tuple[bytes | None, bytes | None]]:
    """The first ``count`` committed records of partition 0."""
    settings = {"group_id": "reader", "enable_auto_commit": False, "isolation_level": "read_committed"}
    consumer = confluent_kafka.Consumer(tenant.reach.confluent(**settings))
    consumer.assign([confluent_kafka.TopicPartition(topic, 0, 0)])
    found: list[Any] = []
    while len(found) < count:
        some = consumer.consume(count - len(found), SECONDS)
        assert some, f"{len(found)} of {count} records"
        assert not any(message.error() for message in some), [message.error() for message in some]
        found += some
    consumer.close()
    return [(message.key(), message.value()) for message in found]


def test_what_the_other_zone_has_does_not_exist(tenants: tuple[Tenant, Tenant]) -> None:
    payments, analytics = tenants
    payments.make("private")
    for name in ("private", "payments.private"):
        with pytest.raises(confluent_kafka.KafkaException) as caught:
            analytics.admin.delete_topics([name])[name].result(SECONDS)
        assert caught.value.args[0].code() == confluent_kafka.KafkaError.UNKNOWN_TOPIC_OR_PART
    with pytest.raises(confluent_kafka.KafkaException) as caught:
        analytics.admin.create_topics([NewTopic("x" * 245, 1, 3)])["x" * 245].result(SECONDS)
    assert caught.value.args[0].code() == confluent_kafka.KafkaError.TOPIC_EXCEPTION
    assert "private" in payments.topics()
