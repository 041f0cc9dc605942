"""What an event loop waits for: the work, rather than the time, that the records of one request may take at once.

Most take none to speak of. But some bytes that hold nothing at all make stage 1 stop at every tenth of them, and what
is full of findings takes ten microseconds a byte: that is put off to where nobody waits.
"""

from __future__ import annotations

from typing import Final

from zoneproxy.detect.stage_one import Later as Later
from zoneproxy.detect.stage_one import Stops

MOST_STOPS: Final = 200
"""Of stage 1: records of events make it stop once in three KiB."""

MOST_BYTES: Final = 8 * 1024
"""Of suspects; LEAST is what any of them counts for, as looking at a short one takes as long, and A_BATCH any batch."""

LEAST: Final = 128
A_BATCH: Final = 64


class Patience:
    """That with one request, all its batches together. Its methods raise ``Later`` when it is over."""

    __slots__ = ("_bytes", "stops")

    def __init__(self) -> None:
        self.stops = Stops(MOST_STOPS)
        self._bytes = MOST_BYTES

    def with_batch(self) -> None:
        """One more is looked through."""
        self._take(A_BATCH)

    def with_suspect(self, size: int) -> None:
        """One more record, of so many bytes, is looked at closely."""
        self._take(max(LEAST, size))

    def _take(self, count: int) -> None:
        self._bytes -= count
        if self._bytes < 0:
            raise Later
