"""Groups and transactions of ordinary principals: with the rights that Kafka asks for, and with one too few."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import confluent_kafka
import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from tests.clients import transactions
from tests.clients.members import AioKafkaMember, ConfluentMember, KafkaPythonMember, Member, until
from tests.clients.raw import RawClient
from tests.clients.reach import Reach
from tests.clients.requests import make
from tests.clients.waiting import until as wait_until
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.admin import Direct
    from tests.kafka.proxy import Proxy

PARTITIONS = 2
SECONDS = 30
GROUP, TRANSACTION = 0, 1  # the key types of FindCoordinator
TOPIC_DENIED, GROUP_DENIED, TRANSACTION_DENIED, INVALID_PATTERN = 29, 30, 53, 128


@pytest.fixture(scope="module")
def member(proxy: Proxy) -> Reach:
    """A principal that may use the topics, groups and transactional ids of a team."""
    return Reach(proxy.bootstrap(), proxy.client("member", "Payments"))


@pytest.fixture(scope="module")
def onlooker(proxy: Proxy) -> Reach:
    """A principal that may join the team's groups, and only describe its topics."""
    return Reach(proxy.bootstrap(), proxy.client("onlooker", "Payments"))


def name(prefix: str = "team.") -> str:
    return f"{prefix}{uuid.uuid4().hex[:8]}"


def fill(reach: Reach, topic: str, word: str) -> set[bytes]:
    """Produce ten records into each partition, JSON because flows look for fields in it; their values."""
    producer = confluent_kafka.Producer(reach.confluent(linger_ms=5))
    values = [b'{"%s":%d}' % (word.encode(), n) for n in range(10 * PARTITIONS)]
    for n, value in enumerate(values):
        producer.produce(topic, value, partition=n % PARTITIONS)
    assert producer.flush(SECONDS) == 0
    return set(values)


# --- members -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "protocol"),
    [
        (ConfluentMember, "classic"),
        (ConfluentMember, "consumer"),
        (KafkaPythonMember, "classic"),
        (AioKafkaMember, "classic"),
    ],
)
def test_members_share_a_topic_and_commit(kind: type[Member], protocol: str, member: Reach, direct: Direct) -> None:
    topic, group = direct.topic("team.", partitions=PARTITIONS), name()
    values = fill(member, topic, "first")

    with kind(member, group, topic, protocol) as first, kind(member, group, topic, protocol) as second:
        until(lambda: first.has(1) and second.has(1), first, second)
        until(lambda: values <= {*first.values, *second.values}, first, second)

    assert direct.committed(group, topic, PARTITIONS) == dict.fromkeys(range(PARTITIONS), 10)


def test_a_member_from_another_zone_reads_what_flows_to_it(analyst: Reach, insider: Reach, direct: Direct) -> None:
    topic, group = direct.topic("shared.", partitions=PARTITIONS), name("analyst.")
    values = fill(insider, topic, "crossing")

    with ConfluentMember(analyst, group, topic) as abroad:
        until(lambda: values <= set(abroad.values), abroad)

    assert direct.committed(group, topic, PARTITIONS) == dict.fromkeys(range(PARTITIONS), 10)


def test_a_pattern_finds_topics_that_come_later(member: Reach, direct: Direct) -> None:
    prefix = f"{name()}."
    pattern = "^" + prefix.replace(".", "[.]") + ".*"

    with ConfluentMember(member, name(), pattern, "consumer") as one:
        topic = direct.topic(prefix, partitions=PARTITIONS)
        values = fill(member, topic, "later")
        until(lambda: values <= set(one.values), one)


# --- one right too few ---------------------------------------------------------------------------------------


def first_error(consumer: confluent_kafka.Consumer) -> KafkaError:
    """The first error that a consumer is told."""
    told: list[KafkaError] = []

    def poll() -> bool:
        message = consumer.poll(0.2)
        told.extend([message.error()] if message and message.error() else [])
        return bool(told)

    wait_until(poll)
    return told[0]


@pytest.mark.parametrize("protocol", ["classic", "consumer"])
@pytest.mark.parametrize(
    ("who", "group", "error"), [("member", "other", GROUP_DENIED), ("onlooker", "team.a", TOPIC_DENIED)]
)
def test_a_member_is_told_what_it_may_not(
    protocol: str, who: str, group: str, error: int, request: pytest.FixtureRequest, direct: Direct
) -> None:
    topic = direct.topic("team.", partitions=PARTITIONS)
    fill(request.getfixturevalue("member"), topic, "unread")
    settings = {"group_id": name(group), "group_protocol": protocol, "auto_offset_reset": "earliest"}
    consumer = confluent_kafka.Consumer(request.getfixturevalue(who).confluent(**settings))
    consumer.subscribe([topic])

    assert first_error(consumer).code() == error
    consumer.close()


