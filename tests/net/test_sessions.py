from __future__ import annotations

import asyncio

from tests.net.harness import rig, until
from tests.net.peers import BrokerConnection, id_of, reply, small
from tests.net.sasl_kit import handshake, sasl_rig


async def silent(connection: BrokerConnection, frame: bytes) -> None:
    """Never answers."""


async def test_requests_in_flight_are_counted_by_zone() -> None:
    async with rig(silent) as r:
        assert r.sessions.in_flight() == {}
        first, second = await r.client(), await r.client()
        await first.send(small(1) + small(2))
        await second.send(small(1))
        await until(lambda: sum(len(c.received) for c in r.broker.sessions) == 3)
        assert r.sessions.in_flight() == {"green": 3}


async def test_what_is_overdue_is_closed() -> None:
    async with rig(idle=0.05) as r:
        client = await r.client()
        assert await client.closed() == b""
        await r.idle()
        assert r.recorder.closed == ["idle"]


async def test_nobody_is_let_in_while_too_much_waits() -> None:
    async def generous(connection: BrokerConnection, frame: bytes) -> None:
        await connection.send(reply(id_of(frame), b"b" * 30_000_000))

    async with rig(generous, max_buffered=100_000) as r:
        client = await r.client()
        client.writer.transport.pause_reading()  # type: ignore[attr-defined]
        await client.send(small(1))
        await until(lambda: r.admission.crowded)
        refused = await r.client()
        assert await refused.closed() == b""
        assert r.recorder.refused == ["memory"]
        client.writer.transport.resume_reading()  # type: ignore[attr-defined]
        assert len(await client.receive()) == 30_000_008
        await until(lambda: not r.admission.crowded)


async def test_what_waits_at_the_gate_counts_as_well() -> None:
    async with sasl_rig(max_buffered=100_000) as r:
        client = await r.client()
        await handshake(client, "PLAIN")
        await client.send((400_000).to_bytes(4, "big") + bytes(300_000))
        await until(lambda: r.admission.crowded)
        refused = await r.client()
        assert await refused.closed() == b""
        assert r.recorder.refused == ["memory"]
        client.writer.close()
        await until(lambda: not r.admission.crowded)


async def test_draining_waits_for_the_last_one() -> None:
    async with rig(silent) as r:
        clients = [await r.client() for _ in range(3)]
        await until(lambda: len(r.sessions) == 3)
        draining = asyncio.ensure_future(r.sessions.drain(20))
        for client in clients:
            assert await client.closed() == b""
        await draining
        assert r.recorder.closed == ["drained"] * 3
        await r.sessions.drain(0)


async def test_draining_ends_in_time() -> None:
    async with rig(silent) as r:
        client = await r.client()
        await client.send(small(1))
        await until(lambda: r.broker.sessions)
        await r.sessions.drain(0.01)
        assert not len(r.sessions)
        assert r.recorder.closed == ["drain_timeout"]
