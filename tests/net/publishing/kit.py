"""A broker with one topic that can be written to, and goes wrong as told."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from tests.net.harness import Recorder
from tests.net.peers import Broker, BrokerConnection
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.config.addresses import HostPort
from zoneproxy.net.link import READ_BUFFER
from zoneproxy.net.publishing.outbox import Outgoing
from zoneproxy.net.upstream import Dialler
from zoneproxy.wire.batch import Whole, open_batch, walk
from zoneproxy.wire.codec import decode_request, encode_response, read_request_header
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.create_topics_request import CreateTopicsRequest
from zoneproxy.wire.messages.create_topics_response import CreatableTopicResult, CreateTopicsResponse
from zoneproxy.wire.messages.message import Message
from zoneproxy.wire.messages.metadata_request import MetadataRequest
from zoneproxy.wire.messages.metadata_response import (
    MetadataResponse,
    MetadataResponseBroker,
    MetadataResponsePartition,
    MetadataResponseTopic,
)
from zoneproxy.wire.messages.produce_request import ProduceRequest
from zoneproxy.wire.messages.produce_response import (
    PartitionProduceResponse,
    ProduceResponse,
    TopicProduceResponse,
)
from zoneproxy.wire.record import Record, read_records

TOPIC = "security.violations"
LIMITS = DecompressionLimits(1 << 26, 1000)


class TopicBroker(Broker):
    """``leaders``: by partition, -1 for none; None: there is no such topic. ``error``: of the next Produce."""

    def __init__(self, node_id: int = 0) -> None:
        super().__init__(self.answer, node_id)
        self.leaders: list[int] | None = [0]
        self.topic_error = 0
        self.error: Callable[[list[Record]], int] = lambda records: 0
        self.create_error = 0
        self.reply: Message | bytes | None = None  # to Produce, instead of its own
        self.produced: list[tuple[int, list[Record]]] = []
        self.requests: list[ProduceRequest] = []
        self.created: list[CreateTopicsRequest] = []
        self.versions[ApiKey.CREATE_TOPICS] = (2, 7)
        self.metadata = self.topic_metadata

    @property
    def values(self) -> list[bytes | None]:
        return [record.value for _, records in self.produced for record in records]

    def topic_metadata(self, message: MetadataRequest) -> MetadataResponse:
        topics = []
        for asked in message.topics or []:
            code = self.topic_error or (3 if self.leaders is None else 0)
            partitions = [
                MetadataResponsePartition(partition_index=index, leader_id=leader)
                for index, leader in enumerate(self.leaders or [])
            ]
            topics.append(MetadataResponseTopic(error_code=code, name=asked.name, partitions=partitions))
        brokers = [
            MetadataResponseBroker(node_id=broker.node_id, host="127.0.0.1", port=broker.port)
            for broker in self.brokers
        ]
        return MetadataResponse(brokers=brokers, topics=topics)

    async def answer(self, connection: BrokerConnection, frame: bytes) -> None:
        header = read_request_header(frame)
        message = decode_request(frame, header).message
        answer: Message | bytes
        if isinstance(message, CreateTopicsRequest):
            self.created.append(message)
            if not self.create_error:
                self.leaders = [0]
            result = CreatableTopicResult(name=message.topics[0].name, error_code=self.create_error)
            answer = CreateTopicsResponse(topics=[result])
        else:
            assert isinstance(message, ProduceRequest)
            answer = self.reply or self._produced(message)
        if isinstance(answer, bytes):
            await connection.send(answer)
        else:
            await connection.send(encode_response(header.correlation_id, header.api_key, header.api_version, answer))

    def _produced(self, message: ProduceRequest) -> ProduceResponse:
        self.requests.append(message)
        (topic,) = message.topic_data
        (part,) = topic.partition_data
        assert part.records is not None
        (batch,) = walk(part.records)
        assert isinstance(batch, Whole)
        records = read_records(open_batch(batch.view, batch.header, LIMITS), batch.header.records_count)
        error = self.error(records)
        if not error:
            self.produced.append((part.index, records))
        answered = PartitionProduceResponse(index=part.index, error_code=error)
        return ProduceResponse(responses=[TopicProduceResponse(name=topic.name, partition_responses=[answered])])


class Sink(Recorder):
    """Keeps what it is told of records written and lost."""

    def __init__(self) -> None:
        super().__init__()
        self.written = 0
        self.lost: list[tuple[str, int]] = []
        self.failing: list[str] = []

    def published(self, sink: str, records: int, size: int) -> None:
        assert size > 0
        self.written += records

    def publishing_lost(self, sink: str, reason: str, records: int) -> None:
        self.lost.append((reason, records))

    def publishing_state(self, sink: str, failing: str) -> None:
        self.failing.append(failing)


class Place:
    """A broker and the way to it."""

    def __init__(self, broker: TopicBroker) -> None:
        self.broker = broker
        self.cluster = ClusterView()
        self.sink = Sink()
        servers = [HostPort("127.0.0.1", broker.port)]
        shared = memoryview(bytearray(READ_BUFFER))
        self.dialler = Dialler("up", servers, self.cluster, None, self.sink, shared, 5.0)


@asynccontextmanager
async def place(broker: TopicBroker | None = None) -> AsyncIterator[Place]:
    broker = broker or TopicBroker()
    await broker.start()
    try:
        yield Place(broker)
    finally:
        await broker.stop()


def outgoing(value: bytes = b"v", **fields: Any) -> Outgoing:
    return Outgoing(value, int(time.time() * 1000), **fields)
