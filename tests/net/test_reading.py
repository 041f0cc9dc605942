from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.app.scanning.kit import batch, record
from tests.net.publishing.kit import Place, TopicBroker, place
from zoneproxy.net import reading as module
from zoneproxy.net.asking import UpstreamError
from zoneproxy.net.reading import Piece, TopicReader
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import FetchRequest
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData
from zoneproxy.wire.messages.list_offsets_request import ListOffsetsRequest
from zoneproxy.wire.messages.list_offsets_response import (
    ListOffsetsPartitionResponse,
    ListOffsetsResponse,
    ListOffsetsTopicResponse,
)
from zoneproxy.wire.messages.message import Message

TOPIC = "orders"
LOG = {offset: batch(record(b"%d" % offset), record(b"x", at=1), base=offset) for offset in (10, 12, 14)}


class Log(TopicBroker):
    """Hands out a batch at a time, and what is said otherwise instead."""

    def __init__(self) -> None:
        super().__init__()
        self.instead: dict[int, Message] = {}
        self.fetched: list[int] = []
        self.versions[ApiKey.FETCH] = (4, 18)
        self.versions[ApiKey.LIST_OFFSETS] = (1, 11)

    async def answer(self, connection: Any, frame: bytes) -> None:
        from zoneproxy.wire.codec import decode_request, encode_response, read_request_header

        header = read_request_header(frame)
        message = decode_request(frame, header).message
        answer = self.instead.get(header.api_key) or self._answer(message)
        await connection.send(encode_response(header.correlation_id, header.api_key, header.api_version, answer))

    def _answer(self, message: Message) -> Message:
        if isinstance(message, ListOffsetsRequest):
            return offsets(10 if message.topics[0].partitions[0].timestamp == -2 else 16)
        assert isinstance(message, FetchRequest)
        (asked,) = message.topics[0].partitions
        self.fetched.append(asked.fetch_offset)
        return fetched(LOG[asked.fetch_offset] + LOG[10][:40], asked.partition)


def offsets(offset: int, name: str = TOPIC, index: int = 0, error: int = 0) -> ListOffsetsResponse:
    part = ListOffsetsPartitionResponse(partition_index=index, error_code=error, offset=offset)
    return ListOffsetsResponse(topics=[ListOffsetsTopicResponse(name=name, partitions=[part])])


def fetched(records: bytes | None, index: int = 0, name: str = TOPIC, error: int = 0) -> FetchResponse:
    part = PartitionData(partition_index=index, error_code=error, high_watermark=16, records=records)
    return FetchResponse(responses=[FetchableTopicResponse(topic=name, partitions=[part])])


async def read(p: Place) -> list[Piece]:
    return [piece async for piece in TopicReader(TOPIC, p.cluster, p.dialler, time.time).read()]


@asynccontextmanager
async def log() -> AsyncIterator[tuple[Place, Log]]:
    broker = Log()
    async with place(broker) as p:
        yield p, broker


async def test_a_partition_is_read_from_its_start_to_its_end() -> None:
    async with log() as (p, broker):
        pieces = await read(p)
        assert [(piece.first, piece.last, piece.offset) for piece in pieces] == [
            (10, 16, 12),
            (10, 16, 14),
            (10, 16, 16),
        ]
        assert broker.fetched == [10, 12, 14]
        assert bytes(pieces[0].records).startswith(LOG[10])


async def test_all_partitions_that_have_a_leader_are_read() -> None:
    async with log() as (p, broker):
        broker.leaders = [0, -1, 0]
        broker.instead[ApiKey.LIST_OFFSETS] = offsets(10)
        with pytest.raises(UpstreamError, match="list_offsets"):
            await read(p)  # the answer is about partition 0 each time
        del broker.instead[ApiKey.LIST_OFFSETS]
        broker._answer = lambda message: (  # type: ignore[method-assign]
            offsets(10, index=message.topics[0].partitions[0].partition_index)
        )
        assert await read(p) == []


@pytest.mark.parametrize(
    ("key", "answer", "reason"),
    [
        (ApiKey.LIST_OFFSETS, offsets(1, name="other"), "list_offsets"),
        (ApiKey.LIST_OFFSETS, offsets(1, error=29), "topic_authorization"),
        (ApiKey.FETCH, fetched(b"", name="other"), "fetch"),
        (ApiKey.FETCH, fetched(b"", index=7), "fetch"),
        (ApiKey.FETCH, fetched(b"", error=29), "topic_authorization"),
        (ApiKey.FETCH, fetched(b"", error=6), "fetch_error"),
        (ApiKey.FETCH, FetchResponse(error_code=70), "fetch_error"),
        (ApiKey.FETCH, fetched(None), "fetch"),
        (ApiKey.FETCH, fetched(LOG[10][:-1]), "fetch"),
    ],
)
async def test_a_broker_that_lies_or_refuses(key: int, answer: Message, reason: str) -> None:
    async with log() as (p, broker):
        broker.instead[key] = answer
        with pytest.raises(UpstreamError) as caught:
            await read(p)
        assert caught.value.reason == reason


async def test_a_batch_that_leads_nowhere_is_no_way_on() -> None:
    async with log() as (p, broker):
        broker.instead[ApiKey.FETCH] = fetched(batch(record(b"old"), base=3))
        with pytest.raises(UpstreamError, match="fetch"):
            await read(p)


@pytest.mark.parametrize(
    ("key", "spoken", "reason"),
    [(ApiKey.LIST_OFFSETS, (0, 0), "list_offsets_version"), (ApiKey.FETCH, (13, 18), "fetch_version")],
)
async def test_a_broker_that_speaks_other_versions(key: ApiKey, spoken: tuple[int, int], reason: str) -> None:
    async with log() as (p, broker):
        broker.versions[key] = spoken
        with pytest.raises(UpstreamError, match=reason):
            await read(p)


def test_large_batches_come_all_the_same() -> None:
    assert module.MAX_ANSWER > module.FETCH_BYTES
