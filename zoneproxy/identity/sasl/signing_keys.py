"""A JSON Web Key Set (RFC 7517) → the keys that signatures are checked with. Hostile like all that comes in."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from zoneproxy.errors import ProtocolError
from zoneproxy.identity.sasl.strict_json import parse_object

MAX_BYTES = 256 * 1024
MAX_KEYS = 100
MIN_RSA_BITS = 2048  # RFC 7518, sections 3.3 and 3.5

_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
ALGORITHMS = (*_RSA, *_CURVES.values())
"""Signatures that a token may have. Never ``none``, and never HS*: its key would be the public one."""

Key = RSAKey | ECKey


class SigningKeys:
    """Public keys by id. Those that are for something else, or too weak, are not there."""

    __slots__ = ("_keys",)

    def __init__(self, keys: list[tuple[str | None, frozenset[str], Key]]) -> None:
        self._keys = keys

    def __len__(self) -> int:
        return len(self._keys)

    def find(self, key_id: str | None, algorithm: str) -> Key | None:
        """The key that a token names; without a name, the only one that could have made the signature."""
        fitting = [key for name, good_for, key in self._keys if algorithm in good_for and key_id in (None, name)]
        return fitting[0] if len(fitting) == 1 else None


def parse_keys(text: bytes) -> SigningKeys:
    """Read a key set. Raises ProtocolError (``signing_keys``) if that is none, or has no key that is of use."""
    document = parse_object(text) if len(text) <= MAX_BYTES else None
    entries = document.get("keys") if document else None
    if not isinstance(entries, list) or len(entries) > MAX_KEYS:
        raise ProtocolError("signing_keys")
    keys = [key for entry in entries if isinstance(entry, dict) and (key := _key(entry)) is not None]
    if not keys:
        raise ProtocolError("signing_keys")
    return SigningKeys(keys)


def _key(entry: Mapping[str, Any]) -> tuple[str | None, frozenset[str], Key] | None:
    if not _is_written_right(entry):
        return None
    good_for = _good_for(entry)
    if not good_for or entry.get("use", "sig") != "sig" or "verify" not in entry.get("key_ops", ["verify"]):
        return None
    name = entry.get("kid")
    key = _imported(entry)
    if key is None or not (name is None or isinstance(name, str)):
        return None
    return name, good_for, key


def _is_written_right(entry: Mapping[str, Any]) -> bool:
    """Whether what is looked at before the key itself is of the right kind: a strange entry is no key, and no fault."""
    texts = all(isinstance(entry.get(name), str | None) for name in ("kty", "crv", "alg", "use"))
    return texts and isinstance(entry.get("key_ops", []), list)


def _good_for(entry: Mapping[str, Any]) -> frozenset[str]:
    """The algorithms that this key may be used with."""
    kind = entry.get("kty")
    able: tuple[str, ...] = ()
    if kind == "RSA":
        able = _RSA
    elif kind == "EC" and entry.get("crv") in _CURVES:
        able = (_CURVES[entry["crv"]],)
    named = entry.get("alg")
    return frozenset(able) if named is None else frozenset(able) & {named}


def _imported(entry: Mapping[str, Any]) -> Key | None:
    """The public part of it."""
    public = {name: entry[name] for name in ("kty", "n", "e", "crv", "x", "y") if name in entry}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about weak keys: they are refused here
            key = import_key(public)
            size = key.public_key.key_size if isinstance(key, RSAKey) else MIN_RSA_BITS
    except (JoseError, ValueError, TypeError, KeyError, OverflowError):
        return None
    if not isinstance(key, RSAKey | ECKey) or size < MIN_RSA_BITS:
        return None
    return key
