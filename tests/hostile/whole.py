"""The whole proxy in this process: configuration, policy and chain as they are; only its peers are made up.

A healthy client is served throughout: every test ends with the proof that nobody else was disturbed.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil

from tests.net.authority import Authority, Identity
from tests.net.harness import QUICK, Recorder, until
from tests.net.peers import Broker, BrokerConnection, Client, correlation_of, request
from tests.net.test_server import free_ports
from zoneproxy.boundary.chain import Chain
from zoneproxy.config.load import parse_config
from zoneproxy.net.server import Proxy
from zoneproxy.policy.load import load_policy
from zoneproxy.wire.codec import decode_request, decode_response, encode_response, read_request_header
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_configs_response import DescribeConfigsResponse
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData
from zoneproxy.wire.messages.message import Message
from zoneproxy.wire.messages.metadata_request import MetadataRequest
from zoneproxy.wire.messages.produce_request import ProduceRequest
from zoneproxy.wire.messages.produce_response import (
    PartitionProduceResponse,
    ProduceResponse,
    TopicProduceResponse,
)
from zoneproxy.wire.messages.registry import APIS

CONFIG = """
listeners:
  - name: plain
    zone: green
    advertised_host: localhost
    ports: {{bootstrap: {0}, first: {1}, node_ids: "0"}}
    plaintext: {{accept: "clients are neither encrypted nor identified", principal: app}}
  - name: tls
    zone: green
    advertised_host: localhost
    ports: {{bootstrap: {2}, first: {3}, node_ids: "0"}}
    tls: {{certificate: "{5}/server.crt", key: "{5}/server.key", client_ca: "{5}/ca.crt"}}
upstreams:
  up: {{bootstrap: ["127.0.0.1:{4}"], plaintext: {{accept: "the way to this upstream is not encrypted"}}}}
"""

POLICY = """
zones:
  green: {level: internal, owner: green@example.com, upstream: up, encryption: {transport: plaintext}}
principals:
  - {name: app, zone: green, match: {subject: {CN: app}}, roles: [user]}
roles:
  user:
    - {allow: [read, write, create], topic: {prefix: ok.}}
    - {allow: [read], group: "*"}
"""

TOPICS = {"ok.one": b"1" * 16, "secret": b"2" * 16}


async def answer(connection: BrokerConnection, frame: bytes) -> None:
    """What a broker says to clients."""
    header = read_request_header(frame)
    message = _answer_to(decode_request(frame, header).message)
    if message is not None:
        await connection.send(encode_response(header.correlation_id, header.api_key, header.api_version, message))


def _answer_to(message: Any) -> Message | None:
    if isinstance(message, ProduceRequest):
        topics = [
            TopicProduceResponse(
                name=topic.name,
                topic_id=topic.topic_id,
                partition_responses=[PartitionProduceResponse(index=p.index) for p in topic.partition_data],
            )
            for topic in message.topic_data
        ]
        return ProduceResponse(responses=topics) if message.acks else None
    if isinstance(message, FetchRequest):
        return FetchResponse(
            responses=[
                FetchableTopicResponse(
                    topic=topic.topic,
                    topic_id=topic.topic_id,
                    partitions=[PartitionData(partition_index=p.partition, records=b"") for p in topic.partitions],
                )
                for topic in message.topics
            ]
        )
    raise AssertionError(f"the broker was asked {type(message).__name__}")


def fetch(topic: str, **fields: Any) -> FetchRequest:
    """A fetch from the topic's first partition."""
    topics = [FetchTopic(topic=topic, partitions=[FetchPartition(partition=0)])]
    return FetchRequest(**{"max_wait_ms": 100, "min_bytes": 1, "session_epoch": -1, "topics": topics} | fields)


class FullBroker(Broker):
    """Speaks every API and version that Kafka does."""

    def __init__(self) -> None:
        super().__init__(answer)
        self.versions = {int(key): (api.min_version, api.max_stable_version) for key, api in APIS.items()}
        self.topics = dict(TOPICS)

    async def _handle(self, connection: BrokerConnection, frame: bytes) -> None:
        header = read_request_header(frame)
        if header.client_id == "healthy":
            connection.received.append(frame)
            await answer(connection, frame)
        elif header.api_key == ApiKey.DESCRIBE_CONFIGS and header.client_id == "zoneproxy":
            said_nothing = DescribeConfigsResponse()
            await connection.send(
                encode_response(header.correlation_id, header.api_key, header.api_version, said_nothing)
            )
        elif header.api_key == ApiKey.METADATA and header.client_id != "zoneproxy":
            connection.received.append(frame)
            message = decode_request(frame, header).message
            assert isinstance(message, MetadataRequest)
            said = self._metadata(message)
            await connection.send(encode_response(header.correlation_id, header.api_key, header.api_version, said))
        else:
            await super()._handle(connection, frame)

    @property
    def forwarded(self) -> list[bytes]:
        """Frames of clients, the healthy one's left out."""
        frames = [frame for connection in self.connections for frame in connection.received]
        return [frame for frame in frames if read_request_header(frame).client_id != "healthy"]


