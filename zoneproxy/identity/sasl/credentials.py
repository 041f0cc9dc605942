"""Passwords as salted verifiers (RFC 5802, section 3): they let us check a password, and nobody log in with them.

Whoever asks for a user that is not there gets a decoy: a verifier that no password fits, always the same one for the
same name, so that neither answers nor the work for them tell who exists.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import new, pbkdf2_hmac

HASHES = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-512": "sha512"}
"""Mechanism → the name of its hash function."""

MIN_ITERATIONS = 4096  # RFC 7677, section 4
MAX_ITERATIONS = 1_000_000  # of PBKDF2: half a second
DEFAULT_ITERATIONS = 10_000
SALT_BYTES = 32


@dataclass(frozen=True, slots=True)
class Verifier:
    """Of one user and one mechanism."""

    salt: bytes = field(repr=False)
    stored_key: bytes = field(repr=False)
    server_key: bytes = field(repr=False)
    iterations: int


@dataclass(frozen=True, slots=True)
class Decoy:
    """Makes up verifiers: from a secret of the file, so that all replicas make up the same ones."""

    secret: bytes = field(repr=False)
    iterations: int

    def verifier(self, user: str, mechanism: str) -> Verifier:
        """Of a user that is not there."""
        hash_name = HASHES[mechanism]

        def made_up(what: str) -> bytes:
            return hmac.digest(self.secret, f"{what} {mechanism} {user}".encode(), hash_name)

        return Verifier(made_up("salt")[:SALT_BYTES], made_up("stored"), made_up("server"), self.iterations)


class Credentials:
    """All users: name → mechanism → verifier. Immutable."""

    __slots__ = ("_decoy", "_users")

    def __init__(self, users: Mapping[str, Mapping[str, Verifier]], secret: bytes) -> None:
        self._users = {name: dict(verifiers) for name, verifiers in users.items()}
        self._decoy = Decoy(secret, self._usual_iterations())

    def __len__(self) -> int:
        return len(self._users)

    def verifier(self, user: str, mechanism: str) -> tuple[Verifier, bool]:
        """The user's verifier for a SCRAM mechanism and True, or a decoy and False; at the same cost."""
        decoy = self._decoy.verifier(user, mechanism)
        known = self._users.get(user, {}).get(mechanism)
        return (decoy, False) if known is None else (known, True)

    def for_password(self, user: str) -> tuple[str, Verifier, bool]:
        """(mechanism, verifier, whether the user is there): what a password itself can be checked against."""
        mechanism = next((each for each in ("SCRAM-SHA-512", "SCRAM-SHA-256") if each in self._users.get(user, {})), "")
        mechanism = mechanism or "SCRAM-SHA-512"
        return mechanism, *self.verifier(user, mechanism)

    def _usual_iterations(self) -> int:
        """What most verifiers have: a decoy must not stand out."""
        counted = Counter(each.iterations for verifiers in self._users.values() for each in verifiers.values())
        return max(counted, key=lambda number: (counted[number], number)) if counted else DEFAULT_ITERATIONS


def derive(password: str, mechanism: str, salt: bytes, iterations: int) -> Verifier:
    """The verifier of a password; takes milliseconds, in proportion to ``iterations``.

    Like Kafka, and unlike RFC 5802, passwords are taken as they are (UTF-8), not through SASLprep.
    """
    hash_name = HASHES[mechanism]
    salted = pbkdf2_hmac(hash_name, password.encode(), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", hash_name)
    return Verifier(salt, digest(hash_name, client_key), hmac.digest(salted, b"Server Key", hash_name), iterations)


def digest(hash_name: str, data: bytes) -> bytes:
    """The plain hash, H() of RFC 5802."""
    return new(hash_name, data, usedforsecurity=True).digest()
