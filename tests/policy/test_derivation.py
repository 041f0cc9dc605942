from __future__ import annotations

import pytest

from zoneproxy.policy.derivation import Derivation, is_name
from zoneproxy.policy.model import PeerFacts, Principal, SaslFacts

ISSUER = "https://login.example.com"


def token(*values: str) -> PeerFacts:
    facts = SaslFacts("OAUTHBEARER", "subject", ISSUER, (("user", values),))
    return PeerFacts(certified=False, sasl=facts)


def test_a_claim_becomes_a_name() -> None:
    rule = Derivation("staff", "green", "acme:", claim="user", roles=frozenset({"reader"}))
    assert rule.principal(token("ann")) == Principal("acme:ann", "green", frozenset({"reader"}), rule="staff")


@pytest.mark.parametrize("values", [(), ("ann", "bob"), ("",), (" ann",), ("an\nn",), ("a" * 250,)])
def test_what_is_not_one_good_name_is_nobody(values: tuple[str, ...]) -> None:
    assert Derivation("staff", "green", claim="user").principal(token(*values)) is None


@pytest.mark.parametrize("name", ["*", "ANONYMOUS"])
def test_nobody_becomes_everybody(name: str) -> None:
    assert Derivation("staff", "green", claim="user").principal(token(name)) is None


def test_a_prefix_alone_is_no_name() -> None:
    assert Derivation("staff", "green", "acme:", claim="user").principal(token("")) is None


def test_a_subject_becomes_a_name_unless_it_is_there_twice() -> None:
    rule = Derivation("apps", "green", attribute="CN")
    assert rule.principal(PeerFacts(subject=(("O", "Acme"), ("CN", "app")))) == Principal("app", "green", rule="apps")
    assert rule.principal(PeerFacts(subject=(("CN", "a"), ("CN", "b")))) is None


def test_the_user_of_a_password_becomes_a_name_but_never_the_subject_of_a_token() -> None:
    rule = Derivation("users", "green")
    user = PeerFacts(certified=False, sasl=SaslFacts("PLAIN", "ann"))
    assert rule.principal(user) == Principal("ann", "green", rule="users")
    assert rule.principal(token("ann")) is None
    assert rule.principal(PeerFacts()) is None


def test_names() -> None:
    assert is_name("a" * 249)
    assert not is_name("")
