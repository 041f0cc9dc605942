from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from zoneproxy.config.authentication import ListenerSasl, OauthProvider, SigningKeysConfig

JWKS = {"url": "https://login.example.com/keys"}
PROVIDER: dict[str, Any] = {"issuer": "https://login.example.com", "audience": ["kafka"], "jwks": JWKS}


def test_defaults() -> None:
    provider = OauthProvider(**PROVIDER)
    assert (provider.algorithms, provider.principal_claim, provider.clock_skew_seconds) == (("RS256",), "sub", 30)
    assert (provider.jwks.refresh_seconds, provider.jwks.min_interval_seconds) == (300, 30)


def test_mechanisms_with_passwords() -> None:
    assert ListenerSasl(mechanisms=("OAUTHBEARER", "PLAIN")).takes_passwords
    assert not ListenerSasl(mechanisms=("OAUTHBEARER",), oauth=("a",), max_session_seconds=60).takes_passwords


@pytest.mark.parametrize(
    ("sasl", "text"),
    [
        ({"mechanisms": []}, "at least 1"),
        ({"mechanisms": ["PLAIN", "PLAIN"]}, "listed twice"),
        ({"mechanisms": ["GSSAPI"]}, "SCRAM-SHA-512"),
        ({"mechanisms": ["PLAIN"], "oauth": ["a"]}, "only with the mechanism OAUTHBEARER"),
        ({"mechanisms": ["PLAIN"], "max_session_seconds": 59}, "60"),
    ],
)
def test_sasl_makes_sense(sasl: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        ListenerSasl(**sasl)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"issuer": "login.example.com"}, "not the URL of an issuer"),
        ({"audience": []}, "at least 1"),
        ({"algorithms": ["none"]}, "RS256"),
        ({"algorithms": ["HS256"]}, "RS256"),
        ({"algorithms": []}, "at least 1"),
        ({"clock_skew_seconds": 301}, "300"),
    ],
)
def test_providers_make_sense(change: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        OauthProvider(**PROVIDER | change)


@pytest.mark.parametrize("part", ["issuer", "audience", "jwks"])
def test_nothing_that_keeps_others_out_may_be_left_out(part: str) -> None:
    with pytest.raises(ValidationError):
        OauthProvider(**{name: value for name, value in PROVIDER.items() if name != part})


@pytest.mark.parametrize(
    ("jwks", "text"),
    [
        ({}, "exactly one of `url` and `file`"),
        ({**JWKS, "file": "keys.json"}, "exactly one of `url` and `file`"),
        ({"url": "http://login.example.com/keys"}, "not an https URL"),
        ({"url": "file:///etc/passwd"}, "not an https URL"),
        ({"url": "https://login.example.com/ keys"}, "not an https URL"),
        ({"file": "keys.json", "ca": "ca.pem"}, "only with `url`"),
        ({**JWKS, "min_interval_seconds": 1}, "5"),
    ],
)
def test_keys_come_from_one_safe_place(jwks: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError, match=text):
        SigningKeysConfig(**jwks)
