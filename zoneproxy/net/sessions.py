"""All sessions of one process: looked after together, drained together."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneproxy.net.admission import Admission
    from zoneproxy.net.session import Session
    from zoneproxy.net.worker import Worker


class Sessions:
    """Those that have begun and are not over; and those of clients that are still proving who they are."""

    def __init__(self, worker: Worker, admission: Admission) -> None:
        self._worker = worker
        self._admission = admission
        self._sessions: set[Session] = set()
        self._entering: set[Session] = set()
        self._empty = asyncio.Event()
        self._empty.set()

    def __len__(self) -> int:
        return len(self._sessions)

    def entering(self, session: Session) -> None:
        """A client is at the gate: what it sends there takes room like everything else."""
        self._entering.add(session)

    def entered(self, session: Session) -> None:
        """It is in, or has been refused."""
        self._entering.discard(session)

    def add(self, session: Session) -> None:
        """A session begins."""
        self._sessions.add(session)
        self._empty.clear()

    def discard(self, session: Session) -> None:
        """It is over."""
        self._sessions.discard(session)
        if not self._sessions:
            self._empty.set()

    def in_flight(self) -> Mapping[str, int]:
        """Requests that wait for their response, by zone."""
        count: Counter[str] = Counter()
        for session in self._sessions:
            count[session.route.zone] += len(session.table)
        return count

    async def look_after(self) -> None:
        """Close what is overdue, and let nobody in while too much waits; until cancelled."""
        bounds = self._worker.bounds
        while True:
            await asyncio.sleep(bounds.sweep)
            now, held = self._worker.ticks(), sum(session.held for session in self._entering)
            for session in tuple(self._sessions):
                session.check(now)
                held += session.held
            self._admission.crowded = held > bounds.max_buffered

    async def drain(self, seconds: float) -> None:
        """Let all of them finish what is in flight, so long; then end them."""
        for session in tuple(self._sessions):
            session.drain()
        try:
            async with asyncio.timeout(seconds):
                await self._empty.wait()
        except TimeoutError:
            for session in tuple(self._sessions):
                session.abort("drain_timeout")
            await self._empty.wait()
