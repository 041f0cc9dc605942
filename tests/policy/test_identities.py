from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.identities import ANY_USER, Glob, Identities, Match, TokenMatch, groups_of
from zoneproxy.policy.model import PeerFacts, Principal, SaslFacts

ALICE, BOB, CAROL = (Principal(name, "home") for name in ("alice", "bob", "carol"))


def subject(*pairs: tuple[str, str]) -> PeerFacts:
    return PeerFacts(subject=pairs)


# --- globs ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "separator", "text", "fits"),
    [
        ("a/b", "/", "a/b", True),
        ("a/b", "/", "a/b/", False),
        ("a/*", "/", "a/b", True),
        ("a/*", "/", "a/", False),
        ("a/*", "/", "a/b/c", False),
        ("a/*", "/", "a", False),
        ("a/**", "/", "a/b/c", True),
        ("a/**", "/", "a/", False),
        ("a/**", "/", "a", False),
        ("a/**", "/", "b/c/d", False),
        ("a/x-**", "/", "a/x-1/2", True),
        ("*/b", "/", "x/b", True),
        ("a*b*c", "/", "a--b--c", True),
        ("a*b*c", "/", "ac", False),
        ("ab*ba", "/", "aba", False),
        ("*b*", "/", "aaa", False),
        ("*.x.y", ".", "a.x.y", True),
        ("*.x.y", ".", "a.b.x.y", False),
        ("(a.)+", "/", "(a.)+", True),
        ("(a.)+", "/", "aaaa", False),
    ],
)
def test_globs(pattern: str, separator: str, text: str, fits: bool) -> None:
    assert Glob(pattern, separator).matches(text) is fits


@given(st.text("ab/*", min_size=1, max_size=8).filter(lambda text: "**" not in text), st.text("ab/", max_size=8))
def test_globs_equal_the_same_as_a_regular_expression(pattern: str, text: str) -> None:
    parts = ["[^/]+" if part == "*" else re.escape(part).replace(r"\*", "[^/]*") for part in pattern.split("/")]
    expression = "/".join(parts)
    assert Glob(pattern, "/").matches(text) == bool(re.fullmatch(expression, text))


# --- conditions ----------------------------------------------------------------------------------------------


def test_subjects_are_compared_attribute_by_attribute() -> None:
    match = Match(subject=(("CN", "alice"), ("O", "Acme")))
    assert match.holds(subject(("O", "Acme"), ("CN", "alice")))
    assert match.holds(subject(("C", "DE"), ("O", "Acme"), ("OU", "x"), ("CN", "alice")))
    assert not match.holds(subject(("CN", "alice")))
    assert not match.holds(subject(("CN", "alice"), ("O", "acme")))


@pytest.mark.parametrize(
    "pairs",
    [
        [("CN", "alice"), ("CN", "mallory"), ("O", "Acme")],
        [("CN", "alice"), ("CN", "alice"), ("O", "Acme")],
        [("CN", "alice"), ("O", "Acme"), ("O", "Evil")],
        [("CN", "alice,O=Acme")],
        [("CN", "alice+O=Acme"), ("O", "Evil")],
    ],
)
def test_more_attributes_than_one_are_no_disguise(pairs: list[tuple[str, str]]) -> None:
    assert not Match(subject=(("CN", "alice"), ("O", "Acme"))).holds(subject(*pairs))


def test_spiffe_ids_are_the_only_uri_of_a_certificate() -> None:
    match = Match(spiffe=Glob("spiffe://acme/payments/*", "/"))
    assert match.holds(PeerFacts(uri=("spiffe://acme/payments/api",)))
    assert not match.holds(PeerFacts(uri=("spiffe://acme/payments/api/x",)))
    assert not match.holds(PeerFacts(uri=("spiffe://acme/payments/api", "spiffe://acme/payments/b")))
    assert not match.holds(PeerFacts(uri=("https://acme/payments/api",)))
    assert not match.holds(PeerFacts())


