"""SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677), which prove both sides to each other.

Like Kafka, and unlike RFC 5802, names and passwords are taken as they are (UTF-8), not through SASLprep.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Callable
from functools import lru_cache
from hashlib import pbkdf2_hmac

from zoneproxy.identity.login.exchange import LoginFailed
from zoneproxy.identity.sasl.credentials import HASHES, MAX_ITERATIONS, MIN_ITERATIONS, digest

_FIRST = re.compile(r"r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/]+={0,2}),i=([1-9][0-9]{0,8})(?:,.*)?")
_FINAL = re.compile(r"v=([A-Za-z0-9+/]+={0,2})(?:,.*)?")
_NO_BINDING = "n,,"


def _nonce() -> str:
    return secrets.token_urlsafe(24)


@lru_cache(maxsize=64)
def _salted(hash_name: str, password: str, salt: bytes, iterations: int) -> bytes:
    """Takes milliseconds; a broker has the same salt for the same user each time."""
    return pbkdf2_hmac(hash_name, password.encode(), salt, iterations)


class ScramLogin:
    """Two tokens of ours, two of the broker's."""

    def __init__(self, mechanism: str, user: str, password: str, nonce: Callable[[], str] = _nonce) -> None:
        self._hash = HASHES[mechanism]
        self._password = password
        self._nonce = nonce()
        self._bare = f"n={user.replace('=', '=3D').replace(',', '=2C')},r={self._nonce}"
        self._signature = b""  # that the broker has to show

    def first(self) -> bytes:
        """See Exchange."""
        return (_NO_BINDING + self._bare).encode()

    def next(self, challenge: bytes) -> bytes | None:
        """See Exchange."""
        text = _text(challenge)
        if not self._signature:
            return self._final(text)
        found = _FINAL.fullmatch(text)
        if not found or not hmac.compare_digest(_decoded(found[1]), self._signature):
            raise LoginFailed("server_signature")
        return None

    def _final(self, server_first: str) -> bytes:
        found = _FIRST.fullmatch(server_first)
        if not found or not found[1].startswith(self._nonce) or found[1] == self._nonce:
            raise LoginFailed("challenge")
        nonce, salt, iterations = found[1], _decoded(found[2]), int(found[3])
        if not MIN_ITERATIONS <= iterations <= MAX_ITERATIONS:
            raise LoginFailed("iterations")
        without_proof = f"c={base64.b64encode(_NO_BINDING.encode()).decode()},r={nonce}"
        message = f"{self._bare},{server_first},{without_proof}".encode()
        salted = _salted(self._hash, self._password, salt, iterations)
        key = self._hmac(salted, b"Client Key")
        signature = self._hmac(digest(self._hash, key), message)
        self._signature = self._hmac(self._hmac(salted, b"Server Key"), message)
        proof = bytes(one ^ other for one, other in zip(key, signature, strict=True))
        return f"{without_proof},p={base64.b64encode(proof).decode()}".encode()

    def _hmac(self, key: bytes, message: bytes) -> bytes:
        return hmac.digest(key, message, self._hash)


def _text(token: bytes) -> str:
    try:
        return token.decode()
    except UnicodeDecodeError:
        raise LoginFailed("challenge") from None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise LoginFailed("challenge") from None
