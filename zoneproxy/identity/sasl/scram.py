"""SCRAM-SHA-256 and SCRAM-SHA-512 (RFC 5802, RFC 7677), the server's side.

A wrong password and an unknown user take the same way to the same end: the challenge is a decoy's, the proof is
checked against it, and the answer is the same.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable

from zoneproxy.identity.sasl.credentials import HASHES, Credentials, Verifier, digest
from zoneproxy.identity.sasl.scram_messages import ClientFinal, ClientFirst, client_final, client_first
from zoneproxy.identity.sasl.shapes import Challenge, Proven, Refused, Running, Step
from zoneproxy.policy.model import SaslFacts

MAX_NONCE = 256  # characters of the client's part; those of known clients have 43 at most


class Scram:
    """One exchange: client-first, server-first, client-final, server-final.

    Args:
        mechanism: one of ``HASHES``.
        nonce: makes the server's part of the nonce, new each time.
    """

    def __init__(self, mechanism: str, credentials: Credentials, nonce: Callable[[], str]) -> None:
        self._mechanism = mechanism
        self._hash = HASHES[mechanism]
        self._credentials = credentials
        self._new_nonce = nonce
        self._first: ClientFirst | None = None
        self._server_first = ""
        self._nonce = ""
        self._verifier: tuple[Verifier, bool] | None = None

    def step(self, token: bytes, now: float) -> Running[Step]:
        """See Mechanism. Needs nothing: the slow part is the client's."""
        yield from ()
        if self._first is None:
            return self._begin(client_first(token))
        return self._finish(self._first, client_final(token))

    def _begin(self, first: ClientFirst) -> Challenge:
        if len(first.nonce) > MAX_NONCE:
            raise Refused("malformed")
        if first.authorisation not in ("", first.user):
            text = "Authentication failed: Client requested an authorization id that is different from username"
            raise Refused("authorization_id", text)
        self._first = first
        self._verifier = self._credentials.verifier(first.user, self._mechanism)
        verifier = self._verifier[0]
        self._nonce = first.nonce + self._new_nonce()
        self._server_first = f"r={self._nonce},s={_encoded(verifier.salt)},i={verifier.iterations}"
        return Challenge(self._server_first.encode())

    def _finish(self, first: ClientFirst, final: ClientFinal) -> Proven:
        assert self._verifier is not None
        verifier, there = self._verifier
        if not hmac.compare_digest(final.nonce.encode(), self._nonce.encode()):
            raise Refused("nonce")
        if final.binding != first.header.encode():
            raise Refused("channel_binding")
        said = f"{first.bare},{self._server_first},{final.without_proof}".encode()
        fits = self._proves(final.proof, verifier, said)
        if not (fits and there):
            raise Refused("password" if there else "unknown_user")
        signature = hmac.digest(verifier.server_key, said, self._hash)
        return Proven(SaslFacts(self._mechanism, first.user), f"v={_encoded(signature)}".encode())

    def _proves(self, proof: bytes, verifier: Verifier, said: bytes) -> bool:
        """StoredKey must be H(ClientProof XOR ClientSignature)."""
        signature = hmac.digest(verifier.stored_key, said, self._hash)
        if len(proof) != len(signature):
            return False
        client_key = bytes(a ^ b for a, b in zip(proof, signature, strict=True))
        return hmac.compare_digest(digest(self._hash, client_key), verifier.stored_key)


def _encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
