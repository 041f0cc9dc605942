"""Logging in again at the broker, in the stream of a session's requests, before its patience ends (KIP-368).

The client's requests wait meanwhile: between SaslHandshake and the last SaslAuthenticate a broker takes nothing else.
Its replies go on, in order, and those to us are taken out.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from zoneproxy.boundary.interceptor import Context
from zoneproxy.errors import ProtocolError
from zoneproxy.net.asking import CLIENT_ID, UpstreamError
from zoneproxy.net.in_flight import InFlight
from zoneproxy.wire.codec import RequestHeader, encode_request

if TYPE_CHECKING:
    from zoneproxy.net.login import Login
    from zoneproxy.net.session import Session
    from zoneproxy.net.upstream import Dialled
    from zoneproxy.wire.messages.message import Message

DECIDED_SECONDS = 0.01  # between two looks whether the last request taken is decided


class Relogin:
    """Of one session. ``holding``: no request may go to the broker now."""

    __slots__ = ("_correlation", "_dialled", "_due", "_login", "_session", "_task", "holding")

    def __init__(self, session: Session, login: Login, dialled: Dialled) -> None:
        self.holding = False
        self._session = session
        self._login = login
        self._dialled = dialled
        self._correlation = 0
        self._task: asyncio.Task[None] | None = None
        self._due = self._next(dialled.renew)

    def check(self, now: float) -> None:
        """Begin if it is time; ``now`` is ``Worker.ticks``."""
        if now >= self._due and self._task is None:
            self._task = self._session.worker.loop.create_task(self._run())

    def cancel(self) -> None:
        """The session is over."""
        if self._task is not None:
            self._task.cancel()

    def _next(self, renew: float | None) -> float:
        return float("inf") if renew is None else self._session.worker.ticks() + renew

    async def _run(self) -> None:
        session, dialled = self._session, self._dialled
        try:
            async with asyncio.timeout(session.worker.bounds.connect):
                self._due = self._next(await self._login.run(self._ask, dialled.versions, dialled.host))
        except (UpstreamError, ProtocolError) as error:
            self._failed(error.reason)
        except TimeoutError:
            self._failed("login_timeout")
        else:
            self.holding, self._task = False, None
            session.wake()

    def _failed(self, reason: str) -> None:
        session = self._session
        session.worker.observer.upstream_failure(session.route.upstream, reason)
        session.close("upstream_login")

    async def _ask(self, message: Message, version: int) -> bytes | bytearray:
        """Put a request of ours behind those that were forwarded; the frame that answers it."""
        session, worker = self._session, self._session.worker
        self.holding = True
        while session.requests.waiting:  # noqa: ASYNC110 rare and short, and an event would cost each request
            await asyncio.sleep(DECIDED_SECONDS)
        assert session.facts is not None
        assert session.snapshot is not None
        assert session.upstream is not None
        self._correlation -= 1  # clients count upwards from 0; the order is what tells replies apart
        header = RequestHeader(message.API_KEY, version, self._correlation, CLIENT_ID)
        data = encode_request(header, message)
        answer: asyncio.Future[bytes | bytearray] = worker.loop.create_future()
        now = worker.ticks()
        ctx = Context(session.facts, header, session.snapshot, worker.clock())
        session.table.add(InFlight(ctx, (), len(data), now, now, taken=answer.set_result))
        session.upstream.send(data)
        session.upstream.flush()
        session.wake()
        return await answer
