"""What may not cross does not, and clients are told in Kafka's words."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import aiokafka
import confluent_kafka
import kafka
import pytest
from aiokafka.errors import TopicAuthorizationFailedError
from confluent_kafka import KafkaError, TopicPartition
from kafka.errors import TopicAuthorizationFailedError as PythonTopicAuthorizationFailed

from tests.clients import jvm
from tests.clients.batches import batch
from tests.clients.drivers import CODECS, DRIVERS, Confluent, Driver
from tests.clients.raw import RawClient
from tests.clients.requests import make
from zoneproxy.wire.batch import Whole, walk
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from tests.clients.admin import Direct
    from tests.clients.reach import Reach
    from tests.kafka.proxy import Proxy

SECONDS = 30
CARD = "4111" + "1111" * 3
SSN = "536" + "-90-" + "4399"
IBAN = "DE89" + "3704" + "0044" + "0532" + "0130" + "00"
EMAIL = "ada" + "@" + "example.com"

TOPIC_AUTHORIZATION_FAILED, POLICY_VIOLATION, UNSUPPORTED_VERSION = 29, 44, 35


def payment(number: int, **more: Any) -> bytes:
    return json.dumps({"id": number, "amount": 4250} | more).encode()


def dirty(number: int) -> bytes:
    return payment(number, card={"number": CARD, "cvv": "123"}, customer={"email": EMAIL}, note=f"ssn: {SSN}")


def outcomes(reach: Reach, topic: str, values: list[bytes], **settings: Any) -> list[int | None]:
    """Produce with librdkafka; for each value the offset, or minus the error code."""
    results: dict[int, int] = {}
    producer = confluent_kafka.Producer(reach.confluent(**settings))
    for n, value in enumerate(values):

        def delivered(error: Any, message: Any, n: int = n) -> None:
            results[n] = -error.code() if error else message.offset()

        producer.produce(topic, value, partition=0, on_delivery=delivered)
    assert producer.flush(SECONDS) == 0
    return [results.get(n) for n in range(len(values))]


def java_sends(reach: Reach, topic: str, values: list[bytes], **properties: Any) -> list[str]:
    """Produce with Kafka's own client; for each value the offset, or the name of the exception."""
    output = jvm.run(
        "Sends", str(reach.java_properties(**properties)), topic, given=b"".join(v + b"\n" for v in values).decode()
    )
    return [line.removeprefix("told ") for line in output.splitlines() if line.startswith("told ")]


# --- who may do what -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["open.", "readable.", "clerk.secret.", "visible."])
def test_confluent_is_told_that_it_may_not_write(prefix: str, clerk: Reach, direct: Direct) -> None:
    topic = direct.topic(prefix)

    assert outcomes(clerk, topic, [payment(1)]) == [-TOPIC_AUTHORIZATION_FAILED]

    assert direct.stored(topic) == []


def test_what_is_allowed_works_beside_what_is_not(clerk: Reach, direct: Direct) -> None:
    mine, theirs = direct.topic("clerk."), direct.topic("open.")
    producer = confluent_kafka.Producer(clerk.confluent(linger_ms=50))
    results = {}
    for topic in (mine, theirs):
        producer.produce(topic, b"value", on_delivery=lambda error, message: results.update({message.topic(): error}))
    assert producer.flush(SECONDS) == 0

    assert results[mine] is None
    assert results[theirs].code() == TOPIC_AUTHORIZATION_FAILED
    assert Confluent.consume(clerk, mine, 1) == [(None, b"value")]


def test_kafka_python_is_told_that_it_may_not(clerk: Reach, direct: Direct) -> None:
    producer = kafka.KafkaProducer(**clerk.kafka_python(max_block_ms=20000))
    with pytest.raises(PythonTopicAuthorizationFailed):
        producer.send(direct.topic("open."), b"value", partition=0).get(SECONDS)
    producer.close()

    topic = direct.topic("writable.")
    consumer = kafka.KafkaConsumer(**clerk.kafka_python(group_id=None))
    consumer.assign([kafka.TopicPartition(topic, 0)])
    consumer.seek(kafka.TopicPartition(topic, 0), 0)
    with pytest.raises(PythonTopicAuthorizationFailed):
        consumer.poll(timeout_ms=SECONDS * 1000)
    consumer.close()


