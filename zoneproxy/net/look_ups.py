"""Topics that sessions wait to hear of: asked for together, and each one once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

MAX_WAITING = 10_000  # topics that wait to be asked for; more are not looked up
MAX_TOPIC_LENGTH = 249  # Kafka's: there is no topic with a longer name


@dataclass(slots=True, eq=False)
class Batch:
    """Topics that are asked for together. ``over`` is set when they were; ``answered`` if that brought an answer."""

    ids: set[bytes] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    every: bool = False  # all topics there are
    sizes: set[str] = field(default_factory=set)  # topics whose largest batch is asked for
    over: asyncio.Event = field(default_factory=asyncio.Event)
    answered: bool = False

    def __len__(self) -> int:
        return len(self.ids) + len(self.names) + len(self.sizes)


class LookUps:
    """Between those who want to know and the one who asks. ``wanted`` is set while something waits to be asked."""

    def __init__(self) -> None:
        self.wanted = asyncio.Event()
        self._next = Batch()
        self._asked = Batch()

    async def wait(
        self,
        ids: frozenset[bytes],
        names: frozenset[str],
        *,
        every: bool = False,
        sizes: frozenset[str] = frozenset(),
    ) -> None:
        """Until the upstream has answered what it knows of these topics, however often it must be asked.

        Returns at once if there is no such question, or no room for it.
        """
        names, sizes = _possible(names), _possible(sizes)
        while ids or names or every or sizes:
            batch = self._join(ids, names, every, sizes)
            if batch is None:
                return
            await batch.over.wait()
            if batch.answered:
                return

    def _join(self, ids: frozenset[bytes], names: frozenset[str], every: bool, sizes: frozenset[str]) -> Batch | None:
        asked = self._asked
        if ids <= asked.ids and names <= asked.names and every <= asked.every and sizes <= asked.sizes:
            return asked
        if len(self._next) + len(ids) + len(names) + len(sizes) > MAX_WAITING:
            return None
        self._next.ids |= ids
        self._next.names |= names
        self._next.every |= every
        self._next.sizes |= sizes
        self.wanted.set()
        return self._next

    def take(self) -> Batch:
        """What is to be asked now; ``finish`` it before the next one is taken."""
        self.wanted.clear()
        self._asked, self._next = self._next, Batch()
        return self._asked

    def finish(self, answered: bool) -> None:
        """The batch last taken is over."""
        self._asked.answered = answered
        self._asked.over.set()
        self._asked = Batch()


def _possible(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name for name in names if 0 < len(name) <= MAX_TOPIC_LENGTH)
