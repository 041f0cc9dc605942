from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.identity.sasl.kit import (
    CLAIMS,
    EC,
    ISSUER,
    KEY_SET,
    NOW,
    OTHER_RSA,
    PROVIDER,
    RSA,
    encoded,
    signed,
)
from zoneproxy.identity.sasl.providers import Provider
from zoneproxy.identity.sasl.shapes import Refused
from zoneproxy.identity.sasl.signing_keys import parse_keys
from zoneproxy.identity.sasl.tokens import MAX_TOKEN, Token, key_for, read_token, verify

KEYS = parse_keys(KEY_SET)
TWO_ALGORITHMS = b'{"alg": "RS256", "alg": "none"}'
TWO_SUBJECTS = json.dumps(CLAIMS)[:-1].encode() + b', "sub": "bob"}'


def believed(compact: str, provider: Provider = PROVIDER, now: float = NOW) -> tuple[Any, float]:
    token = read_token(compact)
    key = key_for(token, provider, KEYS)
    if key is None:
        raise Refused("unknown_key")
    return verify(token, key, provider, now)


def refusal(compact: str, provider: Provider = PROVIDER, now: float = NOW) -> str:
    with pytest.raises(Refused) as caught:
        believed(compact, provider, now)
    return caught.value.reason


def with_claims(**claims: Any) -> str:
    return signed({name: value for name, value in (CLAIMS | claims).items() if value is not None})


def test_a_good_token() -> None:
    assert believed(signed()) == (CLAIMS, NOW + 600)
    assert believed(signed(header={"alg": "ES256", "kid": "ec"}, key=EC))[0] == CLAIMS
    assert believed(signed(header={"alg": "RS256"}))[0] == CLAIMS
    own = {"alg": "RS256", "kid": "rsa", "typ": "at+jwt", "x5t": "AAAA", "own": "x" * 1000}
    assert believed(signed(header=own))[0] == CLAIMS


def test_what_is_in_a_token_before_it_is_believed() -> None:
    compact = signed()
    assert read_token(compact) == Token(compact, "RS256", "rsa", ISSUER)


def test_without_keys_nobody_knows() -> None:
    assert key_for(read_token(signed()), PROVIDER, None) is None


# --- headers -------------------------------------------------------------------------------------------------


def unsigned(header: dict[str, Any], payload: Any = CLAIMS) -> str:
    return f"{encoded(header)}.{encoded(payload)}."


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", "", "HS256", "RS384", "PS256", "dir", "RS256 "])
def test_which_algorithms_there_are_is_not_for_the_token_to_say(algorithm: str) -> None:
    assert refusal(unsigned({"alg": algorithm, "kid": "rsa"})) == "algorithm"


def test_the_public_key_is_no_shared_secret() -> None:
    import hashlib
    import hmac

    body = f"{encoded({'alg': 'HS256', 'kid': 'rsa'})}.{encoded(CLAIMS)}"
    signature = hmac.digest(RSA.as_pem(private=False), body.encode(), hashlib.sha256)
    assert refusal(f"{body}.{encoded(signature)}") == "algorithm"


@pytest.mark.parametrize(
    "more",
    [
        {"jku": "https://evil.example.com/keys"},
        {"x5u": "https://evil.example.com/cert"},
        {"jwk": dict(OTHER_RSA.as_dict(private=False))},
        {"x5c": ["AAAA"]},
        {"crit": ["b64"], "b64": False},
        {"kid": 7},
        {"kid": "x" * 257},
    ],
)
def test_a_header_says_nothing_of_where_keys_are(more: dict[str, Any]) -> None:
    assert refusal(signed(header={"alg": "RS256", "kid": "rsa"} | more)) == "token_header"


@pytest.mark.parametrize("key_id", ["../../x", "other", "file:///etc/passwd"])
def test_a_key_id_is_a_name_in_the_key_set(key_id: str) -> None:
    assert refusal(signed(header={"alg": "RS256", "kid": key_id})) == "unknown_key"


