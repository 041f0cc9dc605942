from __future__ import annotations

import asyncio
import errno
import resource
import socket
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.net.authority import SERVER, Authority, Identity
from tests.net.harness import Recorder, Rig, rig, until
from tests.net.peers import Client, correlation_of, reply, small
from zoneproxy.boundary.advertised import SniAddresses
from zoneproxy.net import listener as listener_module
from zoneproxy.net.listener import ServerNames
from zoneproxy.net.tls import TlsContext, TlsFiles, server_context, watch
from zoneproxy.policy.model import Zone

AUTHORITY = Authority()
OTHER = Authority("other")
SERVER_IDENTITY = AUTHORITY.server("localhost", "*.green.kafka.example.com")
ALICE = AUTHORITY.issue("alice")
ADDRESSES = SniAddresses("green", "kafka.example.com", 1)


def tls(folder: Path, recorder: Recorder | None = None, min_version: Any = "1.3") -> TlsContext:
    SERVER_IDENTITY.save(folder, "server")
    files = TlsFiles(AUTHORITY.save(folder), str(folder / "server.crt"), str(folder / "server.key"), min_version)
    return TlsContext("listener", files, server_context, recorder or Recorder())


def client_tls(folder: Path, identity: Identity | None = ALICE, authority: Authority = AUTHORITY) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authority.save(folder, "trusted"))
    if identity:
        identity.save(folder, "client")
        context.load_cert_chain(identity.certificate_file, identity.key_file)
    return context


def works(frame: bytes, answer: bytes) -> bool:
    return answer == reply(int.from_bytes(frame[8:12], "big"), frame[12:])


async def refused(r: Rig, reason: str) -> None:
    await until(lambda: r.recorder.refused)
    assert r.recorder.refused == [reason]
    assert not r.recorder.opened
    assert not r.recorder.faults
    await r.idle()


# --- ports


async def test_each_port_stands_for_its_node() -> None:
    async with rig() as r:
        for node in (None, 0):
            client = await r.client(node=node)
            assert works(small(1), await client.ask(small(1)))
        assert [c.node for c in r.recorder.opened] == [None, 0]
        assert [c.number for c in r.recorder.opened] == [1, 2]
        assert {(c.listener, c.zone, c.host, c.principal) for c in r.recorder.opened} == {
            ("listener", "green", "127.0.0.1", "alice")
        }


async def test_a_node_that_is_not_known_yet_is_accepted_and_closed() -> None:
    async with rig() as r:
        client = await r.client(node=1)
        assert await client.closed() == b""
        await refused(r, "node_unknown")


async def test_tcp_does_not_wait_for_more() -> None:
    async with rig() as r:
        await r.client()
        session = await r.session()
        sock = session.client.transport.get_extra_info("socket")
        assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_a_port_that_is_taken_is_named_and_nothing_stays_bound() -> None:
    async with rig() as r:
        places = r.listener._places
        r.listener._places = [(0, None), (r.listener.ports[0], None)]
        with pytest.raises(OSError, match=f"cannot listen on 127.0.0.1 port {r.listener.ports[0]}") as caught:
            r.listener.bind()
        assert caught.value.errno == errno.EADDRINUSE
        r.listener._places = places


async def test_ipv6() -> None:
    async with rig() as r:
        r.listener._bind = "::1"
        r.listener._places = [(0, None)]
        r.listener.bind()
        assert r.listener._sockets[-1][0].family == socket.AF_INET6


# --- how many


async def test_connections_are_counted_and_capped() -> None:
    async with rig(max_connections=2) as r:
        first, second = await r.client(), await r.client()
        await until(lambda: len(r.sessions) == 2)
        third = await r.client()
        assert await third.closed() == b""
        assert r.recorder.refused == ["too_many"]
        await first.close()
        await until(lambda: len(r.admission) == 1)
        fourth = await r.client()
        assert works(small(1), await fourth.ask(small(1)))
        assert works(small(1), await second.ask(small(1)))


async def test_connections_of_one_host_are_capped() -> None:
    async with rig(max_connections_per_host=1) as r:
        await r.client()
        await until(lambda: len(r.sessions))
        second = await r.client()
        assert await second.closed() == b""
        assert r.recorder.refused == ["too_many_from_host"]


async def test_many_connections_at_once() -> None:
    async with rig() as r:
        clients = await asyncio.gather(*(r.client() for _ in range(100)))
        answers = await asyncio.gather(*(client.ask(small(n)) for n, client in enumerate(clients)))
        assert [correlation_of(answer) for answer in answers] == list(range(100))


async def test_no_file_descriptors_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener_module, "PAUSE_SECONDS", 0.01)
    async with rig() as r:
        client = await r.client()
        assert works(small(1), await client.ask(small(1)))
        extra = socket.socket()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (extra.fileno() + 1, hard))
        try:
            await asyncio.get_running_loop().sock_connect(_unblocked(extra), ("127.0.0.1", r.listener.ports[0]))
            await until(lambda: r.recorder.pauses)
            assert r.recorder.pauses[0] == "emfile"
            assert works(small(2), await client.ask(small(2)))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        await until(lambda: len(r.sessions) == 2)
        extra.close()


