from __future__ import annotations

import json
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.identity.sasl.kit import EC, KEY_SET, RSA
from zoneproxy.errors import ProtocolError
from zoneproxy.identity.sasl.signing_keys import MAX_KEYS, parse_keys

PUBLIC: dict[str, Any] = dict(RSA.as_dict(private=False))


def key_set(*keys: object) -> bytes:
    return json.dumps({"keys": keys}).encode()


def test_keys_are_found_by_id_and_algorithm() -> None:
    keys = parse_keys(KEY_SET)
    assert len(keys) == 2
    rsa, ec = keys.find("rsa", "RS256"), keys.find("ec", "ES256")
    assert rsa is not None
    assert ec is not None
    assert (rsa.as_dict(private=False)["n"], ec.as_dict(private=False)["x"]) == (PUBLIC["n"], EC.as_dict()["x"])
    assert keys.find("rsa", "PS512") is not None
    assert keys.find("rsa", "ES256") is None
    assert keys.find("ec", "ES384") is None
    assert keys.find("../../x", "RS256") is None


def test_without_an_id_only_one_key_may_fit() -> None:
    assert parse_keys(KEY_SET).find(None, "RS256") is not None
    two = key_set(PUBLIC, {**PUBLIC, "kid": "other"})
    assert parse_keys(two).find(None, "RS256") is None
    assert parse_keys(two).find("other", "RS256") is not None


def test_a_key_that_says_what_it_is_for_is_for_nothing_else() -> None:
    keys = parse_keys(key_set({**PUBLIC, "alg": "PS256", "use": "sig", "key_ops": ["verify"]}))
    assert keys.find("rsa", "PS256") is not None
    assert keys.find("rsa", "RS256") is None


@pytest.mark.parametrize(
    "entry",
    [
        {**PUBLIC, "use": "enc"},
        {**PUBLIC, "key_ops": ["encrypt"]},
        {**PUBLIC, "alg": "HS256"},
        {**PUBLIC, "kid": 7},
        {**PUBLIC, "alg": ["RS256"]},
        {**PUBLIC, "key_ops": None},
        {"kty": "EC", "crv": {}, "x": "AA", "y": "AA"},
        {**PUBLIC, "n": 7},
        {**PUBLIC, "n": "%"},
        {"kty": "RSA"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {**ECKey.generate_key("secp256k1").as_dict(private=False)},
        OctKey.generate_key(256).as_dict(),
        "no key",
    ],
)
def test_what_is_no_key_for_signatures(entry: object) -> None:
    assert len(parse_keys(key_set(entry, PUBLIC))) == 1
    with pytest.raises(ProtocolError, match="signing_keys"):
        parse_keys(key_set(entry))


@pytest.mark.filterwarnings("ignore")
def test_weak_keys_are_none() -> None:
    with pytest.raises(ProtocolError):
        parse_keys(key_set(RSAKey.generate_key(1024).as_dict(private=False)))


def test_a_private_key_is_taken_for_its_public_part() -> None:
    found = parse_keys(key_set(RSA.as_dict(private=True))).find("rsa", "RS256")
    assert found is not None
    assert not found.is_private


@pytest.mark.parametrize(
    "text", [b"", b"{}", b'{"keys": {}}', b'{"keys": []}', b"[]", key_set(*[PUBLIC] * (MAX_KEYS + 1)), b" " * 300_000]
)
def test_what_is_no_key_set(text: bytes) -> None:
    with pytest.raises(ProtocolError, match="signing_keys"):
        parse_keys(text)
