"""A running proxy and all that stands around it: metrics, health, admin endpoint, the policy in force."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from zoneproxy.app.load import load_policies
from zoneproxy.boundary.chain import Chain
from zoneproxy.errors import InvalidConfiguration, Problem
from zoneproxy.net.server import Proxy
from zoneproxy.telemetry.admin import AdminServer, admin_application
from zoneproxy.telemetry.health import Health, ZoneHealth
from zoneproxy.telemetry.metrics import Metrics
from zoneproxy.telemetry.observer import TelemetryObserver

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoneproxy.app.load import Loaded
    from zoneproxy.config.model import Config
    from zoneproxy.policy.snapshot import PolicySnapshot
    from zoneproxy.telemetry.log import Logger

MAX_PROBLEMS_LOGGED = 50


class PolicyInForce:
    """Holds the policy that the next request is decided under."""

    def __init__(self, snapshot: PolicySnapshot) -> None:
        self.snapshot = snapshot


class Service:
    """Everything that runs. ``clock`` gives seconds since the epoch."""

    def __init__(self, loaded: Loaded, version: str, logger: Logger, clock: Callable[[], float] = time.time) -> None:
        self.config: Config = loaded.config
        self.metrics = Metrics(version)
        self.health = Health(zones=_zones(loaded.config, loaded.snapshot))
        self._log = logger
        self._clock = clock
        self._policy = PolicyInForce(loaded.snapshot)
        observer = TelemetryObserver(self.metrics, logger, self.health)
        chain = Chain(loaded.keys, loaded.config.limits)
        self._proxy = Proxy(loaded.config, self._policy, chain, observer, clock=clock)
        self.admin = AdminServer(admin_application(self.metrics.registry, self.health))
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
        self._take(self._policy.snapshot)
        try:
            await self._proxy.start()
        except BaseException:
            await self.admin.stop()
            raise
        self.health.listeners_bound = True
        for listener in self.config.listeners:
            ports = listener.all_ports
            self._log.info("listening", listener=listener.name, zone=listener.zone, host=listener.bind, port=ports[0])

    async def reload(self) -> None:
        """Read the policies again. A policy with any problem changes nothing."""
        try:
            # In a thread: compiling a large policy takes longer than clients should wait.
            snapshot = await asyncio.to_thread(load_policies, self.config)
            self._must_stay(snapshot)
        except InvalidConfiguration as error:
            for problem in error.problems[:MAX_PROBLEMS_LOGGED]:
                self._log.error(
                    "policy problem",
                    file=Path(problem.file).name,
                    line=problem.line,
                    column=problem.column,
                    problem=problem.message,
                    hint=problem.hint,
                )
            self._refuse(problems=len(error.problems))
        except Exception as error:  # noqa: BLE001 - a fault of ours must not take the policy in force with it
            self._refuse(error=error)
        else:
            before, self._policy.snapshot = self._policy.snapshot, snapshot
            self.metrics.policy_reloads.labels("loaded").inc()
            self._take(snapshot)
            self._log.info("policy reloaded", before=before.digest)

    async def drain(self, seconds: float | None = None) -> None:
        """Finish what is in flight and close everything; within ``seconds`` (None: as configured)."""
        self.health.draining = True
        await self._proxy.drain(seconds)

    async def close(self) -> None:
        """End the admin endpoint, the last thing to go: until then it tells that the proxy is draining."""
        await self.admin.stop()

    def _in_flight(self, zone: str) -> float:
        return self._proxy.in_flight().get(zone, 0)

    def _take(self, snapshot: PolicySnapshot) -> None:
        self.metrics.policy_in_force(snapshot.digest, self._clock())
        self.health.policy_digest = snapshot.digest
        policy = snapshot.policy
        counts = {"zones": len(policy.zones), "principals": len(policy.principals), "flows": len(policy.flows)}
        self._log.info("policy in force", digest=snapshot.digest, **counts)

    def _must_stay(self, snapshot: PolicySnapshot) -> None:
        """A running proxy cannot move a zone to other data. Raises InvalidConfiguration if it would have to."""
        moved = []
        for name, health in self.health.zones.items():
            zone, before = snapshot.zones[name], self._policy.snapshot.zones[name]
            origin = snapshot.policy.origins["zones", name]
            if zone.upstream != health.upstream:
                message = f"zone `{name}` has moved from upstream `{health.upstream}`"
                moved.append(Problem(origin.file, origin.line, origin.column, message, "that needs a restart"))
            if zone.namespace != before.namespace:
                message = f"zone `{name}` has moved from namespace `{before.namespace or ''}`"
                moved.append(Problem(origin.file, origin.line, origin.column, message, "that needs a restart"))
        if moved:
            raise InvalidConfiguration(moved)

    def _refuse(self, **why: object) -> None:
        self.metrics.policy_reloads.labels("refused").inc()
        self._log.error("policy refused, the one before stays in force", digest=self._policy.snapshot.digest, **why)


def _zones(config: Config, snapshot: PolicySnapshot) -> dict[str, ZoneHealth]:
    """The zones that clients can reach here."""
    listened = dict.fromkeys(listener.zone for listener in config.listeners)
    return {name: ZoneHealth(snapshot.zones[name].upstream) for name in listened}
