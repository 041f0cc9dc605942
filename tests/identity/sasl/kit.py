"""What the tests of mechanisms share: a driver for their steps, a SCRAM client, and who issues tokens."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from hashlib import new, pbkdf2_hmac
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey, RSAKey

from zoneproxy.identity.sasl.credentials import HASHES, Credentials, derive
from zoneproxy.identity.sasl.providers import Issuer, KeyCache, Provider
from zoneproxy.identity.sasl.shapes import Derive, Mechanism, Pause, Refused, Running, SaslNeed, Step, T
from zoneproxy.identity.sasl.signing_keys import parse_keys

NOW = 1_800_000_000.0
ISSUER = "https://login.example.com"
SALT = b"0123456789abcdef"
RIGHT = "-".join(("alice", "secret"))
WRONG = "-".join(("alice", "guess"))


def run(running: Running[T], fulfil: Callable[[SaslNeed], None] = lambda need: None) -> T:
    """The result of a step; passwords are derived on the way, anything else is for ``fulfil``."""
    try:
        while True:
            for need in next(running):
                if isinstance(need, Derive):
                    need.work()
                elif not isinstance(need, Pause):
                    fulfil(need)
    except StopIteration as stop:
        result: T = stop.value
        return result


def step(mechanism: Mechanism, token: bytes, now: float = NOW) -> Step:
    return run(mechanism.step(token, now))


def refusal(mechanism: Mechanism, token: bytes, now: float = NOW) -> Refused:
    with pytest.raises(Refused) as caught:
        step(mechanism, token, now)
    return caught.value


def credentials(**users: str) -> Credentials:
    """Of users with these passwords."""
    made = {name: {each: derive(password, each, SALT, 4096) for each in HASHES} for name, password in users.items()}
    return Credentials(made, b"s" * 32)


class ScramClient:
    """As RFC 5802 has it, written a second time."""

    def __init__(self, mechanism: str, user: str, password: str, nonce: str = "abc", header: str = "n,,") -> None:
        self._hash = HASHES[mechanism]
        self._password = password
        self.header = header
        self.bare = f"n={user},r={nonce}"

    def first(self) -> bytes:
        return (self.header + self.bare).encode()

    def final(self, server_first: bytes, nonce: str | None = None, binding: str | None = None) -> bytes:
        said = dict(part.split("=", 1) for part in server_first.decode().split(","))
        salted = pbkdf2_hmac(self._hash, self._password.encode(), base64.b64decode(said["s"]), int(said["i"]))
        client_key = hmac.digest(salted, b"Client Key", self._hash)
        stored_key = new(self._hash, client_key).digest()
        bound = base64.b64encode((self.header if binding is None else binding).encode()).decode()
        without_proof = f"c={bound},r={said['r'] if nonce is None else nonce}"
        message = f"{self.bare},{server_first.decode()},{without_proof}".encode()
        signature = hmac.digest(stored_key, message, self._hash)
        self.expected = hmac.digest(hmac.digest(salted, b"Server Key", self._hash), message, self._hash)
        proof = bytes(a ^ b for a, b in zip(client_key, signature, strict=True))
        return f"{without_proof},p={base64.b64encode(proof).decode()}".encode()


# --- tokens --------------------------------------------------------------------------------------------------

RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
OTHER_RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
KEY_SET = json.dumps({"keys": [RSA.as_dict(private=False), EC.as_dict(private=False)]}).encode()

PROVIDER = Provider("main", ISSUER, frozenset({"kafka"}), frozenset({"RS256", "ES256"}), groups_claim="groups")
CLAIMS: dict[str, Any] = {"iss": ISSUER, "aud": "kafka", "sub": "ann", "exp": NOW + 600, "iat": NOW - 5}


def encoded(value: object) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(payload: dict[str, Any] | bytes | None = None, header: dict[str, Any] | None = None, key: Any = RSA) -> str:
    """A token with the payload, CLAIMS if None."""
    said = header or {"alg": "RS256", "kid": "rsa"}
    payload = CLAIMS if payload is None else payload
    text = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    algorithm = said["alg"]
    if said.keys() <= {"alg", "kid"} and isinstance(said.get("kid", ""), str):
        return jws.serialize_compact(said, text, key, algorithms=[algorithm])
    body = f"{encoded(said)}.{encoded(text)}"
    return f"{body}.{encoded(signature_of(body.encode(), key))}"


def signature_of(data: bytes, key: RSAKey) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    return key.private_key.sign(data, PKCS1v15(), SHA256())


def issuer(provider: Provider = PROVIDER, keys: bytes = KEY_SET) -> Issuer:
    cache = KeyCache()
    if keys:
        cache.loaded(parse_keys(keys), NOW)
    return Issuer(provider, cache)


def bearer(token: str, authorisation: str = "") -> bytes:
    """A client's first message."""
    header = f"n,a={authorisation}," if authorisation else "n,,"
    return f"{header}\x01auth=Bearer {token}\x01\x01".encode()
