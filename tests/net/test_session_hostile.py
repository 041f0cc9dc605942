"""Sessions whose single messages are a lot of work."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest

from tests.net.harness import Steps, rig, until
from tests.net.peers import request, small
from tests.net.scripts import answer_here, answering, ids, long_message, with_then
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.interceptor import Context, Work
from zoneproxy.net import session as session_module
from zoneproxy.net.session import Session


def hold(gate: threading.Event) -> None:
    gate.wait(20)


async def test_a_turn_ends_by_the_clock_too(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = []
    pump = Session.pump

    def counted(session: Session) -> None:
        turns.append(session)
        pump(session)

    monkeypatch.setattr(session_module, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(Session, "pump", counted)
    async with rig() as r:
        r.chain.on_request = answer_here
        client = await r.client()
        await client.send(b"".join(small(n, "here") for n in range(50)))
        assert await ids(client, 50) == list(range(50))
        assert len(turns) >= 50


async def test_a_request_that_is_looked_through_is_held() -> None:
    gate = threading.Event()

    def slow(message: Any, ctx: Context) -> Steps:
        yield [Work([partial(hold, gate)], 1_000_000)]
        return Routed(forward=True)

    async with rig() as r:
        r.chain.on_request = slow
        client = await r.client()
        await client.send(request(1, long_message(300_000), 2))
        session = await r.session()
        await until(lambda: session.upstream is not None and session.requests.waiting)
        assert session.held > 300_000
        gate.set()
        assert await ids(client, 1) == [1]
        assert session.requests.held == 0


async def test_a_reply_that_is_looked_through_is_held() -> None:
    gate = threading.Event()

    def slow(response: Any, ctx: Context) -> Steps:
        yield [Work([partial(hold, gate)], 1_000_000)]
        return False

    async with rig(answering(2, "h" * 30_000)) as r:
        r.chain.on_request = with_then
        r.chain.on_reply = slow
        client = await r.client()
        await client.send(small(1))
        session = await r.session()
        await until(lambda: session.upstream is not None and session.replies.waiting)
        assert session.held > 30_000
        gate.set()
        assert await ids(client, 1) == [1]
        assert session.replies.held == 0
