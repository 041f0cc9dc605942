"""When a session has lasted too long for what it does. Looked at now and then; no timer for each connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneproxy.net.link import Link
    from zoneproxy.net.worker import Bounds


class Deadlines:
    """Of one session. Times are seconds from any one clock; a deadline is met within one interval of looking."""

    __slots__ = ("_active", "_bounds", "_opened", "_since", "_unsent", "closing", "first", "touched")

    def __init__(self, bounds: Bounds, now: float) -> None:
        self._bounds = bounds
        self._opened = now
        self._active = now
        self._since = now
        self._unsent = 0
        self.touched = False  # bytes have come, from either side, since the last look
        self.first = True  # no whole request has come yet
        self.closing = False

    def close(self, now: float) -> None:
        """From now on only what waits to be written is of interest."""
        self.closing = True
        self._since = now

    def overdue(self, now: float, client: Link, upstream: Link | None) -> str | None:
        """A fixed word for what took too long, None if nothing did."""
        if self.closing:
            return "close" if now - self._since > self._bounds.close else None
        if self.touched:
            self.touched = False
            self._active = now
        if self.first and client.reader.partial and now - self._opened > self._bounds.handshake:
            return "slow"
        if self._stalled(now, client, upstream):
            return "stalled"
        return "idle" if now - self._active > self._bounds.idle else None

    def _stalled(self, now: float, client: Link, upstream: Link | None) -> bool:
        """Whether a side that has much to take has taken nothing for too long."""
        full = [link.unsent for link in (client, upstream) if link is not None and not link.writable]
        unsent = sum(full)
        if unsent != self._unsent or not full:
            self._unsent = unsent
            self._since = now
        return bool(full) and now - self._since > self._bounds.stall