class Healthy:
    """A client that goes on asking, and counts its answers."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._task = asyncio.ensure_future(self._run())
        self.answers = 0
        self.longest = 0.0

    async def _run(self) -> None:
        while True:
            self.answers += 1
            frame = request(self.answers, fetch("ok.one"), 12, "healthy")
            began = time.perf_counter()
            assert correlation_of(await self._client.ask(frame)) == self.answers
            self.longest = max(self.longest, time.perf_counter() - began)
            await asyncio.sleep(0.005)

    async def goes_on(self) -> None:
        """Wait for two more answers."""
        before = self.answers
        await until(lambda: self._task.done() or self.answers > before + 2)
        assert not self._task.done(), self._task.exception()

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await self._client.close()


@dataclass
class Whole:
    """A proxy, its broker, and the means to reach it."""

    proxy: Proxy
    broker: FullBroker
    recorder: Recorder
    healthy: Healthy
    port: int
    tls_port: int
    folder: Path
    authority: Authority
    identity: Identity
    clients: list[Client] = field(default_factory=list)

    async def client(self, *, tls: bool = False, context: ssl.SSLContext | None = None) -> Client:
        """A client of the plaintext listener, or of the other one; it is closed at the end."""
        client = await Client.connect(self.tls_port if tls else self.port, context)
        self.clients.append(client)
        return client

    @property
    def connections(self) -> int:
        """Sessions besides the healthy client's."""
        assert self.proxy._sessions is not None
        return len(self.proxy._sessions) - 1


@asynccontextmanager
async def whole(
    folder: Path,
    *,
    configure: Callable[..., str] = lambda text: text,
    more_ports: int = 0,
    policy: str = POLICY,
    recorder: Recorder | None = None,
    **bounds: Any,
) -> AsyncIterator[Whole]:
    """``configure`` may change what zoneproxy.yaml says; behind its text it is given ``more_ports``."""
    authority = Authority()
    authority.save(folder)
    authority.server("localhost").save(folder, "server")
    identity = authority.issue("app").save(folder, "client")
    broker = FullBroker()
    await broker.start()
    ports, more = (found := free_ports(4 + more_ports))[:4], found[4:]  # all at once: no two are the same
    config = parse_config(configure(CONFIG.format(*ports, broker.port, folder), *more), "zoneproxy.yaml")
    holder = SimpleNamespace(snapshot=load_policy([("policy.yaml", policy)]))
    recorder = recorder or Recorder()
    proxy = Proxy(config, holder, Chain({}, config.limits), recorder, bounds=replace(QUICK, **bounds))
    await proxy.start()
    await until(lambda: proxy.upstreams()["up"])
    healthy = Healthy(await Client.connect(ports[0]))
    await healthy.goes_on()
    this = Whole(proxy, broker, recorder, healthy, ports[0], ports[2], folder, authority, identity)
    try:
        yield this
        await healthy.goes_on()
        assert not recorder.faults
    finally:
        await healthy.stop()
        for client in this.clients:
            await client.close()
        await proxy.drain(0)
        await broker.stop()
        await asyncio.sleep(0.001)  # for transports to be gone, too


def decoded(frame: bytes, asked: bytes) -> Any:
    """The message of a response to ``asked``."""
    header = read_request_header(asked)
    assert correlation_of(frame) == header.correlation_id
    return decode_response(frame, header.api_key, header.api_version).message


class Memory:
    """How much more memory this process holds than at first, in MiB: the peak of it."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._first = self._now()
        self.peak = 0.0

    def look(self) -> float:
        more = self._now() - self._first
        self.peak = max(self.peak, more)
        return more

    async def watch(self, over: Callable[[], object], seconds: float = 20.0) -> None:
        """Look often until ``over``, within ``seconds``."""

        def looked() -> object:
            self.look()
            return over()

        await until(looked, seconds)

    def _now(self) -> float:
        return float(self._process.memory_info().rss) / 2**20
