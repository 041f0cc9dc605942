"""Writes what is put into it to one topic of an upstream: at least once, in order, for as long as it takes.

Whoever puts a record in cannot wait and is told at once whether there was room. Records wait here while the cluster is
away; what finds no room is lost, and counted by why. One partition is written to until something goes wrong with it,
then another one: records are few, and one that follows another stays behind it.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from zoneproxy.errors import ProtocolError
from zoneproxy.net.asking import UpstreamError
from zoneproxy.net.publishing.outbox import Outbox, Outgoing
from zoneproxy.net.publishing.pace import Pace
from zoneproxy.net.publishing.producing import Refused, TooLarge, batch_of, produce
from zoneproxy.net.publishing.rooms import NoTopic, create, leaders_of

if TYPE_CHECKING:
    from zoneproxy.boundary.cluster import ClusterView
    from zoneproxy.net.observer import Observer
    from zoneproxy.net.upstream import Dialled, Dialler

MAX_BATCH_RECORDS = 500
MAX_BATCH_BYTES = 512 * 1024  # a topic takes 1 MiB by default
BACKOFF_SECONDS = (0.1, 5.0)  # between attempts: the first, and what doubling ends at


@dataclass(frozen=True, slots=True)
class Destination:
    """Where records go. ``name`` is what metrics and logs call it."""

    name: str
    topic: str
    create: bool = False  # make the topic if there is none
    max_records: int = 10_000  # that wait
    max_bytes: int = 16 * 1024 * 1024
    per_second: float = 1_000.0


@dataclass(slots=True)
class _Way:
    """An open connection to the leader of the partition that is written to."""

    dialled: Dialled
    partition: int
    until: float  # the login ends then, in the loop's time


class Publisher:
    """Run it with ``run``; give it records with ``put``.

    Args:
        cluster: of the upstream; knows where its brokers are.
        dialler: connects with the proxy's own credential.
        clock: seconds since the epoch.
        seconds: for one answer.
        chance: gives numbers from 0 to 1.
        ticks: seconds of any origin.
        executor: where records are sealed; None: the event loop's own.
    """

    def __init__(
        self,
        to: Destination,
        cluster: ClusterView,
        dialler: Dialler,
        observer: Observer,
        clock: Callable[[], float],
        *,
        seconds: float = 10.0,
        chance: Callable[[], float] | None = None,
        ticks: Callable[[], float] = time.monotonic,
        executor: Executor | None = None,
    ) -> None:
        self._to = to
        self._outbox = Outbox(to.max_records, to.max_bytes)
        self._cluster = cluster
        self._dialler = dialler
        self._observer = observer
        self._clock = clock
        self._seconds = seconds
        self._executor = executor
        self._chance = chance or secrets.SystemRandom().random
        self._way: _Way | None = None
        self._most = MAX_BATCH_RECORDS  # in one batch; less behind one that was too large
        self._failing: str | None = None  # why, as the observer knows it
        self._pace = Pace(to.per_second, ticks)

    @property
    def name(self) -> str:
        """What metrics and logs call it."""
        return self._to.name

    def put(self, record: Outgoing) -> bool:
        """Have a record written; False: there are too many, it is lost (and counted)."""
        reason = "rate" if not self._pace.take() else "full" if not self._outbox.put(record) else ""
        if reason:
            self._observer.publishing_lost(self._to.name, reason, 1)
        return not reason

    def refusal(self, size: int = 0) -> str:
        """Why no record of about ``size`` bytes could be taken now; empty if it could. Ask before making one."""
        return "rate" if not self._pace.ready() else "full" if not self._outbox.has_room(size) else ""

    async def run(self) -> None:
        """Write until cancelled; what still waits then is lost (and counted)."""
        pause, longest = BACKOFF_SECONDS
        try:
            while True:
                await self._outbox.filled()
                reason = await self._write()
                self._tell(reason)
                if not reason:
                    pause = BACKOFF_SECONDS[0]
                    continue
                self._leave()
                await asyncio.sleep(pause * (0.5 + self._chance() / 2))
                pause = min(2 * pause, longest)
        finally:
            self._leave()
            if left := len(self._outbox):
                self._lose(left, "drained")

    async def flush(self, seconds: float) -> None:
        """Wait until everything is written, so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._outbox.emptied()

    async def _write(self) -> str:
        """One batch; why it could not be written, or nothing."""
        try:
            way = self._way = await self._open()
            await self._send(self._outbox.next(self._most, MAX_BATCH_BYTES), way)
        except (UpstreamError, ProtocolError) as error:
            return error.reason
        except TimeoutError:
            return "timeout"
        return ""

    async def _send(self, records: Sequence[Outgoing], way: _Way) -> None:
        batch = await self._batch_of(records)
        try:
            async with asyncio.timeout(self._seconds):
                await produce(self._to.topic, way.partition, batch, way.dialled, self._seconds)
        except TooLarge:
            if len(records) > 1:
                self._most = len(records) // 2
            else:
                self._lose(1, "too_large")
        except Refused:
            if len(records) > 1:
                self._most = 1  # to know which one it is
            else:
                self._lose(1, "refused")
        else:
            self._outbox.remove(len(records))
            self._most = min(MAX_BATCH_RECORDS, 2 * self._most)
            self._observer.published(self._to.name, len(records), sum(record.size for record in records))

    async def _batch_of(self, records: Sequence[Outgoing]) -> bytes:
        if not any(record.seal for record in records):
            return batch_of(records)
        return await asyncio.get_running_loop().run_in_executor(self._executor, batch_of, records)

    def _lose(self, first: int, reason: str) -> None:
        self._outbox.remove(first)
        self._observer.publishing_lost(self._to.name, reason, first)

    # --- the connection

    async def _open(self) -> _Way:
        """The way to a leader, with a login that still holds."""
        way, now = self._way, asyncio.get_running_loop().time()
        if way is not None and not way.dialled.link.lost and now < way.until:
            return way
        self._leave()
        leaders = await self._leaders()
        partitions = sorted(leaders)
        partition = partitions[min(int(self._chance() * len(partitions)), len(partitions) - 1)]
        dialled = await self._dialler.dial(leaders[partition])
        return _Way(dialled, partition, now + (inf if dialled.renew is None else dialled.renew))

    async def _leaders(self) -> dict[int, int]:
        dialled = await self._dialler.dial(None)
        try:
            async with asyncio.timeout(self._seconds):
                try:
                    return dict(await leaders_of(self._to.topic, dialled, self._cluster, self._clock()))
                except NoTopic:
                    if not self._to.create:
                        raise
                    await create(self._to.topic, dialled)
                    return dict(await leaders_of(self._to.topic, dialled, self._cluster, self._clock()))
        finally:
            dialled.link.drop()

    def _leave(self) -> None:
        if self._way is not None:
            self._way.dialled.link.drop()
            self._way = None

    def _tell(self, failing: str) -> None:
        if failing != self._failing:
            self._failing = failing
            self._observer.publishing_state(self._to.name, failing)
