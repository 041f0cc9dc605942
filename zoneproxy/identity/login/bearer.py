"""OAUTHBEARER (RFC 7628, KIP-255): a token that somebody else has signed."""

from __future__ import annotations

import re

from zoneproxy.identity.login.exchange import LoginFailed

_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 6750, section 2.1


class BearerLogin:
    """One token; if the broker does not like it, it says why and wants one byte before it says so again."""

    def __init__(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise LoginFailed("token")
        self._token = token

    def first(self) -> bytes:
        """See Exchange."""
        return f"n,,\x01auth=Bearer {self._token}\x01\x01".encode()

    def next(self, challenge: bytes) -> bytes | None:
        """See Exchange."""
        return b"\x01" if challenge else None
