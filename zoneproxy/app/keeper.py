"""The policy in force: how it is replaced, and what is told of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zoneproxy.app.grants import GrantTeller
from zoneproxy.app.load import load_policies
from zoneproxy.app.trials import tried_out
from zoneproxy.app.watching import fingerprint, watch
from zoneproxy.errors import InvalidConfiguration, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoneproxy.app.watching import Fingerprint
    from zoneproxy.config.model import Config
    from zoneproxy.policy.snapshot import PolicySnapshot
    from zoneproxy.telemetry.health import Health
    from zoneproxy.telemetry.log import Logger
    from zoneproxy.telemetry.metrics import Metrics

MAX_PROBLEMS_LOGGED = 50
FOLLOW_SECONDS = 1.0  # how often is looked whether a grant has begun or ended; decisions do not wait for it


@dataclass(frozen=True, slots=True)
class Reload:
    """What has come of reading the policies again. ``digest`` is that of the policy in force now."""

    loaded: bool
    digest: str
    problems: tuple[Problem, ...] = ()


class PolicyKeeper:
    """Holds the policy that the next request is decided under (``net.worker.PolicyHolder``).

    A policy with any problem changes nothing: the one before stays, and that is told, counted and shown.
    """

    def __init__(
        self,
        config: Config,
        snapshot: PolicySnapshot,
        seen: Fingerprint,
        metrics: Metrics,
        health: Health,
        logger: Logger,
        clock: Callable[[], float],
    ) -> None:
        """``seen`` are the files that ``snapshot`` was made from; ``clock`` gives seconds since the epoch."""
        self.snapshot = snapshot
        self._config = config
        self._seen = seen
        self._metrics = metrics
        self._health = health
        self._log = logger
        self._clock = clock
        self._grants = GrantTeller(metrics, logger)
        self._one_by_one = asyncio.Lock()

    def begin(self) -> None:
        """Tell what is in force at start."""
        self._take(self.snapshot)

    async def watch(self, seconds: float) -> None:
        """Read the policies again whenever their files have changed; looks every ``seconds``."""
        directory = Path(self._config.policies)
        await watch(lambda: fingerprint(directory), lambda: self._seen, lambda: self.reload("files"), seconds)

    async def follow(self) -> None:
        """Tell of grants that begin and end."""
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            self._tell_grants()

    async def reload(self, cause: str) -> Reload:
        """Read the policies again: all of the new ones, or none. ``cause`` is a word for the log."""
        async with self._one_by_one:
            problems: tuple[Problem, ...] = ()
            try:
                # In a thread: compiling a large policy takes longer than clients should wait.
                snapshot = await asyncio.to_thread(self._read)
                self._must_stay(snapshot)
            except InvalidConfiguration as error:
                problems = tuple(error.problems)
                self._tell_problems(problems)
                self._refuse(cause, problems=len(problems))
            except Exception as error:  # noqa: BLE001 - a fault of ours must not take the policy in force with it
                self._refuse(cause, error=error)
                problems = (Problem("", 0, 0, "internal error", "see the log"),)
            else:
                self._replace(snapshot, cause)
            return Reload(not problems, self.snapshot.digest, problems)

    def _read(self) -> PolicySnapshot:
        self._seen = fingerprint(Path(self._config.policies))  # first: a change from here on is seen as one
        return load_policies(self._config)

    def _replace(self, snapshot: PolicySnapshot, cause: str) -> None:
        before, self.snapshot = self.snapshot, snapshot
        self._metrics.policy_reloads.labels("loaded").inc()
        self._metrics.policy_refused.set(0)
        self._take(snapshot)
        self._log.info("policy reloaded", cause=cause, before=before.digest)

    def _take(self, snapshot: PolicySnapshot) -> None:
        self._metrics.policy_in_force(snapshot.digest, self._clock())
        self._metrics.trying_out(tried_out(self._config, snapshot))
        self._health.policy_digest = snapshot.digest
        policy = snapshot.policy
        counts = {"zones": len(policy.zones), "principals": len(policy.principals), "flows": len(policy.flows)}
        self._log.info("policy in force", digest=snapshot.digest, **counts)
        self._tell_grants()

    def _tell_grants(self) -> None:
        now = self._clock()
        self._grants.tell(self.snapshot.at(now).grants, now)

    def _must_stay(self, snapshot: PolicySnapshot) -> None:
        """A running proxy cannot move a zone to other data. Raises InvalidConfiguration if it would have to."""
        moved = []
        for name, health in self._health.zones.items():
            zone, before = snapshot.zones[name], self.snapshot.zones[name]
            origin = snapshot.policy.origins["zones", name]
            if zone.upstream != health.upstream:
                message = f"zone `{name}` has moved from upstream `{health.upstream}`"
                moved.append(Problem(origin.file, origin.line, origin.column, message, "that needs a restart"))
            if zone.namespace != before.namespace:
                message = f"zone `{name}` has moved from namespace `{before.namespace or ''}`"
                moved.append(Problem(origin.file, origin.line, origin.column, message, "that needs a restart"))
        if moved:
            raise InvalidConfiguration(moved)

    def _tell_problems(self, problems: tuple[Problem, ...]) -> None:
        for problem in problems[:MAX_PROBLEMS_LOGGED]:
            self._log.error(
                "policy problem",
                file=Path(problem.file).name,
                line=problem.line,
                column=problem.column,
                problem=problem.message,
                hint=problem.hint,
            )

    def _refuse(self, cause: str, **why: object) -> None:
        self._metrics.policy_reloads.labels("refused").inc()
        self._metrics.policy_refused.set(1)
        digest = self.snapshot.digest
        self._log.error("policy refused, the one before stays in force", cause=cause, digest=digest, **why)
