from __future__ import annotations

import pytest

from tests.policy.test_checks import merged
from zoneproxy.policy.named import check_named

POLICY = """\
zones:
  payments: {level: restricted, owner: o, upstream: u1}
  analytics: {level: internal, owner: o, upstream: u2}
principals:
  - {name: alice, zone: payments, match: {subject: {CN: alice}}, roles: [reader]}
  - {name: bob, zone: analytics, match: {subject: {CN: bob}}, roles: [reader]}
roles:
  reader: [{allow: read, topic: completed, host: 10.0.0.1}]
  other: [{allow: read, topic: other}]
flows:
  - {name: f, from: payments, to: analytics, topics: completed, encryption: {min_tls: "1.3"}}
"""
ALICE, BOB = "match: {subject: {CN: alice}}", "match: {subject: {CN: bob}}"
EVERY_POD = 'match: {spiffe: "spiffe://acme/pods/*"}'
HINT = "match it by a name without a star, or give the zone `payments` `named_principals_only: false`"
AT_HOME = (
    f"0:5:42: `alice` is whoever fits its `match`; its home, zone `payments`, is for named principals only ({HINT})"
)
THROUGH_F = (
    "0:6:41: `bob` is whoever fits its `match`; through flow `f` it reaches zone `payments`, which is for named "
    f"principals only ({HINT})"
)


def faults(text: str) -> list[str]:
    return [str(problem) for problem in check_named(merged(text))]


def test_names_are_fine() -> None:
    assert faults(POLICY) == []


@pytest.mark.parametrize(
    "match",
    [
        EVERY_POD,
        "match: {subject: {O: Acme}}",
        'match: [{subject: {CN: alice}}, {dns: "*.payments.example.com"}]',
        "match: {oauth: {issuer: https://idp, claims: {department: payments}}}",
    ],
)
def test_nobody_unnamed_is_at_home_there(match: str) -> None:
    assert faults(POLICY.replace(ALICE, match)) == [AT_HOME]


@pytest.mark.parametrize(
    "match",
    [
        'match: {spiffe: "spiffe://acme/pods/*", subject: {CN: alice}}',
        "match: {spiffe: spiffe://acme/pods/alice}",
        "match: {oauth: {issuer: https://idp, claims: {sub: [alice, alice2]}}}",
        "match: {sasl: alice}",
        "match: {email: alice@example.com}",
    ],
)
def test_what_names_somebody(match: str) -> None:
    assert faults(POLICY.replace(ALICE, match)) == []


def test_nobody_unnamed_comes_in_through_a_flow() -> None:
    open_bob = POLICY.replace(BOB, EVERY_POD)
    assert faults(open_bob) == [THROUGH_F]
    assert faults(open_bob.replace("roles: [reader]}\nroles", "roles: [other]}\nroles")) == []
    assert faults(open_bob.replace("topics: completed", "topics: elsewhere")) == []


def test_a_group_or_a_grant_may_let_somebody_in() -> None:
    harmless = POLICY.replace(BOB, EVERY_POD).replace("roles: [reader]}\nroles", "roles: []}\nroles")
    assert faults(harmless) == []
    assert faults(harmless + "groups: {g: {roles: [reader]}}\n") == [THROUGH_F]
    assert faults(harmless + "groups: {g: {roles: [reader], zone: payments}}\n") == []
    grant = "grants: [{principal: %s, role: reader, until: 2026-12-01T00:00:00Z, reason: r, approved_by: x}]\n"
    assert faults(harmless + grant % "bob") == [THROUGH_F]
    assert faults(harmless + grant % "alice") == []


def test_rules_that_make_principals() -> None:
    rule = 'identities: [{name: all, zone: %s, match: {sasl: "*"}, principal: {sasl: true}, roles: [reader]}]\n'
    for zone in ("payments", "analytics"):
        (fault,) = faults(POLICY + rule % zone)
        assert "`all` makes principals that the policy does not name" in fault


def test_elsewhere_anybody_may_be_let_in() -> None:
    open_alice = POLICY.replace(ALICE, EVERY_POD).replace(BOB, EVERY_POD)
    assert len(faults(open_alice)) == 2
    assert faults(open_alice.replace("upstream: u1", "upstream: u1, named_principals_only: false")) == []
    assert faults(open_alice.replace("upstream: u1", "upstream: u1, encryption: {transport: plaintext}")) == []


def test_wrong_entries_are_not_looked_into() -> None:
    assert faults(POLICY.replace(ALICE, EVERY_POD).replace("level: restricted", "level: 5")) == []
    assert faults(POLICY.replace(ALICE, "match: {}").replace("topics: completed", "topics: 5")) == []