def test_aiokafka_is_told_that_it_may_not(clerk: Reach, direct: Direct) -> None:
    topic = direct.topic("open.")

    async def run() -> None:
        async with aiokafka.AIOKafkaProducer(**clerk.aiokafka()) as producer:
            with pytest.raises(TopicAuthorizationFailedError):
                await producer.send_and_wait(topic, b"value", partition=0)

    asyncio.run(asyncio.wait_for(run(), SECONDS))


def test_java_is_told_that_it_may_not(clerk: Reach, direct: Direct) -> None:
    topic = direct.topic("open.")

    told = java_sends(clerk, topic, [b"one", b"two"])

    assert told == ["TopicAuthorizationException"] * 2


def test_a_consumer_is_told_that_it_may_not_read(clerk: Reach, direct: Direct) -> None:
    topic = direct.topic("writable.")
    assert outcomes(clerk, topic, [payment(1)]) == [0]
    consumer = confluent_kafka.Consumer(clerk.confluent(group_id="unused", enable_auto_commit=False))
    consumer.assign([TopicPartition(topic, 0, 0)])

    message = consumer.poll(SECONDS)

    assert message is not None
    assert message.error().code() == TOPIC_AUTHORIZATION_FAILED
    consumer.close()


def test_a_right_without_a_flow_does_not_cross_zones(analyst: Reach, direct: Direct) -> None:
    topic = direct.topic("open.")

    assert outcomes(analyst, topic, [payment(1)]) == [-TOPIC_AUTHORIZATION_FAILED]


def test_topics_that_one_may_not_see_are_not_listed(clerk: Reach, analyst: Reach, direct: Direct) -> None:
    seen, hidden, shared = direct.topic("visible."), direct.topic("clerk.secret."), direct.topic("shared.")
    listed = {
        name: set(confluent_kafka.Producer(reach.confluent()).list_topics(timeout=SECONDS).topics)
        for name, reach in (("clerk", clerk), ("analyst", analyst))
    }

    assert seen in listed["clerk"]
    assert not {hidden, shared} & listed["clerk"]
    assert shared in listed["analyst"]
    assert not {seen, hidden} & listed["analyst"]


def test_everybody_is_offered_the_same_and_nobody_what_brokers_say_to_each_other(clerk: Reach, insider: Reach) -> None:
    with RawClient(clerk) as restricted, RawClient(insider) as unrestricted:
        assert restricted.versions == unrestricted.versions
        never = {ApiKey.WRITE_TXN_MARKERS, ApiKey.ALTER_USER_SCRAM_CREDENTIALS, ApiKey.UPDATE_FEATURES}
        never |= {ApiKey.CREATE_DELEGATION_TOKEN, ApiKey.PUSH_TELEMETRY, ApiKey.UNREGISTER_BROKER}
        assert not never & set(unrestricted.versions)
        reply: Any = unrestricted.ask(make(ApiKey.UPDATE_FEATURES), 1)
        assert reply.error_code == UNSUPPORTED_VERSION


@pytest.mark.parametrize("topic", ["__consumer_offsets", "__transaction_state"])
def test_nobody_reaches_the_topics_of_kafka_itself(topic: str, insider: Reach) -> None:
    where = [{"partition": 0, "fetch_offset": 0, "partition_max_bytes": 1000}]
    with RawClient(insider) as client:
        reply: Any = client.ask(make(ApiKey.METADATA, topics=[{"name": topic}]), 9)
        assert [found.error_code for found in reply.topics] == [TOPIC_AUTHORIZATION_FAILED]
        reply = client.ask(make(ApiKey.FETCH, session_epoch=-1, topics=[{"topic": topic, "partitions": where}]), 12)
        assert reply.responses[0].partitions[0].error_code == TOPIC_AUTHORIZATION_FAILED


# --- records that are blocked --------------------------------------------------------------------------------


def test_confluent_is_told_about_a_blocked_record(clerk: Reach, direct: Direct, proxy: Proxy) -> None:
    topic = direct.topic("guarded.block.")

    assert outcomes(clerk, topic, [dirty(1)]) == [-POLICY_VIOLATION]
    assert outcomes(clerk, topic, [payment(2)]) == [0]

    assert direct.values(topic) == [payment(2)]
    assert proxy.metric("zoneproxy_blocked_records_total", side="produce") >= 1
    assert CARD not in proxy.get("/metrics")


