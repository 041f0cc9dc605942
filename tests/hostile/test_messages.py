"""Rows 9 to 20 and 40 of the hostile inputs: frames that hold what no client should send."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.whole import Memory, Whole, decoded, fetch, whole
from tests.net.harness import until
from tests.net.peers import correlation_of, request
from zoneproxy.boundary.facts import Noticed
from zoneproxy.wire.codec import decode_request, decode_response, read_request_header
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic, ForgottenTopic
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData

METADATA = request(1, MetadataRequest(topics=[MetadataRequestTopic(name="ok.one")]), 12)


def raw(key: int, version: int, body: bytes, *, header: bytes = b"\0\4test", correlation_id: int = 1) -> bytes:
    """A frame of any key, version and body; ``header`` is what follows the correlation id."""
    inner = struct.pack(">hhi", key, version, correlation_id) + header + body
    return struct.pack(">i", len(inner)) + inner


def flexible(key: int, version: int, body: bytes, tags: bytes = b"\0") -> bytes:
    """The same with a header of version 2."""
    return raw(key, version, body, header=b"\0\4test" + tags)


def metadata_of(name: str) -> bytes:
    return request(1, MetadataRequest(topics=[MetadataRequestTopic(name=name)]), 12)


async def _closed(w: Whole, frame: bytes, *reasons: str) -> None:
    """The frame closes the connection with a protocol error, at once and without a trace upstream."""
    client, memory = await w.client(), Memory()
    await client.send(frame)
    assert await client.closed() == b""
    await until(lambda: w.recorder.closed)
    assert w.recorder.closed == ["protocol_error"]
    ((side, reason),) = w.recorder.errors
    assert side == "client"
    assert reason in reasons
    assert not w.broker.forwarded
    assert memory.look() < 32


@pytest.mark.parametrize(("key", "version"), [(9999, 0), (-1, 0), (4, 5), (7, 3), (3, 99), (1, -1)])
async def test_9_and_10_what_does_not_exist(tmp_path: Path, key: int, version: int) -> None:
    """Unknown, brokers' own, and not offered APIs; versions below and above."""
    async with whole(tmp_path) as w:
        client = await w.client()
        await client.send(raw(key, version, b"\0" * 20))
        assert await client.closed() == b""
        await until(lambda: w.recorder.closed)
        assert w.recorder.closed[0] in ("not_open", "unsupported_version")
        assert w.recorder.decisions.count("closed") == 1
        assert not w.broker.forwarded


@pytest.mark.parametrize(("key", "version"), [(78, 1), (79, 1), (71, 0), (88, 0), (10, 4), (17, 1), (36, 2)])
async def test_9_what_is_not_offered_is_said_where_the_reply_can_say_it(tmp_path: Path, key: int, version: int) -> None:
    """Share groups, telemetry, streams groups, coordinators, SASL: closed, or UNSUPPORTED_VERSION."""
    async with whole(tmp_path) as w:
        client = await w.client()
        await client.send(raw(key, version, b"\0" * 20))
        try:
            message: Any = decode_response(await client.receive(), key, version).message
        except (EOFError, ConnectionError):
            await client.close()
            await until(lambda: w.recorder.closed)
        else:
            assert message.error_code == ErrorCode.UNSUPPORTED_VERSION
        assert not w.broker.forwarded


