"""Records that are changed or held back, and everything that Kafka promises about the others."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import aiokafka
import confluent_kafka
import pytest
from confluent_kafka import KafkaError, TopicPartition

from tests.clients import jvm
from tests.clients.batches import batch
from tests.clients.cage import SECONDS, Cage, caged, policy
from tests.clients.drivers import CODECS, Confluent, JavaConsole
from tests.clients.raw import RawClient
from tests.clients.requests import make
from tests.clients.waiting import until
from zoneproxy.wire.batch import Whole, open_batch, walk
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.record import read_records

if TYPE_CHECKING:
    from collections.abc import Iterator

POLICY_VIOLATION, TRANSACTION_ABORTABLE = 44, 120
CARD = "4111" + "1111" * 3
MASKED = "*" * 16
DELETE_HORIZON = 0x40
CARDS = ["PAYMENT_CARD"]
POLICY = policy(
    {"topics": [{"prefix": "grows."}], "controls": [{"redact": {"field": "$.n[*]", "with": "mask"}}]},
    {"topics": [{"prefix": "masked."}], "controls": [{"redact": {"types": CARDS, "with": "mask"}}]},
    {"topics": [{"prefix": "blocked."}], "controls": [{"detect": {"types": CARDS, "action": "block"}}]},
    beside_records={"types": CARDS, "action": "block"},
)
CLEANER = """\
log.cleaner.enable=true
log.cleaner.backoff.ms=100
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=4194304
"""


@pytest.fixture(scope="module")
def cage(tmp_path_factory: pytest.TempPathFactory, kafka_is_there: None) -> Iterator[Cage]:
    with caged(tmp_path_factory.mktemp("cage"), "127.0.0.58", POLICY, CLEANER) as made:
        yield made


def dirty(number: int) -> bytes:
    return json.dumps({"id": number, "card": CARD}).encode()


def clean(number: int) -> bytes:
    return json.dumps({"id": number}).encode()


def masked(number: int) -> bytes:
    return dirty(number).replace(CARD.encode(), MASKED.encode())


def sends(cage: Cage, topic: str, values: list[bytes], **properties: Any) -> list[str]:
    """Produce with Java; for each value the offset, or the name of the exception."""
    given = b"".join(value + b"\n" for value in values).decode()
    output = jvm.run("Sends", str(cage.reach.java_properties(**properties)), topic, given=given)
    return told(output)


def told(output: str) -> list[str]:
    return [line.removeprefix("told ") for line in output.splitlines() if line.startswith("told ")]


# --- what a rewrite makes longer -----------------------------------------------------------------------------


def numbers(count: int) -> bytes:
    """It grows by two bytes for each number."""
    return json.dumps({"n": [1] * count}).encode()


def test_what_a_topic_does_not_take_after_a_rewrite_is_refused_for_good(cage: Cage) -> None:
    topic = cage.topic("grows.a", max_message_bytes="2000")
    fits, outgrows, never_did = numbers(100), numbers(500), numbers(1000)
    assert len(fits) + 200 < 1900 < len(outgrows) + 1000
    assert len(outgrows) < 1900 < len(never_did)

    assert cage.produce(topic, [{"value": value} for value in (fits, outgrows, fits)], batch_num_messages=1) == [
        0,
        POLICY_VIOLATION,
        0,
    ]
    assert sends(cage, topic, [fits, outgrows], linger_ms=0, batch_size=1) == ["2", "PolicyViolationException"]
    assert [json.loads(value or b"")["n"][0] for value in cage.values(topic)] == ["*"] * 3
    assert cage.metric("zoneproxy_blocked_records_total", reason="too_large") == 2


def test_several_small_records_of_one_batch_outgrow_a_topic_together(cage: Cage) -> None:
    """Java splits no batch and sends none again: all are refused at once."""
    topic = cage.topic("grows.b", max_message_bytes="2000")
    values = [numbers(50)] * 10
    assert sum(map(len, values)) < 1900
    assert sends(cage, topic, values, linger_ms=500, batch_size=16384) == ["PolicyViolationException"] * 10
    assert cage.values(topic) == []


@pytest.mark.parametrize("client", ["librdkafka", "java"])
def test_idempotent_producers_go_on_behind_what_was_too_large(client: str, cage: Cage) -> None:
    topic = cage.topic(f"grows.{client}", max_message_bytes="2000")
    too_large = {0, 1, 17, 18, 40}
    values = [json.dumps({"id": n, "n": [1] * (450 if n in too_large else 5)}).encode() for n in range(60)]
    if client == "java":
        words = sends(cage, topic, values, linger_ms=0, batch_size=1, enable_idempotence="true", acks="all")
        refused = {n for n, word in enumerate(words) if word == "PolicyViolationException"}
    else:
        records = [{"value": value} for value in values]
        codes = cage.produce(topic, records, enable_idempotence=True, batch_num_messages=1, retry_backoff_ms=20)
        refused = {n for n, code in enumerate(codes) if code == POLICY_VIOLATION}
    assert refused == too_large
    assert [json.loads(value or b"")["id"] for value in cage.values(topic)] == [
        n for n in range(60) if n not in too_large
    ]


# --- transactions --------------------------------------------------------------------------------------------


def test_java_aborts_a_transaction_and_goes_on(cage: Cage) -> None:
    topic = cage.topic("blocked.java")
    properties = cage.reach.java_properties(transactional_id="java-aborts")
    output = jvm.run("Refused", str(properties), topic, "java-group", CARD)
    assert told(output) == ["PolicyViolationException", "TransactionAbortableException", "committed"]
    committed = consumed(cage, topic, "read_committed")
    assert [value for _, value in committed] == [b"third"]
    assert CARD.encode() not in b"".join(value or b"" for value in cage.values(topic))


def consumed(cage: Cage, topic: str, isolation: str) -> list[tuple[int, bytes | None]]:
    """Offsets and values of all that there is in partition 0, through the proxy."""
    settings = {"group_id": "reads", "isolation_level": isolation, "enable_partition_eof": True}
    consumer = confluent_kafka.Consumer(cage.reach.confluent(**settings))
    consumer.assign([TopicPartition(topic, 0, 0)])
    seen = []
    while not (message := consumer.poll(SECONDS)).error():
        seen.append((message.offset(), message.value()))
    assert message.error().code() == KafkaError._PARTITION_EOF
    consumer.close()
    return seen


@pytest.mark.parametrize("codec", CODECS)
def test_aborted_transactions_and_markers_stay_what_they_are(codec: str, cage: Cage) -> None:
    topic = cage.topic(f"masked.{codec}")
    producer = confluent_kafka.Producer(cage.direct.confluent(transactional_id=topic, compression_type=codec))
    producer.init_transactions(SECONDS)
    for n, commits in enumerate((True, False, True)):
        producer.begin_transaction()
        for value in (dirty(10 * n), clean(10 * n + 1)):
            producer.produce(topic, value, partition=0)
        producer.flush(SECONDS)
        (producer.commit_transaction if commits else producer.abort_transaction)(SECONDS)

    committed = [(0, masked(0)), (1, clean(1)), (6, masked(20)), (7, clean(21))]
    aborted = [(3, masked(10)), (4, clean(11))]
    assert consumed(cage, topic, "read_committed") == committed
    assert consumed(cage, topic, "read_uncommitted") == sorted(committed + aborted)


# --- compaction ----------------------------------------------------------------------------------------------


def fetched(cage: Cage, topic: str) -> list[Whole]:
    """The batches of partition 0 as the proxy hands them out, several in one reply."""
    where = [{"partition": 0, "fetch_offset": 0, "partition_max_bytes": 1 << 20}]
    ask = make(
        ApiKey.FETCH,
        session_epoch=-1,
        max_wait_ms=1000,
        min_bytes=1,
        max_bytes=1 << 20,
        topics=[{"topic": topic, "partitions": where}],
    )
    with RawClient(cage.reach) as client:
        reply: Any = client.ask(ask, 12)
    (partition,) = reply.responses[0].partitions
    assert partition.error_code == 0
    return [entry for entry in walk(partition.records) if isinstance(entry, Whole)]


def test_tombstones_stay_and_so_does_the_horizon_that_a_cleaner_gives_them(cage: Cage) -> None:
    config = {
        "cleanup_policy": "compact",
        "min_cleanable_dirty_ratio": "0.0001",
        "segment_ms": "100",
        "delete_retention_ms": "86400000",
        "max_compaction_lag_ms": "100",
    }
    topic = cage.topic("masked.compacted", **config)
    producer = confluent_kafka.Producer(cage.direct.confluent(linger_ms=0))
    for key, value in ((b"a", dirty(1)), (b"b", dirty(2)), (b"a", None)):
        producer.produce(topic, value, key, partition=0)
        assert producer.flush(SECONDS) == 0

    def has_horizon() -> bool:
        producer.produce(topic, clean(9), b"rolls", partition=0)  # the segment that is written to is never cleaned
        assert producer.flush(SECONDS) == 0
        return any(entry.header.attributes & DELETE_HORIZON for entry in fetched(cage, topic))

    until(has_horizon, seconds=60)
    records: dict[bytes, bytes | None] = {}
    for entry in fetched(cage, topic):
        payload = open_batch(entry.view, entry.header, DecompressionLimits())
        for record in read_records(payload, entry.header.records_count):
            records[bytes(record.key or b"")] = None if record.value is None else bytes(record.value)
    assert records[b"a"] is None
    assert records[b"b"] == masked(2)
    assert records[b"rolls"] == clean(9)


# --- fetches -------------------------------------------------------------------------------------------------


def test_ten_groups_cost_one_scan(cage: Cage) -> None:
    topic = cage.topic("masked.groups")
    for n, codec in enumerate(CODECS):
        records = [{"value": dirty(10 * n + i) if i % 3 == 0 else clean(10 * n + i)} for i in range(10)]
        direct = confluent_kafka.Producer(cage.direct.confluent(compression_type=codec, linger_ms=200))
        for record in records:
            direct.produce(topic, record["value"], partition=0)
        assert direct.flush(SECONDS) == 0
    expected = [masked(n) if n % 10 % 3 == 0 else clean(n) for n in range(50)]

    def all_of_it() -> list[bytes | None]:
        return [value for _, value in Confluent.consume(cage.reach, topic, 50)]

    assert [all_of_it() for _ in range(2)] == [expected] * 2  # what is not compressed is kept when it comes again
    scanned = cage.metric("zoneproxy_scanned_batches_total")
    found = cage.metric("zoneproxy_findings_total", place="value")
    hits = cage.metric("zoneproxy_cached_batches_total", result="hit")
    assert [all_of_it() for _ in range(8)] == [expected] * 8
    assert [value for _, value in JavaConsole.consume(cage.reach, topic, 50)] == expected  # which checks each CRC
    assert cage.metric("zoneproxy_scanned_batches_total") == scanned
    assert cage.metric("zoneproxy_cached_batches_total", result="hit") >= hits + 9 * len(CODECS)
    assert cage.metric("zoneproxy_findings_total", place="value") == found + 9 * 20
    assert cage.metric("zoneproxy_cached_bytes") > 0


def test_a_batch_whose_records_are_all_held_back_leaves_its_place(cage: Cage) -> None:
    topic = cage.topic("blocked.places")
    direct = confluent_kafka.Producer(cage.direct.confluent(linger_ms=0))
    for value in (dirty(0), clean(1), dirty(2), dirty(3), clean(4), dirty(5)):
        direct.produce(topic, value, partition=0)
        assert direct.flush(SECONDS) == 0
    assert consumed(cage, topic, "read_committed") == [(1, clean(1)), (4, clean(4))]
    counts = {entry.header.base_offset: entry.header.records_count for entry in fetched(cage, topic)}
    assert counts == {0: 0, 1: 1, 2: 0, 3: 0, 4: 1, 5: 0}


def test_offset_metadata_that_was_stored_before_is_not_told(cage: Cage) -> None:
    topic = cage.topic("blocked.offsets")
    direct = confluent_kafka.Consumer(cage.direct.confluent(group_id="older"))
    dirty_one = TopicPartition(topic, 0, 3, metadata=f"card {CARD}")
    assert direct.commit(offsets=[dirty_one], asynchronous=False)[0].error is None
    direct.close()
    consumer = confluent_kafka.Consumer(cage.reach.confluent(group_id="older"))
    (seen,) = consumer.committed([TopicPartition(topic, 0)], SECONDS)
    assert (seen.offset, seen.metadata or "") == (3, "")
    with pytest.raises(confluent_kafka.KafkaException) as caught:
        consumer.commit(offsets=[dirty_one], asynchronous=False)
    assert caught.value.args[0].code() == POLICY_VIOLATION
    consumer.close()


def test_no_producer_may_write_two_batches_or_none_at_once(cage: Cage) -> None:
    topic = cage.topic("blocked.raw")
    for records in (batch([clean(1)]) * 2, b""):
        one = {"name": topic, "partition_data": [{"index": 0, "records": records}]}
        with RawClient(cage.reach) as client:
            reply: Any = client.ask(make(ApiKey.PRODUCE, acks=-1, timeout_ms=10000, topic_data=[one]), 9)
        assert reply.responses[0].partition_responses[0].error_code == 87
    assert cage.values(topic) == []


# --- idempotent producers that do otherwise ------------------------------------------------------------------


def test_librdkafka_without_gaps_ends_at_the_first_refusal(cage: Cage) -> None:
    """``enable.gapless.guarantee`` makes any lost record fatal: the producer has to be made anew."""
    topic = cage.topic("blocked.gapless")
    settings = {"enable_idempotence": True, "enable_gapless_guarantee": True, "batch_num_messages": 1}
    producer = confluent_kafka.Producer(cage.reach.confluent(**settings))
    producer.produce(topic, clean(0), partition=0)
    assert producer.flush(SECONDS) == 0
    producer.produce(topic, dirty(1), partition=0)
    with pytest.raises(confluent_kafka.KafkaException) as caught:
        producer.flush(SECONDS)
    assert caught.value.args[0].code() == KafkaError._GAPLESS_GUARANTEE
    assert caught.value.args[0].fatal()
    assert cage.produce(topic, [{"value": clean(3)}], **settings) == [0]
    assert cage.values(topic) == [clean(0), clean(3)]


def test_aiokafka_does_not_go_on_behind_a_refusal_and_a_new_producer_does(cage: Cage) -> None:
    """It never numbers its batches anew: those that follow on that partition fail, and none is stored twice or lost."""
    topic = cage.topic("blocked.aiokafka")

    async def sent(*values: bytes) -> list[int]:
        settings = {"enable_idempotence": True, "request_timeout_ms": 2_000, "retry_backoff_ms": 50}
        told = []
        async with aiokafka.AIOKafkaProducer(**cage.reach.aiokafka(**settings)) as producer:
            for value in values:
                try:
                    await producer.send_and_wait(topic, value, partition=0)
                except aiokafka.errors.KafkaError as error:
                    told.append(error.errno)
                else:
                    told.append(0)
        return told

    first = asyncio.run(asyncio.wait_for(sent(clean(0), dirty(1), clean(2)), SECONDS))
    assert first[:2] == [0, POLICY_VIOLATION]
    assert asyncio.run(asyncio.wait_for(sent(clean(3)), SECONDS)) == [0]
    assert cage.values(topic) == [clean(0)] + [clean(2)] * (first[2] == 0) + [clean(3)]
    assert first[2] != 0
