from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from zoneproxy.config.upstreams import (
    LOGIN_IN_THE_CLEAR,
    UPSTREAM_IN_THE_CLEAR,
    TokenEndpoint,
    UpstreamConfig,
    UpstreamSasl,
    UpstreamTls,
    ZoneCredential,
)

PLAIN = {"mechanism": "PLAIN", "username": "u", "password_file": "p"}
SCRAM = {"mechanism": "SCRAM-SHA-512", "username": "u", "password_file": "p"}
ENDPOINT = {"url": "https://idp.example.com/token", "client_id": "c", "client_secret_file": "s"}
KAFKA: dict[str, Any] = {"bootstrap": ["k:1"], "tls": {"ca": "ca"}}


def in_the_clear(accept: str, **more: Any) -> UpstreamConfig:
    return UpstreamConfig.model_validate({"bootstrap": ["k:1"], "plaintext": {"accept": accept}, **more})


def test_no_encryption_only_when_it_is_said_in_words() -> None:
    assert in_the_clear(UPSTREAM_IN_THE_CLEAR).plaintext is not None
    with pytest.raises(ValidationError):
        in_the_clear("true")


@pytest.mark.parametrize(
    "wrong",
    [
        {"bootstrap": ["k:1"]},
        {"bootstrap": [], "tls": {"ca": "x"}},
        {"bootstrap": ["k:1"], "tls": {"ca": "x"}, "plaintext": {"accept": UPSTREAM_IN_THE_CLEAR}},
        {"bootstrap": ["k:1"], "tls": {"ca": "x", "verify": False}},
    ],
)
def test_upstreams_say_how_they_are_reached(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        UpstreamConfig.model_validate(wrong)


def test_certificate_and_key_go_together() -> None:
    assert UpstreamTls(ca="ca", certificate="c", key="k").min_version == "1.3"
    assert UpstreamTls(ca="ca").certificate is None
    for kind in (lambda: UpstreamTls(ca="ca", certificate="c"), lambda: ZoneCredential(key="k")):
        with pytest.raises(ValidationError, match="go together"):
            kind()


def test_secrets_over_an_open_way_only_when_it_is_said_in_words() -> None:
    assert in_the_clear(UPSTREAM_IN_THE_CLEAR, sasl=SCRAM).sasl is not None
    assert in_the_clear(LOGIN_IN_THE_CLEAR, sasl=PLAIN).sasl is not None
    assert in_the_clear(LOGIN_IN_THE_CLEAR, zones={"z": {"sasl": PLAIN}}).zones
    for accept, more in (
        (UPSTREAM_IN_THE_CLEAR, {"sasl": PLAIN}),
        (UPSTREAM_IN_THE_CLEAR, {"sasl": SCRAM, "zones": {"z": {"sasl": PLAIN}}}),
        (LOGIN_IN_THE_CLEAR, {"sasl": SCRAM}),
        (LOGIN_IN_THE_CLEAR, {}),
    ):
        with pytest.raises(ValidationError, match="must say what goes over it"):
            in_the_clear(accept, **more)


def test_every_mechanism_has_what_it_needs_and_nothing_else() -> None:
    for right in (
        PLAIN,
        SCRAM,
        {"mechanism": "OAUTHBEARER", "token_file": "t"},
        {"mechanism": "OAUTHBEARER", "token_endpoint": ENDPOINT},
        {"mechanism": "AWS_MSK_IAM", "region": "eu-west-1"},
        {"mechanism": "AWS_MSK_IAM", "region": "eu-west-1", "credentials_file": "c", "profile": "p"},
    ):
        assert UpstreamSasl.model_validate(right).mechanism == right["mechanism"]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"mechanism": "PLAIN", "username": "u"}, "needs `password_file`"),
        ({**PLAIN, "region": "eu-west-1"}, "`region` has no effect"),
        ({"mechanism": "OAUTHBEARER"}, "exactly one of"),
        ({"mechanism": "OAUTHBEARER", "token_file": "t", "token_endpoint": ENDPOINT}, "exactly one of"),
        ({"mechanism": "OAUTHBEARER", "token_file": "t", "username": "u"}, "`username` has no effect"),
        ({"mechanism": "AWS_MSK_IAM"}, "needs `region`"),
        ({"mechanism": "AWS_MSK_IAM", "region": "Mars!"}, "region"),
        ({"mechanism": "AWS_MSK_IAM", "region": "eu-west-1", "profile": "p"}, "`profile` is one of"),
        ({"mechanism": "GSSAPI"}, "mechanism"),
    ],
)
def test_what_does_not_go_together(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        UpstreamSasl.model_validate(wrong)


def test_tokens_come_by_https() -> None:
    with pytest.raises(ValidationError, match="not an https URL"):
        TokenEndpoint.model_validate({**ENDPOINT, "url": "http://idp.example.com/token"})


def test_a_zone_may_have_a_credential_of_its_own() -> None:
    upstream = UpstreamConfig.model_validate(
        {**KAFKA, "sasl": SCRAM, "zones": {"z": {"certificate": "c", "key": "k"}, "y": {"sasl": PLAIN}}}
    )
    assert set(upstream.zones) == {"z", "y"}
    with pytest.raises(ValidationError, match="a zone's own credential"):
        ZoneCredential()
    with pytest.raises(ValidationError, match="has no effect"):
        in_the_clear(UPSTREAM_IN_THE_CLEAR, zones={"z": {"certificate": "c", "key": "k"}})