def _unblocked(sock: socket.socket) -> socket.socket:
    sock.setblocking(False)
    return sock


async def test_a_client_that_gave_up_is_no_reason_to_pause() -> None:
    async with rig() as r:
        await r.listener._pause(OSError(errno.ECONNABORTED, ""))
        assert not r.recorder.pauses


# --- who


async def test_a_client_is_who_its_certificate_says(tmp_path: Path) -> None:
    async with rig(tls=tls(tmp_path)) as r:
        client = await r.client(context=client_tls(tmp_path))
        assert works(small(1), await client.ask(small(1)))
        (connection,) = r.recorder.opened
        assert connection.principal == "alice"
        client.writer.close()
        await r.idle()
        assert r.recorder.closed == ["client_closed"]


@pytest.mark.parametrize(
    ("subject", "reason"),
    [("mallory", "unknown_principal"), ("ali\0ce", "certificate_name")],
)
async def test_a_client_that_is_nobody(tmp_path: Path, subject: str, reason: str) -> None:
    async with rig(tls=tls(tmp_path)) as r:
        client = await r.client(context=client_tls(tmp_path, AUTHORITY.issue(subject)))
        assert await client.closed() == b""
        await refused(r, reason)


async def test_a_plaintext_client_when_the_policy_does_not_know_the_name() -> None:
    async with rig() as r:
        r.policy.snapshot.principals.clear()
        client = await r.client()
        assert await client.closed() == b""
        await refused(r, "unknown_principal")


Attempt = Callable[[Rig, Path], Awaitable[None]]


def _with(identity: Identity | None, authority: Authority = AUTHORITY, **versions: Any) -> Attempt:
    async def attempt(r: Rig, folder: Path) -> None:
        context = client_tls(folder, identity, authority)
        for name, value in versions.items():
            setattr(context, name, value)
        try:
            client = await Client.connect(r.listener.ports[0], context)
        except (ssl.SSLError, ConnectionError):
            return
        assert await client.closed() == b""

    return attempt


def _saying(data: bytes) -> Attempt:
    async def attempt(r: Rig, folder: Path) -> None:
        client = await Client.connect(r.listener.ports[0])
        await client.send(data)
        await client.closed()

    return attempt


async def _going(r: Rig, folder: Path) -> None:
    client = await Client.connect(r.listener.ports[0])
    client.reset()


@pytest.mark.parametrize(
    ("attempt", "reasons"),
    [
        pytest.param(_with(None), {"no_certificate"}, id="no certificate"),
        pytest.param(_with(OTHER.issue("alice")), {"certificate"}, id="other CA"),
        pytest.param(_with(AUTHORITY.issue("alice", days=-1)), {"certificate"}, id="expired"),
        pytest.param(_with(AUTHORITY.issue("alice", usage=[SERVER])), {"certificate"}, id="not for clients"),
        pytest.param(_with(ALICE, maximum_version=ssl.TLSVersion.TLSv1_2), {"tls_version"}, id="TLS 1.2"),
        pytest.param(_with(ALICE, OTHER), {"tls", "gone"}, id="client does not trust us"),
        pytest.param(_saying(small(1)), {"not_tls"}, id="plain Kafka"),
        pytest.param(_saying(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), {"not_tls"}, id="HTTP"),
        pytest.param(_saying(b"SSH-2.0-OpenSSH_9.9\r\n"), {"not_tls"}, id="SSH"),
        pytest.param(_saying(b"\x16\x03\x01\x00\x05hello"), {"tls"}, id="broken TLS hello"),
        pytest.param(_going, {"gone"}, id="client goes"),
    ],
)
async def test_who_does_not_shake_hands_gets_no_further(tmp_path: Path, attempt: Attempt, reasons: set[str]) -> None:
    async with rig(tls=tls(tmp_path)) as r:
        dialled = len(r.broker.connections)
        await attempt(r, tmp_path)
        await until(lambda: r.recorder.refused)
        assert set(r.recorder.refused) <= reasons
        healthy = await r.client(context=client_tls(tmp_path))
        assert works(small(1), await healthy.ask(small(1)))
        assert len(r.broker.connections) == dialled + 1
        assert len(r.admission) == 1


async def test_tls_1_2_where_it_is_allowed(tmp_path: Path) -> None:
    context = client_tls(tmp_path)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    async with rig(tls=tls(tmp_path, min_version="1.2")) as r:
        client = await r.client(context=context)
        assert works(small(1), await client.ask(small(1)))


async def test_a_connection_that_does_not_meet_the_minimum_of_the_zone(tmp_path: Path) -> None:
    async with rig(tls=tls(tmp_path, min_version="1.2")) as r:
        r.policy.snapshot.zones["green"] = Zone("green", "public", 0, "owner", "upstream", "1.3")
        await _with(ALICE, maximum_version=ssl.TLSVersion.TLSv1_2)(r, tmp_path)
        await refused(r, "encryption")
        better = await r.client(context=client_tls(tmp_path))
        assert works(small(1), await better.ask(small(1)))
        assert [connection.tls for connection in r.recorder.opened] == ["1.3"]