def test_any_of_several_names_will_do() -> None:
    assert Match(uri=Glob("https://a/*", "/")).holds(PeerFacts(uri=("x:y", "https://a/b")))
    assert Match(dns=Glob("*.pay.example.com", ".")).holds(PeerFacts(dns=("other", "A1.Pay.example.COM")))
    assert Match(email=Glob("*@example.com", "@")).holds(PeerFacts(email=("x@y", "ann@EXAMPLE.com")))
    assert not Match(email=Glob("ann@example.com", "@")).holds(PeerFacts(email=("Ann@example.com",)))
    assert not Match(email=Glob("*@example.com", "@")).holds(PeerFacts(email=("a@evil@example.com", "example.com")))


def test_wildcard_certificates_of_servers_are_no_clients() -> None:
    match = Match(dns=Glob("*.pay.example.com", "."))
    assert not match.holds(PeerFacts(dns=("*.pay.example.com",)))


def test_all_conditions_must_hold() -> None:
    match = Match(dns=Glob("a.b.c", "."), subject=(("CN", "alice"),))
    assert match.holds(PeerFacts(subject=(("CN", "alice"),), dns=("a.b.c",)))
    assert not match.holds(PeerFacts(subject=(("CN", "alice"),)))
    assert not match.holds(PeerFacts(dns=("a.b.c",)))


# --- who -----------------------------------------------------------------------------------------------------


def test_the_first_rule_that_holds_decides() -> None:
    by_name, by_dns = Match(subject=(("CN", "x"),)), Match(dns=Glob("x.y.z", "."))
    facts = PeerFacts(subject=(("CN", "x"),), dns=("x.y.z",))
    assert Identities([(by_name, ALICE), (by_dns, BOB)]).identify(facts) == ALICE
    assert Identities([(by_dns, BOB), (by_name, ALICE)]).identify(facts) == BOB
    assert Identities([(by_dns, CAROL), (by_name, ALICE)]).identify(subject(("CN", "x"))) == ALICE


def test_no_match_is_nobody() -> None:
    identities = Identities([(Match(subject=(("CN", "x"),)), ALICE)])
    for facts in (PeerFacts(), subject(("CN", "y")), subject(("CN", "x"), ("CN", "y")), subject(("O", "x"))):
        assert identities.identify(facts) is None


ATTRIBUTES = st.lists(st.tuples(st.sampled_from(["CN", "O"]), st.sampled_from("xyz")), max_size=3)
MATCHES = st.builds(
    lambda pairs, dns: Match(subject=tuple(sorted(dict(pairs).items())), dns=Glob("d.e.f", ".") if dns else None),
    ATTRIBUTES,
    st.booleans(),
)


@given(st.lists(MATCHES, max_size=6), ATTRIBUTES, st.booleans())
def test_found_by_name_is_found_by_asking_each(matches: list[Match], pairs: list[tuple[str, str]], dns: bool) -> None:
    facts = PeerFacts(subject=tuple(pairs), dns=("d.e.f",) if dns else ())
    rules = [(match, Principal(f"p{number}", "home")) for number, match in enumerate(matches)]
    expected = next((principal for match, principal in rules if match.holds(facts)), None)
    assert Identities(rules).identify(facts) == expected


# --- SASL ----------------------------------------------------------------------------------------------------

ISSUER = "https://login.example.com"
PASSWORD = SaslFacts("PLAIN", "x")
CLAIMS = (("sub", ("x",)), ("team", ("blue", "red")))
TOKEN = SaslFacts("OAUTHBEARER", "x", ISSUER, CLAIMS, frozenset({"g"}))


def sasl(facts: SaslFacts) -> PeerFacts:
    return PeerFacts(certified=False, sasl=facts)


def test_a_user_of_ours_is_not_the_subject_of_a_token() -> None:
    assert Match(sasl="x").holds(sasl(PASSWORD))
    assert not Match(sasl="y").holds(sasl(PASSWORD))
    assert not Match(sasl="x").holds(sasl(TOKEN))
    assert not Match(token=TokenMatch(ISSUER)).holds(sasl(PASSWORD))


