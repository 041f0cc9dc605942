"""What several test files let scripted peers and chains do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from tests.net.harness import Rig
from tests.net.peers import BrokerConnection, Client, correlation_of, id_of, reply
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.interceptor import Context
from zoneproxy.net.broker_settings import AUTO_CREATE
from zoneproxy.wire.codec import decode_request, encode_response, read_request_header
from zoneproxy.wire.messages.describe_configs_request import DescribeConfigsRequest
from zoneproxy.wire.messages.describe_configs_response import (
    DescribeConfigsResourceResult,
    DescribeConfigsResponse,
    DescribeConfigsResult,
)
from zoneproxy.wire.messages.find_coordinator_request import FindCoordinatorRequest
from zoneproxy.wire.messages.find_coordinator_response import FindCoordinatorResponse
from zoneproxy.wire.messages.join_group_request import JoinGroupRequest, JoinGroupRequestProtocol


class Held:
    """A broker script that keeps its answers until told."""

    def __init__(self, body: bytes = b"") -> None:
        self.free = asyncio.Event()
        self.body = body

    async def __call__(self, connection: BrokerConnection, frame: bytes) -> None:
        task = asyncio.ensure_future(self._answer(connection, id_of(frame)))
        connection.answers = [*getattr(connection, "answers", []), task]  # type: ignore[attr-defined]

    async def _answer(self, connection: BrokerConnection, correlation_id: int) -> None:
        await self.free.wait()
        connection.writer.write(reply(correlation_id, self.body))


async def silent(connection: BrokerConnection, frame: bytes) -> None:
    """Never answers."""


def answer_here(message: Any, ctx: Context) -> Routed:
    """Answers what is noted as ``here``."""
    if message.key == "here":
        return Routed(reply=FindCoordinatorResponse(host="here"))
    return Routed(forward=True)


def here(correlation_id: int) -> bytes:
    return encode_response(correlation_id, 10, 2, FindCoordinatorResponse(host="here"))


async def ids(client: Client, count: int) -> list[int]:
    return [correlation_of(await client.receive()) for _ in range(count)]


def long_message(size: int) -> Any:
    return JoinGroupRequest(protocols=[JoinGroupRequestProtocol(name="p", metadata=b"m" * size)])


def find() -> Any:
    return FindCoordinatorRequest(coordinator_keys=["k"])


def answering(version: int, host: str = "h", extra: bytes = b"") -> Callable[..., Any]:
    async def script(connection: BrokerConnection, frame: bytes) -> None:
        whole = encode_response(id_of(frame), 10, version, FindCoordinatorResponse(host=host))
        await connection.send((len(whole) - 4 + len(extra)).to_bytes(4, "big") + whole[4:] + extra)

    return script


def with_then(message: Any, ctx: Context) -> Routed:
    return Routed(forward=True, thens=[lambda response, ctx: False])


async def violation(r: Rig, client: Client, side: str, reason: str) -> None:
    assert await client.closed() == b""
    await r.idle()
    assert r.recorder.errors == [(side, reason)]
    assert r.recorder.closed == ["protocol_error"]


class Configured:
    """A script that answers DescribeConfigs with one value; None: with an error instead."""

    def __init__(self, value: str | None) -> None:
        self.value = value
        self.asked: list[DescribeConfigsRequest] = []

    async def __call__(self, connection: BrokerConnection, frame: bytes) -> None:
        header = read_request_header(frame)
        message = decode_request(frame, header).message
        assert isinstance(message, DescribeConfigsRequest)
        self.asked.append(message)
        result = DescribeConfigsResult(resource_type=4, resource_name="0", error_code=0 if self.value else 31)
        if self.value:
            result.configs = [
                DescribeConfigsResourceResult(name="log.dirs", value="true"),
                DescribeConfigsResourceResult(name=AUTO_CREATE, value=self.value),
            ]
        answer = DescribeConfigsResponse(results=[result])
        await connection.send(encode_response(header.correlation_id, header.api_key, header.api_version, answer))


class Sized:
    """A script that answers DescribeConfigs with the largest batch of one topic, and refuses to tell of others."""

    async def __call__(self, connection: BrokerConnection, frame: bytes) -> None:
        header = read_request_header(frame)
        message = decode_request(frame, header).message
        assert isinstance(message, DescribeConfigsRequest)
        results = [
            DescribeConfigsResult(
                resource_type=each.resource_type,
                resource_name=each.resource_name,
                error_code=0 if each.resource_name == "a" else 29,
                configs=[DescribeConfigsResourceResult(name="max.message.bytes", value="1000")],
            )
            for each in message.resources
        ]
        answer = DescribeConfigsResponse(results=results)
        await connection.send(encode_response(header.correlation_id, header.api_key, header.api_version, answer))
