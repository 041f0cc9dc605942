"""Batches between librdkafka and us: what its producer writes is read, what is built here its consumer reads.

Both meet in librdkafka's own mock cluster, where batches are fetched and put by hand, as bytes.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition

from tests.wire.batch_oracles import CODECS, LIMITS
from zoneproxy.wire.batch import HEADER_SIZE, Whole, build_batch, check_produced, open_batch, walk
from zoneproxy.wire.record import Record, check_contiguous, read_records, write_records

PRODUCE, FETCH = 0, 1
SENT = [
    (None if i % 3 == 0 else b"k%d" % i, b'{"id":%d,"text":"%s"}' % (i, b"abc " * 100), [("h", b"%d" % i), ("n", None)])
    for i in range(400)
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A mock cluster of one broker; it lives as long as the producer that made it."""
    owner = Producer({"bootstrap.servers": "-", "test.mock.num.brokers": 1, "log_level": 0})
    (broker,) = owner.list_topics(timeout=10).brokers.values()
    yield f"{broker.host}:{broker.port}"
    owner.flush()


def _string(text: str) -> bytes:
    return struct.pack(">h", len(text)) + text.encode()


def _ask(address: str, api: int, version: int, body: bytes) -> bytes:
    """One request with a connection of its own; the response's body."""
    host, _, port = address.rpartition(":")
    request = struct.pack(">hhi", api, version, 1) + _string("test") + body
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        stream = connection.makefile("rb")
        (size,) = struct.unpack(">i", stream.read(4))
        return stream.read(size)[4:]


def fetch(address: str, topic: str) -> bytes:
    """All batches of partition 0, with Fetch v4."""
    partition = struct.pack(">iiqi", 1, 0, 0, 1 << 26)
    body = struct.pack(">iiiibi", -1, 100, 1, 1 << 26, 0, 1) + _string(topic) + partition
    answer = _ask(address, FETCH, 4, body)
    at = 4 + 4 + 2 + len(topic) + 4
    _, error, _, _, _, size = struct.unpack_from(">ihqqii", answer, at)
    assert error == 0
    return answer[-size:]


def put(address: str, topic: str, batch: bytes) -> None:
    """One batch into partition 0, with Produce v3."""
    body = struct.pack(">hhii", -1, -1, 5_000, 1) + _string(topic) + struct.pack(">iii", 1, 0, len(batch)) + batch
    answer = _ask(address, PRODUCE, 3, body)
    (error,) = struct.unpack_from(">h", answer, 4 + 2 + len(topic) + 4 + 4)
    assert error == 0


def produce(address: str, topic: str, codec: str) -> None:
    producer = Producer(
        {"bootstrap.servers": address, "compression.type": codec, "linger.ms": 200, "enable.idempotence": True}
    )
    for key, value, headers in SENT:
        producer.produce(topic, key=key, value=value, headers=headers, partition=0)
    assert producer.flush(30) == 0


def create(address: str, topic: str) -> None:
    """Ask for the topic, so that the mock cluster makes it."""
    assert Producer({"bootstrap.servers": address}).list_topics(topic, 10).topics[topic].error is None


def consume(address: str, topic: str, count: int) -> list[tuple[bytes | None, bytes | None]]:
    consumer = Consumer({"bootstrap.servers": address, "group.id": "g", "check.crcs": True})
    consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
    found: list[tuple[bytes | None, bytes | None]] = []
    while len(found) < count:
        messages = consumer.consume(count - len(found), timeout=30)
        assert messages
        assert not any(message.error() for message in messages)
        found += [(message.key(), message.value()) for message in messages]
    consumer.close()
    return found


def opened(batch: Whole) -> list[Record]:
    payload = open_batch(batch.view, batch.header, LIMITS)
    return read_records(payload, batch.header.records_count, batch.header.last_offset_delta)


@pytest.mark.parametrize("codec", CODECS)
def test_both_ways(address, codec):
    produce(address, f"from-{codec}", codec)
    create(address, f"to-{codec}")
    batches = walk(fetch(address, f"from-{codec}"))
    read: list[tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]] = []
    for batch in batches:
        assert isinstance(batch, Whole)
        assert batch.header.codec == CODECS[codec]
        check_produced(batch.header)
        records = opened(batch)
        check_contiguous(records, batch.header.last_offset_delta)
        read += [(r.key, r.value, [(name.decode(), value) for name, value in r.headers]) for r in records]
        assert write_records(records) == bytes(open_batch(batch.view, batch.header, LIMITS))
        records[0].value = b"redacted"
        put(address, f"to-{codec}", build_batch(batch.header, write_records(records), len(records)))
    assert read == SENT
    starts = {b.header.base_offset for b in batches if isinstance(b, Whole)}
    expected = [(key, b"redacted" if i in starts else value) for i, (key, value, _) in enumerate(SENT)]
    assert consume(address, f"to-{codec}", len(SENT)) == expected


def test_header_size_is_what_librdkafka_writes(address):
    produce(address, "sizes", "none")
    (batch, *_) = walk(fetch(address, "sizes"))
    assert isinstance(batch, Whole)
    assert len(batch.view) == HEADER_SIZE + len(write_records(opened(batch)))