@pytest.mark.parametrize("secret", [CARD, SSN, EMAIL, IBAN])
@pytest.mark.parametrize("codec", CODECS)
def test_each_detector_blocks_in_each_codec(codec: str, secret: str, insider: Reach, direct: Direct) -> None:
    topic = direct.topic("guarded.block.")
    values = [payment(n) for n in range(50)] + [payment(50, card=secret, ssn=secret)]

    results = outcomes(insider, topic, values, compression_type=codec, linger_ms=100)

    assert results[-1] == -POLICY_VIOLATION
    assert secret.encode() not in b"".join(value or b"" for value in direct.values(topic))


def test_the_other_clients_are_told_about_a_blocked_record(clerk: Reach, direct: Direct) -> None:
    topic = direct.topic("guarded.block.")
    producer = kafka.KafkaProducer(**clerk.kafka_python())
    with pytest.raises(kafka.errors.PolicyViolationError):
        producer.send(topic, dirty(1), partition=0).get(SECONDS)
    producer.close()

    async def run() -> None:
        async with aiokafka.AIOKafkaProducer(**clerk.aiokafka()) as producer:
            with pytest.raises(aiokafka.errors.PolicyViolationError):
                await producer.send_and_wait(topic, dirty(2), partition=0)

    asyncio.run(asyncio.wait_for(run(), SECONDS))

    assert java_sends(clerk, topic, [dirty(3)]) == ["PolicyViolationException"]
    assert direct.stored(topic) == []


def test_a_secret_in_a_key_or_header_is_blocked_too(clerk: Reach, direct: Direct) -> None:
    topic = direct.topic("guarded.block.")
    results = []
    producer = confluent_kafka.Producer(clerk.confluent(linger_ms=0))
    for key, headers in ((f"card {CARD}", []), ("key", [("note", f"ssn: {SSN}".encode())])):
        producer.produce(topic, b"{}", key, headers=headers, on_delivery=lambda error, _: results.append(error))
        assert producer.flush(SECONDS) == 0

    assert [error.code() for error in results] == [POLICY_VIOLATION] * 2


def test_without_acknowledgement_a_blocked_record_is_dropped(clerk: Reach, direct: Direct) -> None:
    topic = direct.topic("guarded.block.")
    partition = {"index": 0, "records": batch([dirty(1)])}
    with RawClient(clerk, leader_address(clerk, topic)) as client:
        ask = make(ApiKey.PRODUCE, acks=0, topic_data=[{"name": topic, "partition_data": [partition]}])
        client.send(client.frame(ask, 9))
        with pytest.raises(EOFError):
            client.receive()

    assert direct.stored(topic) == []


def leader_address(reach: Reach, topic: str) -> str:
    """Where the leader of partition 0 is."""
    with RawClient(reach) as client:
        reply: Any = client.ask(make(ApiKey.METADATA, topics=[{"name": topic}]), 9)
    leader = reply.topics[0].partitions[0].leader_id
    return next(f"{broker.host}:{broker.port}" for broker in reply.brokers if broker.node_id == leader)


DIRTY_ONES = (0, 1, 17, 18, 40, 99)


def mixed() -> list[bytes]:
    """A hundred payments of which DIRTY_ONES are blocked, the first of all among them."""
    return [dirty(n) if n in DIRTY_ONES else payment(n) for n in range(100)]


def check_mixed(told: list[bool], stored: list[bytes | None]) -> None:
    """Each acknowledged record is stored once and in order, and nothing else is; only blocked ones are refused."""
    values = mixed()
    acknowledged = [value for value, good in zip(values, told, strict=True) if good]
    assert stored == acknowledged
    assert [n for n, good in enumerate(told) if not good] == list(DIRTY_ONES)


def test_librdkafka_stores_the_rest_once_and_in_order_with_five_in_flight(clerk: Reach, direct: Direct) -> None:
    topic = direct.topic("guarded.block.")

    told = outcomes(
        clerk, topic, mixed(), enable_idempotence=True, linger_ms=0, batch_num_messages=1, retry_backoff_ms=20
    )

    assert {code for code in told if code is not None and code < 0} == {-POLICY_VIOLATION}
    check_mixed([code is not None and code >= 0 for code in told], direct.values(topic))


