"""Fulfils what the chain waits for: look-ups at the upstream, and work that is too long for the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from time import monotonic
from typing import Protocol

from zoneproxy.boundary.interceptor import LookUp, Need, Schemas, Work
from zoneproxy.boundary.work_size import INLINE as INLINE
from zoneproxy.policy.namespaces import Namespace

TURN = 0.05  # seconds of a thread for one request, before others have their turn; no job is cut short


class LooksUp(Protocol):
    """The control connection, as sessions see it."""

    async def look_up(
        self,
        ids: frozenset[bytes],
        names: frozenset[str],
        *,
        every: bool = False,
        sizes: frozenset[str] = frozenset(),
    ) -> None:
        """Ask for topics, or for all of them; afterwards the cluster view knows what can be known.

        Bounded in time; never raises.
        """
        ...


class _Within:
    """Look-ups in the words of one namespace."""

    def __init__(self, control: LooksUp, namespace: Namespace) -> None:
        self._control = control
        self._namespace = namespace

    async def look_up(
        self,
        ids: frozenset[bytes],
        names: frozenset[str],
        *,
        every: bool = False,
        sizes: frozenset[str] = frozenset(),
    ) -> None:
        await self._control.look_up(ids, self._physical(names), every=every, sizes=self._physical(sizes))

    def _physical(self, names: frozenset[str]) -> frozenset[str]:
        return frozenset(map(self._namespace.physical, names))


class AsksRegistries(Protocol):
    """The keepers of schemas, as sessions see them."""

    async def look_up(self, need: Schemas) -> None:
        """Ask for schemas; afterwards the books know what could be learned. Bounded in time; never raises."""
        ...


class Needs:
    """For the sessions of one upstream. ``executor`` runs large work; without ``registries`` there are no schemas."""

    def __init__(self, control: LooksUp, executor: Executor, registries: AsksRegistries | None = None) -> None:
        self._control = control
        self._executor = executor
        self._registries = registries

    def within(self, namespace: Namespace | None) -> Needs:
        """The same for the sessions of a zone that has a part of the upstream: the names that they say are virtual."""
        if namespace is None:
            return self
        return Needs(_Within(self._control, namespace), self._executor, self._registries)

    def at_once(self, needs: Sequence[Need]) -> bool:
        """Fulfil all of ``needs`` if that needs no waiting; otherwise nothing is done and the answer is False."""
        size = 0
        for need in needs:
            if not isinstance(need, Work):
                return False
            size += need.size
        if size >= INLINE:
            return False
        for need in needs:
            assert isinstance(need, Work)
            run(need.jobs)
        return True

    async def fulfil(self, needs: Sequence[Need]) -> None:
        """Fulfil all of ``needs``, in order. What a job raises is raised here."""
        loop = asyncio.get_running_loop()
        for need in needs:
            match need:
                case LookUp(ids, names, every, sizes):
                    await self._control.look_up(ids, names, every=every, sizes=sizes)
                case Schemas() if self._registries is not None:
                    await self._registries.look_up(need)
                case Work(jobs, size) if size < INLINE:
                    run(jobs)
                case Work(jobs):
                    left = iter(jobs)
                    while await loop.run_in_executor(self._executor, run_for_a_while, left):
                        pass  # whoever else waits for a thread comes first


def run_for_a_while(jobs: Iterator[Callable[[], None]]) -> bool:
    """Run ``jobs`` in order until TURN is over; whether there may be more of them.

    A request may hold thousands of batches, each of which takes a second: others are not to wait for all of them.
    """
    end = monotonic() + TURN
    for job in jobs:
        job()
        if monotonic() >= end:
            return True
    return False


def run(jobs: Sequence[Callable[[], None]]) -> None:
    """Run ``jobs`` in order."""
    for job in jobs:
        job()
