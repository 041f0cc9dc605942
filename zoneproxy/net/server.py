"""The whole proxy of one process: listeners, sessions and control connections, built from a configuration."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from zoneproxy.net.admission import Admission
from zoneproxy.net.assembly import Contexts, Upstream, load_contexts, make_listener, make_upstream
from zoneproxy.net.listener import Listener
from zoneproxy.net.observer import Observer
from zoneproxy.net.publishing.trail import load_seals, make_trail
from zoneproxy.net.sasl import Sasl, load_sasl
from zoneproxy.net.schemas import make_keepers
from zoneproxy.net.sessions import Sessions
from zoneproxy.net.tasks import Tasks
from zoneproxy.net.tls import Refreshing, watch
from zoneproxy.net.worker import Bounds, PolicyHolder, Worker
from zoneproxy.policy.namespaces import Namespace

if TYPE_CHECKING:
    from zoneproxy.boundary.chain import Chain
    from zoneproxy.config.model import Config
    from zoneproxy.formats.book import Books
    from zoneproxy.keys.sealing import Seal
    from zoneproxy.net.publishing.publisher import Publisher

__all__ = ["PolicyHolder", "Proxy"]

FLUSH_SECONDS = 5.0  # for what waits to be written, once all sessions are over


class Proxy:
    """Listeners towards clients, control connections towards upstreams, and what happens between.

    Args:
        config: whose file names are absolute already.
        policy: asked for its snapshot at each request. It holds one before ``start``, and that one and ``config``
            fit together: it has the listeners' zones, whose upstreams ``config`` has. Which upstream serves a zone
            is fixed from ``start`` on.
        chain: decides about every message.
        observer: is told what happens.
        clock: seconds since the epoch.
        bounds: instead of those that ``config.limits`` says.
        books: of schemas, which ``chain`` reads and which are written in here.
    """

    def __init__(
        self,
        config: Config,
        policy: PolicyHolder,
        chain: Chain,
        observer: Observer,
        *,
        clock: Callable[[], float] = time.time,
        bounds: Bounds | None = None,
        books: Books | None = None,
    ) -> None:
        self._config = config
        self._policy = policy
        self._chain = chain
        self._observer = observer
        self._clock = clock
        self._bounds = bounds or Bounds.of(config.limits)
        self._executor = ThreadPoolExecutor(config.limits.scan_threads, "scan")
        # Passwords are derived, and signing keys asked for, where that slows nobody's records.
        self._authentication = ThreadPoolExecutor(2, "authentication")
        self._books = books or {}
        self._asking = ThreadPoolExecutor(2, "schemas")  # a slow registry holds up nobody but who needs its schemas
        self._tasks = Tasks()
        self._upstreams: dict[str, Upstream] = {}
        self._listeners: list[Listener] = []
        self._sessions: Sessions | None = None
        self._publishers: tuple[Publisher, ...] = ()

    async def start(self) -> None:
        """Load certificates, bind every port, start the control connections; does not wait for upstreams.

        Raises:
            InvalidConfiguration: certificate, credentials or key files cannot be used.
            OSError: a port cannot be bound, and which. Nothing stays bound then.
        """
        contexts = load_contexts(self._config, self._observer)
        loop = asyncio.get_running_loop()
        worker = Worker(
            loop, self._policy, self._chain, self._observer, self._bounds, self._clock, ticks=time.perf_counter
        )
        sasl = load_sasl(self._config, self._observer, self._clock, self._authentication)
        self._sessions = self._build(worker, contexts, sasl, load_seals(self._config))
        try:
            for listener in self._listeners:
                listener.bind()
        except OSError:
            await self._close_listeners()
            raise
        for upstream in self._upstreams.values():
            self._tasks.start(upstream.control.run(), f"control {upstream.name}")
        for publisher in self._publishers:
            self._tasks.start(publisher.run(), publisher.name)
        self._tasks.start(self._sessions.look_after(), "deadlines")
        watched: list[Refreshing] = [*contexts.values(), *([sasl.store] if sasl.store else [])]
        self._tasks.start(watch(watched, self._bounds.watch), "certificates and credentials")
        for name, keeper in sasl.keepers.items():
            self._tasks.start(keeper.run(), f"signing keys {name}")
        for listener in self._listeners:
            listener.start()

    async def drain(self, seconds: float | None = None) -> None:
        """Stop accepting, let requests in flight finish, close everything; at most ``seconds``.

        None: ``limits.drain_timeout_seconds``. Safe to call more than once. Nothing is left over afterwards.
        """
        await self._close_listeners()
        if self._sessions is not None:
            await self._sessions.drain(self._bounds.drain if seconds is None else seconds)
        longest = FLUSH_SECONDS if seconds is None else min(seconds, FLUSH_SECONDS)
        await asyncio.gather(*(publisher.flush(longest) for publisher in self._publishers))
        await self._tasks.stop()
        for executor in (self._executor, self._authentication, self._asking):
            executor.shutdown(wait=False, cancel_futures=True)

    def upstreams(self) -> Mapping[str, bool]:
        """Each upstream and whether it answers now."""
        return {name: upstream.control.up for name, upstream in self._upstreams.items()}

    def in_flight(self) -> Mapping[str, int]:
        """Requests that wait for their response now, by zone."""
        return {} if self._sessions is None else self._sessions.in_flight()

    async def _close_listeners(self) -> None:
        for listener in self._listeners:
            await listener.close()

    def _build(self, worker: Worker, contexts: Contexts, sasl: Sasl, seals: Mapping[str, Seal]) -> Sessions:
        """Make upstreams and listeners."""
        registries = make_keepers(self._config, self._books, self._observer, worker.ticks, self._asking)
        for name, upstream in self._config.upstreams.items():
            self._upstreams[name] = make_upstream(
                name, upstream, contexts, worker, self._executor, self._authentication, registries
            )
        zones, numbers = self._policy.snapshot.zones, count(1)
        trail = make_trail(self._config, zones, self._upstreams, seals, self._observer, self._clock, self._executor)
        if trail is not None:
            self._publishers = trail.publishers
            worker = replace(worker, reporter=trail.reporter)
        admission = Admission(self._bounds.max_connections, self._bounds.max_connections_per_host)
        sessions = Sessions(worker, admission)
        for listener in self._config.listeners:
            zone = zones[listener.zone]
            served_by = self._upstreams[zone.upstream]
            part = None if zone.namespace is None else Namespace(zone.namespace)
            self._listeners.append(
                make_listener(
                    listener,
                    served_by,
                    contexts,
                    worker,
                    admission,
                    sessions,
                    numbers,
                    part,
                    sasl.of(listener.sasl) if listener.sasl else None,
                )
            )
        return sessions