@pytest.mark.parametrize(
    "compact",
    [
        "",
        "a.b",
        "a.b.c.d",
        "a.b.c.d.e",
        "%.%.%",
        f"{encoded(b'[]')}.{encoded(CLAIMS)}.",
        f"{encoded({'alg': 7})}.{encoded(CLAIMS)}.",
        f"{encoded({'alg': 'RS256'})}.{encoded(b'[]')}.",
        f"{encoded({'alg': 'RS256'})}.{encoded({'sub': 'no issuer'})}.",
        f"{encoded(TWO_ALGORITHMS)}.{encoded(CLAIMS)}.",
        f"{encoded({'alg': 'RS256'})}.{encoded(TWO_SUBJECTS)}.",
        "é.é.é",
        "a" * (MAX_TOKEN + 1),
    ],
)
def test_what_is_no_token(compact: str) -> None:
    assert refusal(compact) == "token"


# --- signatures ----------------------------------------------------------------------------------------------


def test_another_key_another_payload_another_signature() -> None:
    assert refusal(signed(key=OTHER_RSA)) == "signature"
    header, _, signature = signed().split(".")
    assert refusal(f"{header}.{encoded(CLAIMS | {'sub': 'root'})}.{signature}") == "signature"
    assert refusal(f"{header}.{encoded(CLAIMS)}.") == "signature"
    assert refusal(f"{header}.{encoded(CLAIMS)}.AAAA") == "signature"


# --- claims --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": ISSUER + "/"}, "issuer"),
        ({"aud": "other"}, "audience"),
        ({"aud": ["other", "kafka2"]}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": {"kafka": 1}}, "audience"),
        ({"exp": None}, "no_expiry"),
        ({"exp": "soon"}, "time"),
        ({"exp": True}, "time"),
        ({"exp": 1e300}, "time"),
        ({"exp": NOW - 30}, "expired"),
        ({"nbf": NOW + 31}, "not_yet"),
        ({"iat": NOW + 31}, "not_yet"),
        ({"iat": "now"}, "time"),
    ],
)
def test_tokens_for_others_and_other_times(claims: dict[str, Any], reason: str) -> None:
    assert refusal(with_claims(**claims)) == reason


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["other", "kafka"]},
        {"exp": NOW - 29},
        {"nbf": NOW + 30, "iat": NOW + 30},
        {"iat": None},
        {"exp": NOW + 0.5},
    ],
)
def test_clocks_may_differ_a_little(claims: dict[str, Any]) -> None:
    assert believed(with_claims(**claims))


@pytest.mark.parametrize(
    ("claims", "ok"),
    [
        ({"scope": "read write"}, True),
        ({"scope": ["read", "write more"]}, True),
        ({"scp": ["read", "write"]}, True),
        ({"scope": "read", "scp": "write"}, True),
        ({"scope": "read"}, False),
        ({"scope": "readwrite"}, False),
        ({}, False),
    ],
)
def test_all_scopes_must_be_there(claims: dict[str, Any], ok: bool) -> None:
    provider = replace(PROVIDER, required_scopes=frozenset({"read", "write"}))
    assert (
        (refusal(with_claims(**claims), provider) == "scope") if not ok else believed(with_claims(**claims), provider)
    )


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"acr": "gold", "amr": ["pwd", "mfa"]}, ""),
        ({"acr": "silver", "amr": ["mfa"]}, ""),
        ({"acr": "bronze", "amr": ["mfa"]}, "acr"),
        ({"amr": ["mfa"]}, "acr"),
        ({"acr": "gold", "amr": ["pwd"]}, "amr"),
        ({"acr": "gold"}, "amr"),
    ],
)
def test_how_strongly_somebody_has_authenticated(claims: dict[str, Any], reason: str) -> None:
    provider = replace(PROVIDER, acr=frozenset({"gold", "silver"}), amr=frozenset({"mfa"}))
    if reason:
        assert refusal(with_claims(**claims), provider) == reason
    else:
        assert believed(with_claims(**claims), provider)