def test_librdkafka_stores_each_clean_batch_of_several_records_once_and_in_order(clerk: Reach, direct: Direct) -> None:
    topic = direct.topic("guarded.block.")
    values = mixed()

    told = outcomes(clerk, topic, values, enable_idempotence=True, linger_ms=1, batch_num_messages=5)

    acknowledged = [value for value, code in zip(values, told, strict=True) if code is not None and code >= 0]
    assert direct.values(topic) == acknowledged
    assert {n for n in DIRTY_ONES if told[n] == -POLICY_VIOLATION} == set(DIRTY_ONES)
    assert len(acknowledged) >= len(values) - 5 * len(DIRTY_ONES)  # what shares a batch with a blocked one goes, too


def test_java_stores_the_rest_once_and_in_order_with_five_in_flight(clerk: Reach, direct: Direct) -> None:
    topic = direct.topic("guarded.block.")
    one_record_each = {"linger_ms": 0, "batch_size": 1, "max_in_flight_requests_per_connection": 5}

    told = java_sends(clerk, topic, mixed(), enable_idempotence="true", acks="all", **one_record_each)

    assert {word for word in told if not word.isdigit()} == {"PolicyViolationException"}
    check_mixed([word.isdigit() for word in told], direct.values(topic))


def test_a_transaction_with_a_blocked_record_is_aborted(insider: Reach, direct: Direct) -> None:
    """After it librdkafka may have to abort once more, before it takes a new epoch: as behind any broker's refusal."""
    topic = direct.topic("guarded.block.")
    producer = confluent_kafka.Producer(insider.confluent(transactional_id=topic))
    producer.init_transactions(SECONDS)

    def commits(*values: bytes) -> bool:
        producer.begin_transaction()
        for value in values:
            producer.produce(topic, value)
        try:
            producer.commit_transaction(SECONDS)
        except confluent_kafka.KafkaException as failed:
            if not failed.args[0].txn_requires_abort():
                raise
            producer.abort_transaction(SECONDS)
            return False
        return True

    assert not commits(payment(1), dirty(2))
    assert commits(payment(3)) or commits(payment(3))

    settings = {"group_id": "unused", "isolation_level": "read_committed", "enable_partition_eof": True}
    consumer = confluent_kafka.Consumer(insider.confluent(**settings))
    consumer.assign([TopicPartition(topic, 0, 0)])
    assert consumer.poll(SECONDS).value() == payment(3)
    assert consumer.poll(SECONDS).error().code() == KafkaError._PARTITION_EOF
    consumer.close()


# --- records that are changed --------------------------------------------------------------------------------


def check_redacted(value: bytes | None, number: int) -> None:
    """``dirty(number)`` without what is sensitive, everything else as it was."""
    assert value is not None
    read = json.loads(value)
    assert read["card"] == {"number": "*" * 12 + CARD[-4:]}
    assert (read["id"], read["amount"]) == (number, 4250)
    assert len(read["customer"]["email"]) == 32
    assert read["note"] == "ssn: " + "*" * len(SSN)


@pytest.mark.parametrize("codec", CODECS)
def test_redaction_on_produce(codec: str, insider: Reach, direct: Direct) -> None:
    topic = direct.topic("guarded.redact.")
    values = [dirty(n) if n % 3 == 0 else payment(n) for n in range(60)]

    results = outcomes(insider, topic, values, compression_type=codec, linger_ms=50)

    assert results == list(range(60))
    stored = direct.values(topic)
    for n, value in enumerate(stored):
        if n % 3 == 0:
            check_redacted(value, n)
        else:
            assert value == payment(n)
    assert len({json.loads(value or b"")["customer"]["email"] for value in stored[::3]}) == 1
    assert codec in direct.codecs(topic)


@pytest.mark.parametrize("driver", DRIVERS)
def test_redaction_on_fetch(driver: type[Driver], insider: Reach, direct: Direct) -> None:
    topic = direct.topic_name("guarded.redact.")
    identity = direct.make_topic(topic, [[2, 1, 3]])
    for codec in range(len(CODECS)):
        values = [dirty(codec * 10 + n) if n % 2 else payment(codec * 10 + n) for n in range(10)]
        direct.produce(2, topic, identity, batch(values, codec=codec))

    consumed = driver.consume(insider, topic, 50)

    for n, (_, value) in enumerate(consumed):
        if n % 2:
            check_redacted(value, n)
        else:
            assert value == payment(n)