async def test_a_handshake_that_takes_too_long(tmp_path: Path) -> None:
    async with rig(tls=tls(tmp_path), handshake=0.05) as r:
        client = await r.client()
        assert await client.closed() == b""
        await refused(r, "slow")


async def test_closing_gives_up_handshakes(tmp_path: Path) -> None:
    async with rig(tls=tls(tmp_path)) as r:
        client = await r.client()
        await until(lambda: len(r.listener._welcoming))
        await r.listener.close()
        assert not len(r.admission)
        assert await client.closed() == b""


async def test_a_peer_whose_certificate_was_not_asked_for(tmp_path: Path) -> None:
    lenient = tls(tmp_path)
    lenient.context.verify_mode = ssl.CERT_NONE
    async with rig(tls=lenient) as r:
        client = await r.client(context=client_tls(tmp_path, None))
        assert await client.closed() == b""
        await refused(r, "no_certificate")


# --- certificates change while it runs


async def test_new_connections_get_the_new_certificate_and_old_ones_stay(tmp_path: Path) -> None:
    recorder = Recorder()
    contexts = tls(tmp_path, recorder)
    watching = asyncio.ensure_future(watch([contexts], 0.005))
    async with rig(tls=contexts) as r:
        old = await r.client(context=client_tls(tmp_path))
        assert works(small(1), await old.ask(small(1)))
        first = contexts.context

        (tmp_path / "server.crt").write_bytes(b"rubbish")
        await until(lambda: recorder.certificates[-1] == "listener unusable")
        still = await r.client(context=client_tls(tmp_path))
        assert works(small(1), await still.ask(small(1)))

        OTHER.server("localhost").save(tmp_path, "server")
        await until(lambda: contexts.context is not first)
        new = await r.client(context=client_tls(tmp_path, authority=OTHER))
        assert works(small(1), await new.ask(small(1)))
        assert works(small(2), await old.ask(small(2)))
    watching.cancel()


async def test_a_client_authority_that_is_replaced_counts_at_once(tmp_path: Path) -> None:
    contexts = tls(tmp_path)
    async with rig(tls=contexts) as r:
        (tmp_path / "ca.crt").write_bytes(OTHER.pem)
        contexts.refresh()
        await _with(ALICE)(r, tmp_path)
        await until(lambda: r.recorder.refused == ["certificate"])
        client = await r.client(context=client_tls(tmp_path, OTHER.issue("alice")))
        assert works(small(1), await client.ask(small(1)))


# --- server names


@pytest.mark.parametrize(
    ("name", "node"),
    [
        ("bootstrap.green.kafka.example.com", None),
        ("b0.green.kafka.example.com", 0),
        ("B0.Green.kafka.example.COM", 0),
    ],
)
async def test_the_server_name_says_which_node(tmp_path: Path, name: str, node: int | None) -> None:
    contexts, names = tls(tmp_path), ServerNames(ADDRESSES)
    contexts.prepare(names.attach)
    async with rig(tls=contexts, names=names) as r:
        client = await r.client(context=client_tls(tmp_path), server_name=name)
        assert works(small(1), await client.ask(small(1)))
        assert r.recorder.opened[0].node == node
        assert len(names._nodes) <= 1


@pytest.mark.parametrize("name", ["b0.red.kafka.example.com", "elsewhere.org", "b.green.kafka.example.com", ""])
async def test_an_unknown_server_name_or_none_is_refused(tmp_path: Path, name: str) -> None:
    contexts, names = tls(tmp_path), ServerNames(ADDRESSES)
    contexts.prepare(names.attach)
    context = client_tls(tmp_path)
    context.check_hostname = False
    async with rig(tls=contexts, names=names) as r:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await Client.connect(r.listener.ports[0], context, name)
        await refused(r, "server_name")


async def test_a_server_name_of_a_node_that_is_not_known(tmp_path: Path) -> None:
    contexts, names = tls(tmp_path), ServerNames(ADDRESSES)
    contexts.prepare(names.attach)
    async with rig(tls=contexts, names=names) as r:
        name = "b7.green.kafka.example.com"
        client = await r.client(context=client_tls(tmp_path), server_name=name)
        assert await client.closed() == b""
        await refused(r, "node_unknown")


async def test_server_names_are_asked_for_after_a_reload_too(tmp_path: Path) -> None:
    contexts, names = tls(tmp_path), ServerNames(ADDRESSES)
    contexts.prepare(names.attach)
    async with rig(tls=contexts, names=names) as r:
        AUTHORITY.server("b0.green.kafka.example.com").save(tmp_path, "server")
        contexts.refresh()
        name = "b0.green.kafka.example.com"
        client = await r.client(context=client_tls(tmp_path), server_name=name)
        assert works(small(1), await client.ask(small(1)))
        assert r.recorder.opened[0].node == 0
