"""Scripted peers: a broker and clients that say exactly what a test wants, in bytes."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from zoneproxy.wire.codec import RequestHeader, decode_request, encode_request, encode_response, read_request_header
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.api_versions_response import ApiVersion, ApiVersionsResponse
from zoneproxy.wire.messages.find_coordinator_request import FindCoordinatorRequest
from zoneproxy.wire.messages.message import Message
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic
from zoneproxy.wire.messages.metadata_response import (
    MetadataResponse,
    MetadataResponseBroker,
    MetadataResponseTopic,
)
from zoneproxy.wire.messages.produce_request import ProduceRequest

PATIENCE = 20.0  # seconds for what must happen


def request(correlation_id: int, message: Message, version: int, client_id: str = "test") -> bytes:
    """A request frame."""
    return encode_request(RequestHeader(message.API_KEY, version, correlation_id, client_id), message)


def small(correlation_id: int, note: str = "") -> bytes:
    """Some small request that expects a reply; ``note`` steers the scripted chain and broker."""
    return request(correlation_id, FindCoordinatorRequest(key=note), 2)


def produce(correlation_id: int, acks: int = -1) -> bytes:
    return request(correlation_id, ProduceRequest(acks=acks, timeout_ms=1000), 9)


def reply(correlation_id: int, body: bytes = b"") -> bytes:
    """A response frame with any body."""
    return (4 + len(body)).to_bytes(4, "big") + correlation_id.to_bytes(4, "big", signed=True) + body


def correlation_of(frame: bytes) -> int:
    return int.from_bytes(frame[4:8], "big", signed=True)


def id_of(frame: bytes) -> int:
    """The correlation id of a request."""
    return int.from_bytes(frame[8:12], "big", signed=True)


async def read_frame(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readexactly(4)
    return head + await reader.readexactly(int.from_bytes(head, "big"))


@dataclass
class BrokerConnection:
    """One connection that the broker has accepted."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    received: list[bytes] = field(default_factory=list)  # frames after the version handshake

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def reset(self) -> None:
        self.writer.transport.abort()


Script = Callable[[BrokerConnection, bytes], Awaitable[None]]


async def echo(connection: BrokerConnection, frame: bytes) -> None:
    """Answer every request with a body that repeats it."""
    await connection.send(reply(int.from_bytes(frame[8:12], "big", signed=True), frame[12:]))


class Broker:
    """Answers ApiVersions and Metadata; gives the rest to ``script``.

    Topics are names with their ids. ``versions``: what ApiVersions says. ``metadata``: instead of what it would say.
    """

    def __init__(self, script: Script = echo, node_id: int = 0) -> None:
        self.script = script
        self.node_id = node_id
        self.versions: dict[int, tuple[int, int]] = {
            ApiKey.PRODUCE: (0, 13),
            ApiKey.FETCH: (4, 17),
            ApiKey.METADATA: (0, 13),
            ApiKey.API_VERSIONS: (0, 4),
            ApiKey.FIND_COORDINATOR: (0, 6),
        }
        self.topics: dict[str, bytes] = {}
        self.metadata: Callable[[MetadataRequest], MetadataResponse | bytes] | None = None
        self.brokers: list[Broker] = [self]
        self.connections: list[BrokerConnection] = []
        self.asked: list[MetadataRequest] = []
        self.port = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, context: ssl.SSLContext | None = None, port: int = 0) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            for connection in self.connections:
                connection.writer.transport.abort()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    @property
    def sessions(self) -> list[BrokerConnection]:
        """Connections that carried something for clients."""
        return [connection for connection in self.connections if connection.received]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        connection = BrokerConnection(reader, writer)
        self.connections.append(connection)
        try:
            while True:
                await self._handle(connection, await read_frame(reader))
        except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _handle(self, connection: BrokerConnection, frame: bytes) -> None:
        header = read_request_header(frame)
        answer: Message | bytes | None = None
        if header.api_key == ApiKey.API_VERSIONS:
            answer = self._api_versions()
        elif header.api_key == ApiKey.METADATA and header.client_id == "zoneproxy":
            message = decode_request(frame, header).message
            assert isinstance(message, MetadataRequest)
            self.asked.append(message)
            answer = self.metadata(message) if self.metadata else self._metadata(message)
        if answer is None:
            connection.received.append(frame)
            await self.script(connection, frame)
        elif isinstance(answer, bytes):
            await connection.send(answer)
        else:
            await connection.send(encode_response(header.correlation_id, header.api_key, header.api_version, answer))

    def _api_versions(self) -> Message | bytes:
        return ApiVersionsResponse(
            api_keys=[
                ApiVersion(api_key=key, min_version=low, max_version=high) for key, (low, high) in self.versions.items()
            ]
        )

    def _metadata(self, message: MetadataRequest) -> MetadataResponse:
        by_id = {id_: name for name, id_ in self.topics.items()}
        topics = []
        asked = message.topics
        if asked is None:
            asked = [MetadataRequestTopic(name=name) for name in self.topics]
        for topic in asked:
            name = topic.name if topic.name is not None else by_id.get(topic.topic_id)
            known = name in self.topics
            code = 0 if known else 100 if topic.name is None else 3
            id_ = self.topics[name] if name is not None and known else topic.topic_id
            topics.append(MetadataResponseTopic(error_code=code, name=name, topic_id=id_, partitions=[]))
        return MetadataResponse(
            brokers=[
                MetadataResponseBroker(node_id=broker.node_id, host="127.0.0.1", port=broker.port)
                for broker in self.brokers
            ],
            cluster_id="test",
            topics=topics,
        )


class Client:
    """A client's connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, port: int, context: ssl.SSLContext | None = None, server_name: str = "localhost") -> Client:
        name = server_name if context else None
        return cls(*await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=name))

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def receive(self) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await read_frame(self.reader)

    async def ask(self, frame: bytes) -> bytes:
        await self.send(frame)
        return await self.receive()

    async def closed(self) -> bytes:
        """Wait until the other side closes, and close too; what came before."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.reader.read(-1)
        except (ConnectionError, ssl.SSLError):
            return b""
        finally:
            self.writer.transport.abort()

    async def close(self) -> None:
        self.writer.transport.abort()

    def reset(self) -> None:
        """Break off with a RST instead of a FIN."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