@pytest.mark.parametrize("driver", DRIVERS)
def test_blocked_records_are_missing_from_what_is_fetched(driver: type[Driver], insider: Reach, direct: Direct) -> None:
    topic = direct.topic_name("guarded.block.")
    identity = direct.make_topic(topic, [[2, 1, 3]])
    for codec in range(len(CODECS)):
        direct.produce(2, topic, identity, batch([dirty(0), payment(codec), dirty(2)], codec=codec))
        direct.produce(2, topic, identity, batch([dirty(3), dirty(4)], codec=codec))  # nothing of it is left

    consumed = driver.consume(insider, topic, len(CODECS))

    assert [value for _, value in consumed] == [payment(n) for n in range(len(CODECS))]


def test_offsets_of_what_is_left_do_not_change(clerk: Reach, direct: Direct) -> None:
    topic = direct.topic_name("guarded.block.")
    identity = direct.make_topic(topic, [[2, 1, 3]])
    direct.produce(2, topic, identity, batch([dirty(0), payment(1), dirty(2), payment(3), dirty(4)]))
    direct.produce(2, topic, identity, batch([dirty(5)]))
    direct.produce(2, topic, identity, batch([payment(6)]))
    settings = {"group_id": "unused", "enable_auto_commit": False, "enable_partition_eof": True}
    consumer = confluent_kafka.Consumer(clerk.confluent(**settings))
    consumer.assign([TopicPartition(topic, 0, 0)])

    seen = []
    while not (message := consumer.poll(SECONDS)).error():
        seen.append((message.offset(), message.value()))

    assert message.error().code() == KafkaError._PARTITION_EOF
    assert message.offset() == 7
    assert seen == [(n, payment(n)) for n in (1, 3, 6)]
    consumer.close()


@pytest.mark.parametrize("version", [4, 12])
def test_a_batch_that_is_not_whole_is_cut_off(version: int, clerk: Reach, direct: Direct) -> None:
    topic = direct.topic_name("guarded.block.")
    identity = direct.make_topic(topic, [[2, 1, 3]])
    for _ in range(3):
        direct.produce(2, topic, identity, batch([payment(1)] * 10))
    where = [{"partition": 0, "fetch_offset": 0, "partition_max_bytes": len(batch([payment(1)] * 10)) + 100}]
    ask = make(ApiKey.FETCH, session_epoch=-1, topics=[{"topic": topic, "partitions": where}])

    def fetch(reach: Reach) -> bytes:
        with RawClient(reach, leader_address(reach, topic)) as client:
            reply: Any = client.ask(ask, version)
        return bytes(reply.responses[0].partitions[0].records)

    assert not isinstance(walk(fetch(direct.reach))[-1], Whole)
    assert [type(entry) for entry in walk(fetch(clerk))] == [Whole]


# --- from one zone to another --------------------------------------------------------------------------------


def test_what_is_read_from_another_zone_is_covered(analyst: Reach, insider: Reach, direct: Direct) -> None:
    topic = direct.topic("shared.")
    card_only = [payment(n, card={"number": CARD}) for n in range(3)]
    assert outcomes(insider, topic, [*card_only, payment(3, ssn=SSN), payment(4)]) == list(range(5))

    seen = Confluent.consume(analyst, topic, 4)

    masked = [payment(n, card={"number": "*" * 12 + CARD[-4:]}) for n in range(3)]
    assert [value for _, value in seen] == [*masked, payment(4)]
    assert direct.values(topic)[0] == card_only[0]


def test_what_is_written_into_another_zone_is_checked(analyst: Reach, direct: Direct) -> None:
    topic = direct.topic("shared.reports.")

    assert outcomes(analyst, topic, [payment(1, card=CARD)]) == [-POLICY_VIOLATION]
    assert outcomes(analyst, topic, [payment(2)]) == [0]
    assert outcomes(analyst, direct.topic("shared."), [payment(3)]) == [-TOPIC_AUTHORIZATION_FAILED]
    assert direct.values(topic) == [payment(2)]
