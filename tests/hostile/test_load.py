"""Rows 21 and 22 of the hostile inputs: right requests, too many of them, or answers that nobody takes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.whole import Memory, decoded, fetch, whole
from tests.net.harness import until
from tests.net.peers import correlation_of, request
from zoneproxy.wire.codec import decode_request, encode_response, read_request_header
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData
from zoneproxy.wire.messages.metadata_request import MetadataRequest

VERSIONS = ApiVersionsRequest(client_software_name="test", client_software_version="1")
METADATA = MetadataRequest(topics=[])

ANSWERED_HERE = pytest.param(VERSIONS, 3, id="answered here")
FORWARDED = pytest.param(METADATA, 12, id="forwarded")


@pytest.mark.parametrize(("message", "version"), [ANSWERED_HERE, FORWARDED])
async def test_21_many_requests_and_no_answer_is_read(tmp_path: Path, message: Any, version: int) -> None:
    """The client's own kernel buffers fill; the proxy holds no more than before."""
    async with whole(tmp_path) as w:
        client = await w.client()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        frames = [request(n, message, version) for n in range(20_000)]
        memory = Memory()
        client.writer.write(b"".join(frames))
        await until(lambda: w.connections == 1)
        last, still = -1, 0
        while still < 5:
            await w.healthy.goes_on()
            decided = len(w.recorder.decisions)
            still, last = (still + 1 if decided - last < 10 else 0), decided
        session = next(s for s in w.proxy._sessions._sessions if s.connection.number > 1)  # type: ignore[union-attr]
        assert session.held < 3 * 2**20
        assert len(session.table) <= 64
        assert memory.look() < 64
        assert not w.recorder.closed
        await client.close()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.long)])
@pytest.mark.parametrize(("message", "version"), [ANSWERED_HERE, FORWARDED])
async def test_21_pipelined_requests_are_all_answered_in_order(
    tmp_path: Path, message: Any, version: int, count: int
) -> None:
    async with whole(tmp_path) as w:
        client = await w.client()
        frames = [request(n, message, version) for n in range(count)]
        memory = Memory()

        async def read() -> list[int]:
            return [correlation_of(await client.receive()) for _ in frames]

        reading = asyncio.ensure_future(read())
        await client.send(b"".join(frames))
        await memory.watch(reading.done, seconds=100)
        assert await reading == list(range(count))
        assert memory.peak < 64
        await client.close()


async def test_22_a_fetch_that_nobody_reads(tmp_path: Path) -> None:
    size = 50 * 2**20
    async with whole(tmp_path, stall=0.3) as w:
        records = bytes(size)

        async def generous(connection: Any, frame: bytes) -> None:
            header = read_request_header(frame)
            asked: Any = decode_request(frame, header).message
            topics = [
                FetchableTopicResponse(
                    topic=asked.topics[0].topic, partitions=[PartitionData(partition_index=0, records=records)]
                )
            ]
            answer = FetchResponse(responses=topics)
            await connection.send(encode_response(header.correlation_id, 1, header.api_version, answer))

        w.broker.script = generous
        frame = request(1, fetch("ok.one"), 12)
        reader = await w.client()
        assert len(decoded(await reader.ask(frame), frame).responses[0].partitions[0].records) == size

        memory = Memory()
        client = await w.client()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await client.send(frame * 20)
        await memory.watch(lambda: w.recorder.closed)
        assert w.recorder.closed == ["stalled"]
        assert memory.peak < 6 * size / 2**20
        await client.close()
        await reader.close()