def commit(reach: Reach, group: str, topic: str, offset: int) -> None:
    consumer = confluent_kafka.Consumer(reach.confluent(group_id=group, enable_auto_commit=False))
    try:
        consumer.commit(offsets=[TopicPartition(topic, 0, offset)], asynchronous=False)
    finally:
        consumer.close()


def test_to_commit_takes_more_than_to_look_at_a_topic(onlooker: Reach, member: Reach, direct: Direct) -> None:
    topic, group = direct.topic("team."), name()

    commit(member, group, topic, 3)
    with pytest.raises(KafkaException) as refused:
        commit(onlooker, group, topic, 5)

    assert refused.value.args[0].code() == TOPIC_DENIED
    assert direct.committed(group, topic) == {0: 3}


def test_groups_and_patterns_beyond_ones_own_are_not_there(member: Reach, insider: Reach, direct: Direct) -> None:
    mine, theirs = name(), name("other.")
    commit(member, mine, direct.topic("team."), 1)
    commit(insider, theirs, direct.topic("open."), 1)

    admins = {who: AdminClient(reach.confluent()) for who, reach in (("member", member), ("insider", insider))}
    listed = {
        who: {group.group_id for group in admin.list_consumer_groups().result(SECONDS).valid}
        for who, admin in admins.items()
    }
    assert mine in listed["member"]
    assert theirs not in listed["member"]
    assert {mine, theirs} <= listed["insider"]

    with RawClient(member) as client:
        found: Any = client.ask(make(ApiKey.FIND_COORDINATOR, key_type=GROUP, coordinator_keys=[theirs, mine]), 6)
        assert [(one.key, one.error_code) for one in found.coordinators] == [(theirs, GROUP_DENIED), (mine, 0)]
        wide = {"member_id": "AAAAAAAAAAAAAAAAAAAAAQ", "subscribed_topic_regex": ".*", "rebalance_timeout_ms": 9000}
        heartbeat = make(
            ApiKey.CONSUMER_GROUP_HEARTBEAT, group_id=name(), subscribed_topic_names=[], topic_partitions=[], **wide
        )
        assert client.ask(heartbeat, 1).error_code == INVALID_PATTERN


# --- transactions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("transact", [transactions.confluent, transactions.kafka_python, transactions.aio_kafka])
def test_transactions_with_exactly_the_rights_they_need(
    transact: Callable[[Reach, str, str], None], member: Reach, direct: Direct
) -> None:
    topic, group = direct.topic("team."), name()

    transact(member, topic, group)

    words = ("committed", "aborted", "later")
    assert direct.values(topic) == [value for word in words for value in transactions.values(word)]
    assert direct.committed(group, topic) == {0: transactions.OFFSET}


def test_a_transaction_whose_rights_are_lost_on_the_way_is_not_committed(own_proxy: Proxy, direct: Direct) -> None:
    topic = direct.topic("team.")
    reach = Reach(own_proxy.bootstrap(), own_proxy.client("member", "Payments"))
    transactional_id = name("tx-")
    producer = confluent_kafka.Producer(reach.confluent(transactional_id=transactional_id))
    producer.init_transactions(SECONDS)
    producer.begin_transaction()
    producer.produce(topic, b"never", partition=0)
    assert producer.flush(SECONDS) == 0

    file = own_proxy.policies / "team.yaml"
    file.write_text(file.read_text().replace("    - {allow: [write], transactional_id: {prefix: tx-}}\n", ""))
    own_proxy.reload()
    with RawClient(reach) as client:
        find = make(ApiKey.FIND_COORDINATOR, key_type=TRANSACTION, coordinator_keys=[transactional_id])
        wait_until(lambda: client.ask(find, 4).coordinators[0].error_code == TRANSACTION_DENIED)

    with pytest.raises(KafkaException) as refused:
        producer.commit_transaction(SECONDS)
    assert refused.value.args[0].code() == TRANSACTION_DENIED
    with RawClient(direct.reach) as client:
        coordinator: Any = client.ask(find, 4).coordinators[0]
    with RawClient(direct.reach, f"{coordinator.host}:{coordinator.port}") as client:
        told: Any = client.ask(make(ApiKey.DESCRIBE_TRANSACTIONS, transactional_ids=[transactional_id]), 0)
    assert [state.transaction_state for state in told.transaction_states] == ["Ongoing"]
