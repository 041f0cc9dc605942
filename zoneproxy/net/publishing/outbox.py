"""What waits to be written to a topic: bounded, in order, and nothing leaves before it is written."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from zoneproxy.wire.record import Header

OVERHEAD = 200  # bytes that a record takes here besides its own


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record to be written. ``timestamp`` is in milliseconds since the epoch.

    ``seal`` makes of ``value`` what is written, off the event loop: it may take as long as it likes.
    """

    value: bytes = field(repr=False)
    timestamp: int
    headers: tuple[Header, ...] = ()
    seal: Callable[[bytes], bytes] | None = None

    @property
    def size(self) -> int:
        """Bytes that it takes while it waits."""
        named = sum(len(name) + len(value or b"") for name, value in self.headers)
        return OVERHEAD + len(self.value) + named


class Outbox:
    """A queue that says no when it is full: whoever puts something in cannot wait."""

    def __init__(self, max_records: int, max_bytes: int) -> None:
        self._max_records = max_records
        self._max_bytes = max_bytes
        self._waiting: deque[Outgoing] = deque()
        self._filled = asyncio.Event()
        self._emptied = asyncio.Event()
        self._emptied.set()
        self.bytes = 0  # that wait

    def __len__(self) -> int:
        return len(self._waiting)

    def has_room(self, size: int) -> bool:
        """Whether a record that takes ``size`` bytes could be put in now."""
        return len(self._waiting) < self._max_records and self.bytes + size <= self._max_bytes

    def put(self, record: Outgoing) -> bool:
        """Take a record; False if there is no room."""
        if not self.has_room(record.size):
            return False
        self._waiting.append(record)
        self.bytes += record.size
        self._filled.set()
        self._emptied.clear()
        return True

    def next(self, max_records: int, max_bytes: int) -> Sequence[Outgoing]:
        """The first ones, together at most so many bytes, but at least one if there is any. They stay here."""
        size = 0
        chosen: list[Outgoing] = []
        for record in islice(self._waiting, max_records):
            size += record.size
            if chosen and size > max_bytes:
                break
            chosen.append(record)
        return chosen

    def remove(self, count: int) -> None:
        """The first ``count`` are written, or given up."""
        for _ in range(count):
            self.bytes -= self._waiting.popleft().size
        if not self._waiting:
            self._filled.clear()
            self._emptied.set()

    async def filled(self) -> None:
        """Wait until there is something."""
        await self._filled.wait()

    async def emptied(self) -> None:
        """Wait until there is nothing left."""
        await self._emptied.wait()
