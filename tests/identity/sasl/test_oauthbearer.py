from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.identity.sasl.kit import CLAIMS, ISSUER, KEY_SET, NOW, PROVIDER, bearer, issuer, refusal, run, signed, step
from zoneproxy.identity.sasl.oauthbearer import OauthBearer, parse
from zoneproxy.identity.sasl.providers import Provider
from zoneproxy.identity.sasl.shapes import Challenge, FreshKeys, Proven, Refused, SaslNeed
from zoneproxy.identity.sasl.signing_keys import parse_keys
from zoneproxy.policy.model import SaslFacts

INVALID = {"status": "invalid_token"}


def server(provider: Provider = PROVIDER, keys: bytes = KEY_SET) -> OauthBearer:
    return OauthBearer({provider.issuer: issuer(provider, keys)})


def token(**claims: Any) -> str:
    return signed({name: value for name, value in (CLAIMS | claims).items() if value is not None})


def refused(made: OauthBearer, message: bytes) -> tuple[dict[str, str], str]:
    """What the client is told first, and why it is refused after it has answered that."""
    challenge = step(made, message)
    assert isinstance(challenge, Challenge)
    end = refusal(made, b"\x01")
    assert end.text == challenge.token.decode()
    assert end is challenge.refused
    said: dict[str, str] = json.loads(challenge.token)
    return said, end.reason


# --- messages ------------------------------------------------------------------------------------------------


def test_the_message_of_rfc_7628() -> None:
    """Section 4.1."""
    secret = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="
    message = f"n,a=user@example.com,\x01host=server.example.com\x01port=143\x01auth=Bearer {secret}\x01\x01"
    assert parse(message.encode()) == ("user@example.com", secret)


def test_names_are_unescaped() -> None:
    assert parse(b"n,a=x=2Cy=3D,\x01auth=bearer t\x01\x01") == ("x,y=", "t")


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"n,,\x01\x01",
        b"n,,\x01auth=Bearer t\x01",
        b"n,,\x01auth=Bearer t\x01\x01\x01",
        b"n,,\x01auth=Basic t\x01\x01",
        b"n,,\x01auth=Bearer \x01\x01",
        b"n,,\x01auth=Bearer t t\x01\x01",
        b"n,,\x01auth=Bearer t\x01auth=Bearer u\x01\x01",
        b"n,,\x01auth=Bearer t\x01a b=c\x01\x01",
        b"n,,\x01auth=Bearer t\x01x=\xc3\xa9\x01\x01",
        b"y,,\x01auth=Bearer t\x01\x01",
        b"p=x,,\x01auth=Bearer t\x01\x01",
        b"n,a=,\x01auth=Bearer t\x01\x01",
        b"\xff",
        b"n,,\x01auth=Bearer t\x01" + b"".join(b"x%s=1\x01" % bytes([97 + n]) * 2 for n in range(20)) + b"\x01",
    ],
)
def test_what_is_no_message(message: bytes) -> None:
    with pytest.raises(Refused, match="malformed"):
        parse(message)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    with contextlib.suppress(Refused):
        parse(b"n,,\x01auth=" + data + b"\x01\x01")


# --- tokens --------------------------------------------------------------------------------------------------


def test_a_good_token_is_somebody() -> None:
    proven = step(server(), bearer(token(groups=["a", "b"], team={"name": "blue"})))
    assert isinstance(proven, Proven)
    assert proven.expires == NOW + 600 + PROVIDER.clock_skew
    facts = proven.facts
    assert (facts.mechanism, facts.name, facts.issuer, facts.groups) == ("OAUTHBEARER", "ann", ISSUER, {"a", "b"})
    assert dict(facts.claims)["team.name"] == ("blue",)


def test_another_claim_may_be_the_name() -> None:
    provider = replace(PROVIDER, principal_claim="preferred_username", groups_claim=None)
    proven = step(server(provider), bearer(token(preferred_username="ann.b", groups=["a"]), "ann.b"))
    assert isinstance(proven, Proven)
    assert (proven.facts.name, proven.facts.groups) == ("ann.b", frozenset())


def test_nobody_acts_for_somebody_else() -> None:
    assert refusal(server(), bearer(token(), "bob")).reason == "authorization_id"


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://evil.example.com"}, "issuer"),
        ({"exp": NOW - 60}, "expired"),
        ({"aud": "other"}, "audience"),
        ({"sub": None}, "principal_claim"),
        ({"sub": ["ann", "bob"]}, "principal_claim"),
        ({"sub": ""}, "principal_claim"),
        ({"sub": "a\nb"}, "principal_claim"),
    ],
)
def test_a_refusal_is_told_in_two_steps_and_without_the_reason(claims: dict[str, Any], reason: str) -> None:
    assert refused(server(), bearer(token(**claims))) == (INVALID, reason)


def test_a_missing_scope_is_told() -> None:
    made = server(replace(PROVIDER, required_scopes=frozenset({"kafka"})))
    assert refused(made, bearer(token())) == ({"status": "insufficient_scope"}, "scope")


def test_what_is_no_token_is_told_like_any_other() -> None:
    assert refused(server(), bearer("rubbish")) == (INVALID, "token")


def test_after_a_refusal_a_good_token_is_too_late() -> None:
    made = server()
    step(made, bearer(token(aud="other")))
    assert refusal(made, bearer(token())).reason == "audience"


# --- keys ----------------------------------------------------------------------------------------------------


def test_an_unknown_key_is_asked_for_once() -> None:
    known = issuer(keys=b"")
    needs: list[SaslNeed] = []

    def fulfil(need: SaslNeed) -> None:
        needs.append(need)
        known.cache.loaded(parse_keys(KEY_SET), NOW)

    made = OauthBearer({ISSUER: known})
    proven = run(made.step(bearer(token()), NOW), fulfil)
    assert isinstance(proven, Proven)
    assert isinstance(proven.facts, SaslFacts)
    assert needs == [FreshKeys("main")]


def test_a_known_key_is_not_asked_for() -> None:
    needs: list[SaslNeed] = []
    run(server().step(bearer(token()), NOW), needs.append)
    assert needs == []


def test_keys_that_nobody_has_are_a_refusal() -> None:
    assert refused(server(keys=b""), bearer(token())) == (INVALID, "no_signing_keys")
    made_up = signed(header={"alg": "RS256", "kid": "../../x"})
    assert refused(server(), bearer(made_up)) == (INVALID, "unknown_key")
