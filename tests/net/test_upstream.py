from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.net.authority import Authority
from tests.net.harness import Recorder, until
from tests.net.peers import Broker
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.config.addresses import HostPort
from zoneproxy.net.link import READ_BUFFER
from zoneproxy.net.tls import TlsContext, TlsFiles, client_context, server_context
from zoneproxy.net.upstream import MAX_SPOKEN, Dialler, UpstreamError
from zoneproxy.wire.codec import encode_response
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.api_versions_request import ApiVersionsRequest
from zoneproxy.wire.messages.api_versions_response import ApiVersion, ApiVersionsResponse
from zoneproxy.wire.messages.metadata_response import MetadataResponseBroker


@asynccontextmanager
async def brokers(*some: Broker, **options: Any) -> AsyncIterator[None]:
    for broker in some:
        await broker.start(**options)
    try:
        yield
    finally:
        for broker in some:
            await broker.stop()


class Setting:
    """A dialler and what it knows."""

    def __init__(self, *servers: int, tls: TlsContext | None = None, host: str = "127.0.0.1", seconds: float = 10.0):
        self.cluster = ClusterView()
        self.recorder = Recorder()
        places = [HostPort(host, port) for port in servers]
        shared = memoryview(bytearray(READ_BUFFER))
        self.dialler = Dialler("up", places, self.cluster, tls, self.recorder, shared, seconds)

    def knows(self, node: int, port: int) -> None:
        self.cluster.learn_nodes([MetadataResponseBroker(node_id=node, host="127.0.0.1", port=port)], 1.0)


def unused_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


async def test_what_the_broker_speaks_is_known_once_it_is_dialled() -> None:
    broker = Broker()
    async with brokers(broker):
        s = Setting(broker.port)
        dialled = await s.dialler.dial(None)
        assert dialled.versions.apis == broker.versions
        sock = dialled.link.transport.get_extra_info("socket")
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        again = await s.dialler.dial(None)
        assert again.versions is dialled.versions
        dialled.link.abort()
        again.link.abort()


async def test_a_node_is_dialled_where_the_cluster_says() -> None:
    broker = Broker()
    async with brokers(broker):
        s = Setting(unused_port())
        with pytest.raises(UpstreamError, match="node_unknown"):
            await s.dialler.dial(3)
        s.knows(3, broker.port)
        dialled = await s.dialler.dial(3)
        assert s.cluster.versions_of(3) is dialled.versions
        dialled.link.abort()
        assert s.recorder.failures == ["node_unknown"]


async def test_any_broker_will_do_and_each_has_its_turn() -> None:
    first, second = Broker(), Broker()
    async with brokers(first, second):
        s = Setting(unused_port())
        s.knows(1, first.port)
        s.knows(2, second.port)
        links = [(await s.dialler.dial(None)).link for _ in range(4)]
        assert (len(first.connections), len(second.connections)) == (2, 2)
        for link in links:
            link.abort()


async def test_a_broker_that_is_down_is_passed_over() -> None:
    broker = Broker()
    async with brokers(broker):
        s = Setting(unused_port(), broker.port)
        s.knows(1, unused_port())
        dialled = await s.dialler.dial(None)
        dialled.link.abort()
        assert s.recorder.failures == []


async def test_a_broker_that_swallows_everything_is_passed_over() -> None:
    class Hole(Broker):
        async def _handle(self, connection: Any, frame: bytes) -> None:
            pass

    hole, broker = Hole(), Broker()
    async with brokers(hole, broker):
        s = Setting(hole.port, broker.port, seconds=1.0)
        dialled = await s.dialler.dial(None)
        assert dialled.link.transport.get_extra_info("peername")[1] == broker.port
        dialled.link.abort()
        s = Setting(hole.port, seconds=0.05)
        with pytest.raises(UpstreamError, match="timeout"):
            await s.dialler.dial(None)
        s.knows(1, hole.port)
        with pytest.raises(UpstreamError, match="timeout"):
            await s.dialler.dial(1)
        assert s.recorder.failures == ["timeout", "timeout"]


@pytest.mark.parametrize(("host", "reason"), [("127.0.0.1", "unreachable"), ("name.invalid", "name")])
async def test_nobody_there(host: str, reason: str) -> None:
    s = Setting(unused_port(), host=host)
    with pytest.raises(UpstreamError, match=reason):
        await s.dialler.dial(None)
    assert s.recorder.failures == [reason]