@pytest.mark.parametrize(
    ("issuer", "claims", "holds"),
    [
        (ISSUER, (), True),
        (ISSUER, (("sub", ("x",)),), True),
        (ISSUER, (("sub", ("x", "y")), ("team", ("red",))), True),
        (ISSUER, (("sub", ("y",)),), False),
        (ISSUER, (("team", ("red",)), ("other", ("x",))), False),
        (ISSUER + "/", (), False),
    ],
)
def test_tokens_are_told_by_issuer_and_claims(issuer: str, claims: tuple[tuple[str, tuple[str]]], holds: bool) -> None:
    assert Match(token=TokenMatch(issuer, claims)).holds(sasl(TOKEN)) is holds


def test_a_rule_speaks_of_each_proof_or_does_not_hold() -> None:
    certificate, both = subject(("CN", "x")), PeerFacts(subject=(("CN", "x"),), sasl=PASSWORD)
    about_certificate, about_sasl = Match(subject=(("CN", "x"),)), Match(sasl="x")
    about_both = Match(subject=(("CN", "x"),), sasl="x")
    assert [m.holds(certificate) for m in (about_certificate, about_sasl, about_both)] == [True, False, False]
    assert [m.holds(sasl(PASSWORD)) for m in (about_certificate, about_sasl, about_both)] == [False, True, False]
    assert [m.holds(both) for m in (about_certificate, about_sasl, about_both)] == [False, False, True]


def test_a_certificate_without_names_still_has_to_be_spoken_of() -> None:
    assert not Match(sasl="x").holds(PeerFacts(sasl=PASSWORD))


def test_sasl_users_are_found_by_name() -> None:
    rules = [(Match(sasl="y"), BOB), (Match(token=TokenMatch(ISSUER)), CAROL), (Match(sasl="x"), ALICE)]
    assert Identities(rules).identify(sasl(PASSWORD)) == ALICE
    assert Identities(rules).identify(sasl(SaslFacts("PLAIN", "z"))) is None


def test_groups_come_from_units_and_tokens() -> None:
    facts = PeerFacts(subject=(("OU", "a"), ("OU", "b"), ("CN", "x")), sasl=TOKEN)
    assert groups_of(facts) == {"a", "b", "g"}
    found = Identities([(Match(subject=(("CN", "x"),), token=TokenMatch(ISSUER)), ALICE)]).identify(facts)
    assert found == Principal("alice", "home", groups=frozenset({"a", "b", "g"}))


def test_a_made_up_name_is_never_somebody_elses() -> None:
    rules = [(Match(token=TokenMatch(ISSUER)), Derivation("staff", "home", claim="sub"))]
    assert Identities(rules).identify(sasl(TOKEN)) == Principal("x", "home", groups=frozenset({"g"}), rule="staff")
    assert Identities(rules, taken=["x"]).identify(sasl(TOKEN)) is None
    nameless = [(Match(token=TokenMatch(ISSUER)), Derivation("staff", "home", claim="team"))]
    assert Identities(nameless).identify(sasl(TOKEN)) is None


# --- names ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("match", "named"),
    [
        (Match(subject=(("CN", "alice"),)), True),
        (Match(subject=(("O", "Acme"), ("OU", "pods"))), False),
        (Match(spiffe=Glob("spiffe://a/b", "/")), True),
        (Match(spiffe=Glob("spiffe://a/*", "/")), False),
        (Match(spiffe=Glob("spiffe://a/*", "/"), dns=Glob("a.b.c", ".")), True),
        (Match(sasl="alice"), True),
        (Match(sasl=ANY_USER), False),
        (Match(token=TokenMatch("https://idp")), False),
        (Match(token=TokenMatch("https://idp", (("department", ("x",)),))), False),
        (Match(token=TokenMatch("https://idp", (("sub", ("x", "y")),))), True),
    ],
)
def test_a_match_that_names_whom_it_is_for(match: Match, named: bool) -> None:
    assert match.named is named


def test_a_revoked_certificate_stands_for_nobody() -> None:
    match = Match(subject=(("CN", "alice"),))
    identities = Identities([(match, ALICE)], revoked=frozenset({"ab" * 32}))
    facts = PeerFacts(subject=(("CN", "alice"),), fingerprint="cd" * 32)
    assert identities.identify(facts) == ALICE
    assert identities.identify(PeerFacts(subject=(("CN", "alice"),), fingerprint="ab" * 32)) is None
