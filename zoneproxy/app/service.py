"""A running proxy and all that stands around it: metrics, health, admin endpoint, the policy in force."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from zoneproxy.app.keeper import PolicyKeeper, Reload
from zoneproxy.app.token import read_token
from zoneproxy.boundary.chain import Chain
from zoneproxy.net.server import Proxy
from zoneproxy.net.tasks import Tasks
from zoneproxy.telemetry.admin import AdminServer, admin_application
from zoneproxy.telemetry.admin_calls import AdminCalls
from zoneproxy.telemetry.health import Health, ZoneHealth
from zoneproxy.telemetry.metrics import Metrics
from zoneproxy.telemetry.observer import TelemetryObserver

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoneproxy.app.load import Loaded
    from zoneproxy.config.model import Config
    from zoneproxy.policy.snapshot import PolicySnapshot
    from zoneproxy.telemetry.log import Logger


class Service:
    """Everything that runs. ``clock`` gives seconds since the epoch."""

    def __init__(self, loaded: Loaded, version: str, logger: Logger, clock: Callable[[], float] = time.time) -> None:
        self.config: Config = loaded.config
        self.metrics = Metrics(version)
        self.health = Health(zones=_zones(loaded.config, loaded.snapshot))
        self._log = logger
        self._clock = clock
        self._keeper = PolicyKeeper(
            loaded.config, loaded.snapshot, loaded.seen, self.metrics, self.health, logger, clock
        )
        self._tasks = Tasks()
        observer = TelemetryObserver(self.metrics, logger, self.health)
        chain = Chain(loaded.keys, loaded.config.limits, loaded.books, Lock())
        self._proxy = Proxy(loaded.config, self._keeper, chain, observer, clock=clock, books=loaded.books)
        calls = AdminCalls(self._token, {"reload": self._reload_call}, self.metrics, logger)
        self.admin = AdminServer(admin_application(self.metrics.registry, self.health, calls.routes()))
        for zone, health in self.health.zones.items():
            self.metrics.upstream_up.labels(zone, health.upstream).set(0)
            self.metrics.in_flight.labels(zone).set_function(partial(self._in_flight, zone))

    async def start(self) -> None:
        """Bind everything; does not wait for upstreams.

        Raises:
            InvalidConfiguration: TLS files cannot be used.
            OSError: a port cannot be bound.
        """
        await self.admin.start(self.config.admin.bind, self.config.admin.port)
        self._keeper.begin()
        try:
            await self._proxy.start()
        except BaseException:
            await self.admin.stop()
            raise
        self._tasks.start(self._keeper.follow(), "grants")
        if self.config.policies_poll_seconds:
            self._tasks.start(self._keeper.watch(self.config.policies_poll_seconds), "policies")
        self.health.listeners_bound = True
        for listener in self.config.listeners:
            ports = listener.all_ports
            self._log.info("listening", listener=listener.name, zone=listener.zone, host=listener.bind, port=ports[0])

    async def reload(self, cause: str) -> Reload:
        """Read the policies again. A policy with any problem changes nothing."""
        return await self._keeper.reload(cause)

    async def drain(self, seconds: float | None = None) -> None:
        """Finish what is in flight and close everything; within ``seconds`` (None: as configured)."""
        self.health.draining = True
        await self._tasks.stop()
        await self._proxy.drain(seconds)

    async def close(self) -> None:
        """End the admin endpoint, the last thing to go: until then it tells that the proxy is draining."""
        await self.admin.stop()

    async def _token(self) -> str | None:
        """What admin calls must bring: read each time, so that it can be changed. None: none can be made."""
        name = self.config.admin.token_file
        return None if name is None else await asyncio.to_thread(read_token, Path(name))

    async def _reload_call(self) -> tuple[bool, dict[str, object]]:
        done = await self.reload("admin call")
        problems = [str(problem) for problem in done.problems]
        return done.loaded, {"loaded": done.loaded, "digest": done.digest, "problems": problems}

    def _in_flight(self, zone: str) -> float:
        return self._proxy.in_flight().get(zone, 0)


def _zones(config: Config, snapshot: PolicySnapshot) -> dict[str, ZoneHealth]:
    """The zones that clients can reach here."""
    listened = dict.fromkeys(listener.zone for listener in config.listeners)
    return {name: ZoneHealth(snapshot.zones[name].upstream) for name in listened}
