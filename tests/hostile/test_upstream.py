"""Rows 20, 41 and 42 of the hostile inputs: a broker that lies, or dies in the middle of a word."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.whole import Whole, decoded, fetch, whole
from tests.net.harness import until
from tests.net.peers import BrokerConnection, id_of, reply, request
from zoneproxy.wire.messages.metadata_request import MetadataRequest
from zoneproxy.wire.messages.metadata_response import MetadataResponse, MetadataResponseBroker

FETCH = request(7, fetch("ok.one"), 12)
METADATA = request(7, MetadataRequest(topics=[]), 12)


async def _both_closed(w: Whole, frame: bytes, reasons: set[str]) -> None:
    client = await w.client()
    await client.send(frame)
    assert await client.closed() == b""
    await until(lambda: w.recorder.closed)
    assert w.recorder.closed[0] in ("protocol_error", "upstream_closed")
    assert {reason for _, reason in w.recorder.errors} <= reasons
    assert {side for side, _ in w.recorder.errors} <= {"upstream"}


@pytest.mark.parametrize(
    ("data", "reasons"),
    [
        pytest.param(reply(8, bytes(40)), {"correlation_id"}, id="20: another id"),
        pytest.param(reply(7)[:-1], set(), id="42: cut short"),
        pytest.param(reply(7, b"\0"), {"truncated", "count"}, id="42: truncated reply"),
        pytest.param(b"\xff\xff\xff\xff", {"frame_length"}, id="42: length -1"),
        pytest.param(b"\x7f\xff\xff\xff", {"frame_too_large"}, id="42: length too large"),
        pytest.param(b"\0\0\0\2\0\7", {"truncated"}, id="42: shorter than an id"),
        pytest.param(b"\x15\x03\x03\0\2\2\x28" * 9, {"frame_too_large"}, id="42: TLS alert"),
        pytest.param(b"", set(), id="42: nothing, then reset"),
    ],
)
async def test_a_reply_that_is_none(tmp_path: Path, data: bytes, reasons: set[str]) -> None:
    async with whole(tmp_path) as w:

        async def lie(connection: BrokerConnection, frame: bytes) -> None:
            await connection.send(data)
            if not reasons:
                await connection.reset()

        w.broker.script = lie
        await _both_closed(w, FETCH, reasons)


async def test_20_a_reply_too_many(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        plain = w.broker.script

        async def twice(connection: BrokerConnection, frame: bytes) -> None:
            await plain(connection, frame)
            await connection.send(reply(id_of(frame) + 1, bytes(20)))

        w.broker.script = twice
        client = await w.client()
        got = await client.ask(FETCH)
        assert decoded(got, FETCH).responses[0].partitions[0].error_code == 0
        assert await client.closed() == b""
        await until(lambda: w.recorder.errors == [("upstream", "unasked_reply")])


def _said(*brokers: tuple[int, str, int]) -> MetadataResponse:
    listed = [MetadataResponseBroker(node_id=node, host=host, port=port) for node, host, port in brokers]
    return MetadataResponse(brokers=listed, topics=[])


WRONG = {
    "port -1": _said((0, "h", -1)),
    "host 32 KB": _said((0, "x" * 32_000, 9092)),
    "node id clash": _said((0, "h", 1), (0, "g", 2)),
    "no host": _said((0, "", 9092)),
    "20,000 brokers": _said(*((n, "h", 9092) for n in range(20_000))),
}


@pytest.mark.parametrize("said", WRONG.values(), ids=WRONG)
async def test_41_metadata_that_cannot_be_true(tmp_path: Path, said: MetadataResponse) -> None:
    """Neither a client's answer nor what the proxy believes comes from it."""
    async with whole(tmp_path) as w:
        w.broker.metadata = lambda message: said
        await until(lambda: not w.proxy.upstreams()["up"])
        assert w.recorder.states[-1][2] == "brokers"
        w.broker.metadata = None
        await until(lambda: w.proxy.upstreams()["up"])

        broker: Any = w.broker
        original = broker._metadata
        broker._metadata = lambda message: said
        client = await w.client()
        await client.send(METADATA)
        got = await client.closed()
        for named in said.brokers[:5]:
            assert struct.pack(">I", named.port % 2**32) not in got
        broker._metadata = original


async def test_42_an_answer_that_comes_when_its_client_is_gone(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        waiting: list[tuple[BrokerConnection, bytes]] = []

        async def later(connection: BrokerConnection, frame: bytes) -> None:
            waiting.append((connection, frame))

        plain, w.broker.script = w.broker.script, later
        client = await w.client()
        await client.send(FETCH)
        await until(lambda: waiting)
        client.reset()
        await until(lambda: w.recorder.closed == ["client_reset"])
        connection, frame = waiting[0]
        if not connection.writer.is_closing():
            connection.writer.write(reply(id_of(frame), bytes(100)))
        w.broker.script = plain
        other = await w.client()
        assert decoded(await other.ask(FETCH), FETCH).responses
        await other.close()
