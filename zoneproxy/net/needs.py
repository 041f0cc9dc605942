"""Fulfils what the chain waits for: look-ups at the upstream, and work that is too long for the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Protocol

from zoneproxy.boundary.interceptor import LookUp, Need, Work

# Looking through this much takes well under a millisecond; a thread costs a tenth of one, and the GIL.
INLINE = 64 * 1024


class LooksUp(Protocol):
    """The control connection, as sessions see it."""

    async def look_up(self, ids: frozenset[bytes], names: frozenset[str]) -> None:
        """Ask for topics; afterwards the cluster view knows what can be known. Bounded in time; never raises."""
        ...


class Needs:
    """For the sessions of one upstream. ``executor`` runs large work."""

    def __init__(self, control: LooksUp, executor: Executor) -> None:
        self._control = control
        self._executor = executor

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
                case LookUp(ids, names):
                    await self._control.look_up(ids, names)
                case Work(jobs, size) if size < INLINE:
                    run(jobs)
                case Work(jobs):
                    await loop.run_in_executor(self._executor, run, jobs)


def run(jobs: Sequence[Callable[[], None]]) -> None:
    """Run ``jobs`` in order."""
    for job in jobs:
        job()
