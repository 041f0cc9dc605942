"""The one shape of all mechanisms, as a client sees them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class LoginFailed(Exception):
    """The broker did not prove itself, or there is nothing to log in with. ``reason`` is a fixed word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Exchange(Protocol):
    """One login over one connection."""

    def first(self) -> bytes:
        """The first token. Raises LoginFailed."""
        ...

    def next(self, challenge: bytes) -> bytes | None:
        """The token that answers the broker's; None if it is over, and the broker is who it should be.

        Raises LoginFailed.
        """
        ...


Begin = Callable[[str, float], Exchange]
"""Begins a login: at a broker's host name, at a time in seconds since the epoch.

It reads secrets and may wait for a token, and some exchanges hash for milliseconds: not for the event loop. Raises
LoginFailed.
"""
