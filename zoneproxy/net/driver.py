"""Runs the chain's generators: at once where nothing must be waited for, otherwise in a task of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Sequence
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")
Run = Generator[Sequence[Any], None, T]


class Fulfils(Protocol):
    """What a generator yields is for whoever runs it to fulfil: ``Needs``, ``SaslNeeds``."""

    def at_once(self, needs: Sequence[Any]) -> bool:
        """Fulfil all of ``needs`` if that needs no waiting; otherwise nothing is done and the answer is False."""
        ...

    async def fulfil(self, needs: Sequence[Any]) -> None:
        """Fulfil all of ``needs``, in order."""
        ...


class Driver(Generic[T]):
    """At most one generator at a time, for one direction of one session.

    Args:
        wake: called when a result that had to be waited for can be taken.
    """

    __slots__ = ("_needs", "_task", "_wake", "busy")

    def __init__(self, needs: Fulfils, wake: Callable[[], None]) -> None:
        self._needs = needs
        self._wake = wake
        self._task: asyncio.Task[T] | None = None
        self.busy = False  # a generator waits, or its result does

    @property
    def finished(self) -> bool:
        """Whether the result of what had to wait can be taken."""
        return self._task is not None and self._task.done()

    def start(self, run: Run[T]) -> tuple[T] | None:
        """The generator's result, or None if it has to be waited for. Raises what the generator raises."""
        try:
            needs = next(run)
            while self._needs.at_once(needs):
                needs = next(run)
        except StopIteration as stop:
            return (stop.value,)
        self._task = asyncio.get_running_loop().create_task(self._rest(run, needs))
        self._task.add_done_callback(self._done)
        self.busy = True
        return None

    def take(self) -> T:
        """The result of what had to wait. Raises what the generator raised."""
        assert self._task is not None
        task, self._task = self._task, None
        self.busy = False
        return task.result()

    def cancel(self) -> None:
        """Give up what waits, for good."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.busy = False

    async def _rest(self, run: Run[T], needs: Sequence[Any]) -> T:
        while True:
            await self._needs.fulfil(needs)
            try:
                needs = next(run)
            except StopIteration as stop:
                result: T = stop.value
                return result

    def _done(self, task: asyncio.Task[T]) -> None:
        if not task.cancelled():
            task.exception()  # seen: whoever takes the result raises it, and after a close nobody does
            self._wake()
