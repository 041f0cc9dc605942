from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.keys.test_sealing import KEY, public
from tests.net.authority import Authority
from tests.net.harness import ALICE, QUICK, Policy, Recorder, ScriptedChain, until
from tests.net.peers import Broker, BrokerConnection, Client, id_of, reply, small
from tests.net.publishing.kit import TopicBroker
from tests.net.scripts import here
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.facts import Found
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.kept import Kept
from zoneproxy.config.load import parse_config
from zoneproxy.config.model import Config
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.keys.sealing import MARK, open_sealed, sealed_in
from zoneproxy.net.server import Proxy
from zoneproxy.policy.model import Zone
from zoneproxy.wire.messages.find_coordinator_response import FindCoordinatorResponse

TEXT = """
listeners:
  - name: green
    zone: green
    advertised_host: localhost
    ports: {{bootstrap: {0}, first: {1}, node_ids: "0"}}
    plaintext: {{accept: "clients are neither encrypted nor identified", principal: alice}}
upstreams:
  up:
    bootstrap: ["127.0.0.1:{2}"]
    plaintext: {{accept: "the way to this upstream is not encrypted"}}
"""


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    for sock in sockets:
        sock.bind(("127.0.0.1", 0))
    ports = [int(sock.getsockname()[1]) for sock in sockets]
    for sock in sockets:
        sock.close()
    return ports


def proxy_of(config: Config, recorder: Recorder, chain: ScriptedChain | None = None, **bounds: Any) -> Proxy:
    policy: Any = Policy(alice=ALICE)
    policy.zones = {"green": Zone("green", "public", 0, "owner", "up")}
    policy.digest = "d"
    holder: Any = SimpleNamespace(snapshot=policy)
    deciding: Any = chain or ScriptedChain()
    return Proxy(config, holder, deciding, recorder, bounds=replace(QUICK, **bounds))


@asynccontextmanager
async def running(
    broker: Broker, chain: ScriptedChain | None = None, more: str = "", **bounds: Any
) -> AsyncIterator[tuple[Proxy, int, Recorder]]:
    await broker.start()
    bootstrap, node = free_ports(2)
    recorder = Recorder()
    proxy = proxy_of(parse_config(TEXT.format(bootstrap, node, broker.port) + more, "x"), recorder, chain, **bounds)
    await proxy.start()
    try:
        await until(lambda: proxy.upstreams()["up"])
        yield proxy, bootstrap, recorder
    finally:
        await proxy.drain(0)
        await broker.stop()


async def silent(connection: BrokerConnection, frame: bytes) -> None:
    """Never answers."""


async def test_clients_are_served_from_start_to_drain() -> None:
    async with running(Broker()) as (proxy, port, recorder):
        client = await Client.connect(port)
        assert await client.ask(small(1)) == reply(1, small(1)[12:])
        draining = asyncio.ensure_future(proxy.drain())
        assert await client.closed() == b""
        await draining
        assert recorder.closed == ["drained"]
        with pytest.raises(ConnectionError):
            await Client.connect(port)
        await proxy.drain()


async def test_what_is_in_flight_is_finished_first() -> None:
    gate = asyncio.Event()

    async def slow(connection: BrokerConnection, frame: bytes) -> None:
        await gate.wait()
        await connection.send(reply(id_of(frame)))

    async with running(Broker(slow)) as (proxy, port, _):
        assert proxy.in_flight() == {}
        client = await Client.connect(port + 0)
        await client.send(small(1))
        await until(lambda: proxy.in_flight() == {"green": 1})
        draining = asyncio.ensure_future(proxy.drain())
        await asyncio.sleep(0.01)
        gate.set()
        assert await client.closed() == reply(1)
        await draining


async def test_draining_ends_in_time() -> None:
    async with running(Broker(silent), drain=0.05) as (proxy, port, recorder):
        client = await Client.connect(port)
        await client.send(small(1))
        await until(lambda: proxy.in_flight() == {"green": 1})
        await proxy.drain()
        assert recorder.closed == ["drain_timeout"]
        await client.close()


async def test_it_starts_without_its_upstream_and_finds_it_later() -> None:
    bootstrap, node, away = free_ports(3)
    recorder = Recorder()
    proxy = proxy_of(parse_config(TEXT.format(bootstrap, node, away), "x"), recorder)
    await proxy.start()
    await until(lambda: recorder.states)
    assert proxy.upstreams() == {"up": False}
    broker = Broker()
    await broker.start(port=away)
    await until(lambda: proxy.upstreams() == {"up": True})
    await proxy.drain(0)
    await broker.stop()


async def test_a_port_that_is_taken_frees_all_others() -> None:
    first, second = free_ports(2)
    with socket.create_server(("127.0.0.1", second)):
        proxy = proxy_of(parse_config(TEXT.format(first, second, 1), "x"), Recorder())
        with pytest.raises(OSError, match=f"port {second}"):
            await proxy.start()
    socket.create_server(("127.0.0.1", first)).close()
    await proxy.drain(0)


async def test_certificates_that_cannot_be_used_bind_nothing(tmp_path: Path) -> None:
    port, _ = free_ports(2)
    text = f"""
listeners:
  - name: green
    zone: green
    sni: {{port: {port}, domain: kafka.example.com}}
    tls: {{certificate: {tmp_path}/none.crt, key: {tmp_path}/none.key, client_ca: {Authority().save(tmp_path)}}}
upstreams:
  up: {{bootstrap: ["127.0.0.1:1"], plaintext: {{accept: "the way to this upstream is not encrypted"}}}}
"""
    proxy = proxy_of(parse_config(text, "x"), Recorder())
    with pytest.raises(InvalidConfiguration, match="none"):
        await proxy.start()
    socket.create_server(("127.0.0.1", port)).close()
    assert proxy.in_flight() == {}
    await proxy.drain()


def violating(message: Any, ctx: Context) -> Routed:
    ctx.facts.append(Found("cards", "PAYMENT_CARD", "value", "block", 0.9, "t", 0))
    ctx.kept.append(Kept("green", ["cards"], ["PAYMENT_CARD"], "produce", "t", 0, 0, 1, b"batch"))
    return Routed(reply=FindCoordinatorResponse(host="here"))


async def test_violations_are_told_and_copies_sealed_and_all_is_written_before_the_end(tmp_path: Path) -> None:
    (tmp_path / "pub").write_bytes(public(KEY))
    more = f"audit: {{upstream: up}}\nquarantine: {{green: {{public_key: {tmp_path / 'pub'}}}}}\n"
    broker, chain = TopicBroker(), ScriptedChain()
    chain.on_request = violating
    async with running(broker, chain, more) as (proxy, port, _):
        client = await Client.connect(port)
        assert await client.ask(small(1)) == here(1)
        draining = asyncio.ensure_future(proxy.drain())
        assert await client.closed() == b""
        await draining
        topics = sorted(request.topic_data[0].name for request in broker.requests)
        assert topics == ["security.quarantine", "security.violations"]
        sealed = next(value for value in broker.values if value and value.startswith(MARK))
        assert open_sealed(next(sealed_in(sealed)), KEY).batch == b"batch"
        assert any(b'"rule":"cards"' in (value or b"") for value in broker.values)