async def test_10_a_version_of_api_versions_that_we_do_not_know(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        client = await w.client()
        answer = await client.ask(flexible(18, 99, b"whatever comes here"))
        message: Any = decode_response(answer, 18, 0).message
        assert message.error_code == ErrorCode.UNSUPPORTED_VERSION
        assert [(api.api_key, api.min_version, api.max_version) for api in message.api_keys] == [(18, 0, 4)]
        assert decoded(await client.ask(METADATA), METADATA).topics
        await client.close()


@pytest.mark.parametrize("name", ["", "-x", "a b", "x" * 30_000 + "!", "\0", "é"])
async def test_11_a_client_software_name_that_is_none(tmp_path: Path, name: str) -> None:
    async with whole(tmp_path) as w:
        client = await w.client()
        frame = request(1, ApiVersionsRequest(client_software_name=name, client_software_version="1"), 3)
        answer = await client.ask(frame)
        assert decoded(answer, frame).error_code == ErrorCode.INVALID_REQUEST
        await client.close()


def _varint(value: int) -> bytes:
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


TAG = b"\x01\x05\x00"  # one tagged field: tag 5, size 0


@pytest.mark.parametrize(
    ("frame", "reasons"),
    [
        pytest.param(flexible(18, 3, b"", _varint(20_000_000)), ("tags", "count", "truncated"), id="12: 20 M tags"),
        pytest.param(
            flexible(18, 3, b"", _varint(200_000) + b"".join(_varint(n) + b"\0" for n in range(200_000))),
            ("tags", "count"),
            id="12: 200,000 tags that are there",
        ),
        pytest.param(flexible(18, 3, b"", b"\x02\x05\0\x04\0"), ("tags",), id="13: descending"),
        pytest.param(flexible(18, 3, b"", b"\x02\x05\0\x05\0"), ("tags",), id="13: twice"),
        pytest.param(flexible(18, 3, b"", b"\x01\x05\x7f"), ("tags", "truncated", "length"), id="13: size"),
        pytest.param(flexible(3, 12, b"\xff\xff\xff\xff\xff\x01"), ("varint", "count", "length"), id="14: 6 bytes"),
        pytest.param(flexible(3, 12, b"\x80\x80\x80\x80\x10"), ("varint",), id="14: fifth byte"),
        pytest.param(flexible(3, 12, b"\x82\x00\x03a"), ("varint",), id="14: longer than needed"),
        pytest.param(raw(3, 8, b"\x7f\xff\xff\xff"), ("count",), id="15: largest"),
        pytest.param(raw(3, 8, b"\xff\xff\xff\xfe"), ("length", "count"), id="15: -2"),
        pytest.param(flexible(3, 12, b"\xff\xff\xff\xff\x0f"), ("count", "length"), id="15: compact"),
        pytest.param(raw(3, 8, b"\0\0\0\1\xff\xff"), ("length", "truncated"), id="16: null name"),
        pytest.param(flexible(0, 9, b"\0\0\1\0\0\0\1\0\0"), ("length", "count"), id="16: null array"),
        pytest.param(raw(3, 8, b"\0\0\0\1\0\2\xc0\x80\0\0\0"), ("utf8",), id="17: overlong NUL"),
        pytest.param(raw(3, 8, b"\0\0\0\1\0\3\xed\xa0\x80\0\0\0"), ("utf8",), id="17: lone surrogate"),
        pytest.param(raw(3, 8, b"\0\0\0\1\0\1\xff\0\0\0"), ("utf8",), id="17: no UTF-8"),
        pytest.param(raw(3, 8, b"", header=b"\0\1\xff"), ("utf8",), id="17: client id"),
        pytest.param(raw(3, 8, b"", header=b"\x7f\xff"), ("truncated",), id="17: client id that is not there"),
        pytest.param(raw(3, 8, b"", header=b"\xff\xfe"), ("length",), id="17: client id of -2"),
        pytest.param(raw(0, 8, b"\xff\xff\0\1"), ("truncated",), id="cut short"),
        pytest.param(b"\0\0\0\1\0", ("truncated",), id="one byte"),
    ],
)
async def test_12_to_17_what_is_no_message(tmp_path: Path, frame: bytes, reasons: tuple[str, ...]) -> None:
    async with whole(tmp_path) as w:
        await _closed(w, frame, *reasons)


async def test_17_a_client_id_may_be_long_and_say_anything(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        client = await w.client()
        for client_id in ("x" * 32_767, "\r\nforged line", "\0"):
            frame = request(1, MetadataRequest(topics=[]), 12, client_id)
            assert correlation_of(await client.ask(frame)) == 1
        await client.close()


NAMES = [
    "",
    ".",
    "..",
    "__consumer_offsets",
    "ok." + "x" * 247,
    "ok/one",
    "\u043ek.one",
    "OK.one",
    "secret",
    "ok.one\0",
]


@pytest.mark.parametrize("name", NAMES)
async def test_18_topics_that_one_may_not_see(tmp_path: Path, name: str) -> None:
    async with whole(tmp_path) as w:
        client = await w.client()
        frame = metadata_of(name)
        (topic,) = decoded(await client.ask(frame), frame).topics
        refused: tuple[int, ...] = (ErrorCode.INVALID_TOPIC_EXCEPTION, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
        assert topic.error_code in (*refused, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)
        assert not topic.partitions

        frame = request(2, _produce(name), 12)
        answer = decoded(await client.ask(frame), frame)
        refused = (*refused, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.INVALID_RECORD)
        assert answer.responses[0].partition_responses[0].error_code in refused
        for forwarded in w.broker.forwarded:
            assert read_request_header(forwarded).api_key == 3
        await client.close()


def _produce(name: str) -> ProduceRequest:
    data = [TopicProduceData(name=name, partition_data=[PartitionProduceData(index=0, records=b"")])]
    return ProduceRequest(acks=-1, timeout_ms=1000, topic_data=data)


async def test_19_stale_bytes_behind_the_body_are_cut(tmp_path: Path) -> None:
    """librdkafka 2.16 sends Metadata v13 with three of them."""
    async with whole(tmp_path) as w:
        client = await w.client()
        stale = struct.pack(">i", len(METADATA) - 4 + 3) + METADATA[4:] + b"\1\2\3"
        assert decoded(await client.ask(stale), stale).topics[0].name == "ok.one"
        (forwarded,) = w.broker.forwarded
        header = read_request_header(forwarded)
        assert decode_request(forwarded, header).trailing == 0
        assert b"\1\2\3" not in forwarded[-3:]
        assert Noticed("trailing_bytes_cut") in w.recorder.told
        await client.close()


async def test_20_correlation_ids_that_repeat_or_are_negative(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        client = await w.client()
        frames = [request(n, MetadataRequest(topics=[]), 12) for n in (5, 5, -1, -(2**31), 5)]
        await client.send(b"".join(frames))
        assert [correlation_of(await client.receive()) for _ in frames] == [5, 5, -1, -(2**31), 5]
        await client.close()


# --- 40: Fetch


def _forwarded(w: Whole) -> FetchRequest:
    frame = w.broker.forwarded[-1]
    message = decode_request(frame, read_request_header(frame)).message
    assert isinstance(message, FetchRequest)
    return message


@pytest.mark.parametrize(
    ("fields", "check"),
    [
        pytest.param({"max_wait_ms": 2**31 - 1, "min_bytes": 2**31 - 1}, lambda m: m.max_wait_ms <= 60_000, id="wait"),
        pytest.param({"max_bytes": -1}, lambda m: True, id="max bytes"),
        pytest.param(
            {"session_id": 77, "session_epoch": 0}, lambda m: m.session_id == 0 and m.session_epoch <= 0, id="session"
        ),
        pytest.param(
            {"forgotten_topics_data": [ForgottenTopic(topic="secret", partitions=[0])]},
            lambda m: not m.forgotten_topics_data,
            id="forgotten topics",
        ),
    ],
)
async def test_40_games_with_fetch(
    tmp_path: Path, fields: dict[str, Any], check: Callable[[FetchRequest], bool]
) -> None:
    async with whole(tmp_path) as w:
        client = await w.client()
        frame = request(1, fetch("ok.one", **fields), 12)
        assert decoded(await client.ask(frame), frame).responses[0].partitions[0].error_code == 0
        assert check(_forwarded(w))
        await client.close()


async def test_40_a_client_that_says_it_is_a_broker(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        client = await w.client()
        frame = request(1, fetch("ok.one", replica_id=1), 12)
        error = decoded(await client.ask(frame), frame).responses[0].partitions[0].error_code
        if w.broker.forwarded:
            assert _forwarded(w).replica_id == -1
        else:
            assert error in (ErrorCode.TOPIC_AUTHORIZATION_FAILED, ErrorCode.CLUSTER_AUTHORIZATION_FAILED)
        await client.close()


async def test_40_a_session_of_somebody_else(tmp_path: Path) -> None:
    async with whole(tmp_path) as w:
        client = await w.client()
        frame = request(1, fetch("ok.one", session_id=77, session_epoch=5, topics=[]), 12)
        error = decoded(await client.ask(frame), frame).error_code
        assert error in (ErrorCode.FETCH_SESSION_ID_NOT_FOUND, ErrorCode.INVALID_FETCH_SESSION_EPOCH)
        assert not w.broker.forwarded
        await client.close()


@pytest.mark.parametrize("count", [150_000, pytest.param(1_000_000, marks=pytest.mark.long)])
async def test_40_too_many_partitions(tmp_path: Path, count: int) -> None:
    async with whole(tmp_path) as w:
        client = await w.client()
        partitions = [FetchPartition(partition=n) for n in range(count)]
        frame = request(1, fetch("ok.one", topics=[FetchTopic(topic="ok.one", partitions=partitions)]), 12)
        await client.send(frame)
        try:
            answer = decoded(await client.receive(), frame)
        except (EOFError, ConnectionError):
            assert w.recorder.errors
        else:
            codes = {p.error_code for p in answer.responses[0].partitions} | {answer.error_code}
            assert ErrorCode.INVALID_REQUEST in codes
        assert not w.broker.forwarded
        await client.close()
