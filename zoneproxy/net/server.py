"""The whole proxy of one process: listeners, sessions and control connections, built from a configuration."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from zoneproxy.net.observer import Observer

if TYPE_CHECKING:
    from zoneproxy.boundary.chain import Chain
    from zoneproxy.config.model import Config
    from zoneproxy.policy.snapshot import PolicySnapshot


class PolicyHolder(Protocol):
    """Where the policy in force is found. Replacing ``snapshot`` is the whole of a reload."""

    @property
    def snapshot(self) -> PolicySnapshot:
        """The policy that the next request is decided under."""
        ...


class Proxy:
    """Listeners towards clients, control connections towards upstreams, and what happens between.

    Args:
        config: whose file names are absolute already.
        policy: asked for its snapshot at each request; it must hold one before ``start``.
        chain: decides about every message.
        observer: is told what happens.
        clock: seconds since the epoch.
    """

    def __init__(
        self,
        config: Config,
        policy: PolicyHolder,
        chain: Chain,
        observer: Observer,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._config = config
        self._policy = policy
        self._chain = chain
        self._observer = observer
        self._clock = clock

    async def start(self) -> None:
        """Load certificates, bind every port, start the control connections; does not wait for upstreams.

        Raises:
            InvalidConfiguration: certificate files cannot be used; lists all of them.
            OSError: a port cannot be bound. Nothing stays bound then.
        """
        raise NotImplementedError

    async def drain(self, seconds: float | None = None) -> None:
        """Stop accepting, let requests in flight finish, close everything; at most ``seconds``.

        None: ``limits.drain_timeout_seconds``. Safe to call more than once. Nothing is left over afterwards.
        """
        raise NotImplementedError

    def upstreams(self) -> Mapping[str, bool]:
        """Each upstream and whether it answers now."""
        raise NotImplementedError

    def in_flight(self) -> Mapping[str, int]:
        """Requests that wait for their response now, by zone."""
        raise NotImplementedError
