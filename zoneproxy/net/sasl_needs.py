"""Fulfils what authentication waits for: derived passwords, signing keys, and the time that a refusal takes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import TYPE_CHECKING

from zoneproxy.identity.sasl.shapes import Derive, FreshKeys, Pause, Running, SaslNeed, T

if TYPE_CHECKING:
    from zoneproxy.net.signing_keys import KeyKeeper

PAUSE_SECONDS = 0.1  # Kafka's connection.failed.authentication.delay.ms


class SaslNeeds:
    """For all connections. ``executor`` is not the one that records are scanned in: guessing must not slow that.

    Args:
        keepers: by the name of their provider.
    """

    def __init__(self, executor: Executor, keepers: Mapping[str, KeyKeeper], pause: float = PAUSE_SECONDS) -> None:
        self._executor = executor
        self._keepers = keepers
        self._pause = pause

    def at_once(self, needs: Sequence[SaslNeed]) -> bool:
        """Whether all of ``needs`` are fulfilled already: only if there are none."""
        return not needs

    async def fulfil(self, needs: Sequence[SaslNeed]) -> None:
        """Fulfil all of ``needs``, in order."""
        loop = asyncio.get_running_loop()
        for need in needs:
            match need:
                case Derive(work):
                    await loop.run_in_executor(self._executor, work)
                case FreshKeys(provider):
                    await self._keepers[provider].fresh()
                case Pause():
                    await asyncio.sleep(self._pause)

    async def run(self, running: Running[T]) -> T:
        """Run one step of an authentication to its end."""
        try:
            needs = next(running)
            while True:
                await self.fulfil(needs)
                needs = next(running)
        except StopIteration as stop:
            result: T = stop.value
            return result
