"""PLAIN (RFC 4616): the password itself, checked against the verifiers that SCRAM uses."""

from __future__ import annotations

import hmac

from zoneproxy.identity.sasl.credentials import Credentials, Verifier, derive
from zoneproxy.identity.sasl.shapes import Derive, Proven, Refused, Running, Step
from zoneproxy.policy.model import SaslFacts

MAX_PASSWORD = 4096  # bytes; hashing more only costs time

WRONG = "Authentication failed: Invalid username or password"  # Kafka's words, for unknown users as well


class Plain:
    """One exchange: a single token ``authzid NUL authcid NUL password``."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    def step(self, token: bytes, now: float) -> Running[Step]:
        """See Mechanism."""
        user, password = _parse(token)
        mechanism, verifier, there = self._credentials.for_password(user)
        derived: list[Verifier] = []
        yield [Derive(lambda: derived.append(derive(password, mechanism, verifier.salt, verifier.iterations)))]
        fits = hmac.compare_digest(derived[0].stored_key, verifier.stored_key)
        if not (fits and there):
            raise Refused("password" if there else "unknown_user", WRONG)
        return Proven(SaslFacts("PLAIN", user))


def _parse(token: bytes) -> tuple[str, str]:
    """User name and password. Raises Refused with what Kafka says."""
    try:
        parts = token.decode().split("\0")
    except UnicodeDecodeError:
        raise Refused("malformed") from None
    if len(parts) != 3:
        raise Refused("malformed", f"Invalid SASL/PLAIN response: expected 3 tokens, got {len(parts)}")
    authorisation, user, password = parts
    if not user:
        raise Refused("malformed", "Authentication failed: username not specified")
    if not password:
        raise Refused("malformed", "Authentication failed: password not specified")
    if len(password.encode()) > MAX_PASSWORD:
        raise Refused("malformed")
    if authorisation not in ("", user):
        text = "Authentication failed: Client requested an authorization id that is different from username"
        raise Refused("authorization_id", text)
    return user, password
