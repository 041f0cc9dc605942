"""PLAIN (RFC 4616)."""

from __future__ import annotations

from zoneproxy.identity.login.exchange import LoginFailed


class PlainLogin:
    """One token with user name and password."""

    def __init__(self, user: str, password: str) -> None:
        self._token = f"\0{user}\0{password}".encode()

    def first(self) -> bytes:
        """See Exchange."""
        return self._token

    def next(self, challenge: bytes) -> bytes | None:
        """See Exchange."""
        if challenge:
            raise LoginFailed("challenge")
        return None
