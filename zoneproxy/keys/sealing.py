"""Sealed copies: encrypted with a public key, so that whoever writes them cannot read them again.

HPKE (RFC 9180), base mode: X25519, HKDF-SHA256, AES-256-GCM; each copy has an ephemeral key of its own. A sealed copy
says how long it is, so that several in one file, white space between them or not, can be told apart:

    "ZPQ1"  length (4 bytes, big-endian)  encapsulated key (32 bytes)  ciphertext and tag

What is sealed is a JSON object that says why (length in 4 bytes, then UTF-8), and then the records, a batch of Kafka's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from string import whitespace
from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from zoneproxy.errors import InvalidConfiguration, Problem

MARK = b"ZPQ1"
MAX_FILE = 64 * 1024

_INFO = b"zoneproxy quarantine 1"
_LENGTH = Struct(">I")
_SPACES = whitespace.encode()
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_MAKE_ONE = "make one: openssl genpkey -algorithm X25519 -out quarantine.key; openssl pkey -in quarantine.key -pubout"


class NotSealed(Exception):
    """These bytes are no sealed copy, or not one for this key."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in a sealed copy."""

    why: Mapping[str, object]
    batch: bytes


class Seal:
    """A public key. ``id`` names it: 16 hexadecimal digits of its SHA-256."""

    def __init__(self, public_key: X25519PublicKey) -> None:
        self._key = public_key
        self.id = key_id(public_key)

    def close(self, why: Mapping[str, object], batch: bytes) -> bytes:
        """A sealed copy of ``batch``; ``why`` is sealed with it and must be fit for JSON."""
        text = json.dumps(why, separators=(",", ":")).encode()
        sealed = _SUITE.encrypt(_LENGTH.pack(len(text)) + text + batch, self._key, _INFO)
        return MARK + _LENGTH.pack(len(sealed)) + sealed


def key_id(key: X25519PublicKey) -> str:
    """What a key is called in the headers of what was sealed with it."""
    return sha256(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


def sealed_in(data: bytes) -> Iterator[bytes]:
    """The sealed copies in ``data``, white space between them. Raises NotSealed where something else is."""
    at = 0
    while at < len(data):
        if data[at] in _SPACES:
            at += 1
            continue
        start = at + len(MARK) + _LENGTH.size
        if not data.startswith(MARK, at) or len(data) < start:
            raise NotSealed
        at = start + _LENGTH.unpack_from(data, at + len(MARK))[0]
        if at > len(data):
            raise NotSealed
        yield data[start:at]


def open_sealed(sealed: bytes, key: X25519PrivateKey) -> Opened:
    """What is in one of ``sealed_in``. Raises NotSealed: it was changed, or sealed for another key."""
    try:
        plain = _SUITE.decrypt(sealed, key, _INFO)
    except (InvalidTag, ValueError):
        raise NotSealed from None
    start = _LENGTH.size
    if len(plain) < start:
        raise NotSealed
    end = start + _LENGTH.unpack_from(plain)[0]
    try:
        why = json.loads(plain[start:end])
    except ValueError:
        raise NotSealed from None
    if end > len(plain) or not isinstance(why, dict):
        raise NotSealed
    return Opened(why, plain[end:])


def load_seal(name: str, file: Path) -> Seal:
    """The public key in a PEM file. ``name`` is whose it is, for problems. Raises InvalidConfiguration."""
    text = _read(name, file)
    if b"PRIVATE KEY" in text:
        hint = "give the proxy the public one only, and keep this one where no reader of the topic is"
        raise InvalidConfiguration([Problem(str(file), 0, 0, f"{name}: that is a private key", hint)])
    try:
        key = load_pem_public_key(text)
    except ValueError:
        key = None
    if not isinstance(key, X25519PublicKey):
        raise InvalidConfiguration([Problem(str(file), 0, 0, f"{name}: not a public X25519 key in PEM", _MAKE_ONE)])
    return Seal(key)


def load_opener(file: Path) -> X25519PrivateKey:
    """The private key in a PEM file. Raises InvalidConfiguration."""
    try:
        key = load_pem_private_key(_read("private key", file), password=None)
    except (ValueError, TypeError):  # TypeError: it needs a password
        key = None
    if not isinstance(key, X25519PrivateKey):
        raise InvalidConfiguration(
            [Problem(str(file), 0, 0, "not a private X25519 key in PEM, unencrypted", _MAKE_ONE)]
        )
    return key


def _read(name: str, file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_FILE)
    except OSError as error:
        raise InvalidConfiguration([Problem(str(file), 0, 0, f"{name}: cannot be read: {error.strerror}")]) from None