async def test_no_server_at_all() -> None:
    with pytest.raises(UpstreamError, match="unreachable"):
        await Setting().dialler.dial(None)


def _api_versions(high: int | None) -> ApiVersionsResponse:
    keys = [] if high is None else [ApiVersion(api_key=ApiKey.API_VERSIONS, min_version=0, max_version=high)]
    return ApiVersionsResponse(error_code=35, api_keys=keys)


@pytest.mark.parametrize(("offers", "asked"), [(2, 2), (0, 0), (None, 0), (99, 3)])
async def test_an_old_broker_is_asked_again_in_a_version_that_it_knows(offers: int | None, asked: int) -> None:
    """KIP-511: it answers a version that it does not know in version 0 of the answer."""
    seen = []

    class Old(Broker):
        async def _handle(self, connection: Any, frame: bytes) -> None:
            version = int.from_bytes(frame[6:8], "big")
            seen.append(version)
            if len(seen) == 1:
                await connection.send(encode_response(0, 18, 0, _api_versions(offers)))
            else:
                answer = ApiVersionsResponse(api_keys=[ApiVersion(api_key=3, min_version=0, max_version=5)])
                await connection.send(encode_response(1, 18, version, answer))

    broker = Old()
    async with brokers(broker):
        dialled = await Setting(broker.port).dialler.dial(None)
        assert dialled.versions.apis == {3: (0, 5)}
        assert seen == [ApiVersionsRequest.MAX_VERSION, asked]
        dialled.link.abort()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "frame_too_large"),
        (b"\0\0\0\6\0\0\0\1\0\0", "correlation_id"),
        (b"\0\0\0\6\0\0\0\0\0\0", "truncated"),
        (encode_response(0, 18, 4, ApiVersionsResponse(error_code=29)), "api_versions"),
        (b"", "closed"),
    ],
)
async def test_a_server_that_is_no_broker(data: bytes, reason: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(data)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    s = Setting(server.sockets[0].getsockname()[1])
    with pytest.raises(UpstreamError) as caught:
        await s.dialler.dial(None)
    assert caught.value.reason == reason
    server.close()


async def test_answers_that_differ_are_remembered_within_bounds() -> None:
    broker = Broker()
    async with brokers(broker):
        s = Setting(broker.port)
        for high in range(MAX_SPOKEN + 3):
            broker.versions[ApiKey.FETCH] = (0, high)
            (await s.dialler.dial(None)).link.abort()
        assert len(s.dialler._spoken) == MAX_SPOKEN


@pytest.mark.parametrize(
    ("authority", "host", "reason"),
    [(None, "localhost", None), (None, "127.0.0.1", "certificate"), (Authority("other"), "localhost", "certificate")],
)
async def test_the_host_name_and_the_authority_are_verified(
    tmp_path: Path, authority: Authority | None, host: str, reason: str | None
) -> None:
    own = Authority()
    server = (authority or own).server("localhost").save(tmp_path, "server")
    client = own.issue("proxy").save(tmp_path, "proxy")
    ca = own.save(tmp_path)
    listening = server_context(TlsFiles(ca, server.certificate_file, server.key_file))
    files = TlsFiles(ca, client.certificate_file, client.key_file)
    broker = Broker()
    async with brokers(broker, context=listening):
        tls = TlsContext("up", files, client_context, Recorder())
        s = Setting(broker.port, tls=tls, host=host)
        if reason:
            with pytest.raises(UpstreamError, match=reason):
                await s.dialler.dial(None)
        else:
            dialled = await s.dialler.dial(None)
            await until(lambda: broker.connections)
            dialled.link.close()
            await until(lambda: dialled.link.lost)


async def test_plain_kafka_where_tls_should_be(tmp_path: Path) -> None:
    tls = TlsContext("up", TlsFiles(Authority().save(tmp_path)), client_context, Recorder())

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"\0\0\0\6\0\0\0\0\0\0")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    s = Setting(server.sockets[0].getsockname()[1], tls=tls, host="localhost")
    with pytest.raises(UpstreamError, match="tls"):
        await s.dialler.dial(None)
    server.close()


async def test_dialling_can_be_given_up() -> None:
    asked = asyncio.Event()

    class Mute(Broker):
        async def _handle(self, connection: Any, frame: bytes) -> None:
            asked.set()

    broker = Mute()
    async with brokers(broker):
        dialling = asyncio.ensure_future(Setting(broker.port).dialler.dial(None))
        await asked.wait()
        dialling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await dialling
        await until(lambda: broker.connections[0].writer.is_closing())
