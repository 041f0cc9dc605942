from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.boundary.kit import snapshot
from zoneproxy.boundary.share.views import is_shareable

POLICY = """
zones:
  payments: {{level: restricted, owner: a@example.com, upstream: kafka-1}}
  analytics: {{level: internal, owner: b@example.com, upstream: kafka-2}}
principals:
  - {{name: clerk, zone: payments, match: {{subject: {{CN: clerk}}}}, roles: [own]}}
  - {{name: dashboards, zone: analytics, match: {{subject: {{CN: dashboards}}}}, roles: [{role}]}}
roles:
  own: [{{allow: [read], group: g}}]
  same: [{{allow: [read], group: {{prefix: g}}}}]
  every: [{{allow: [all], group: "*"}}]
  other: [{{allow: [read], group: h}}, {{allow: [describe], group: g}}, {{deny: [read], group: g}}]
  topics: [{{allow: [read], topic: "*"}}]
flows:
  - {{name: own, from: payments, to: payments, topics: [t], depth: deep, controls: {own}}}
  - {{name: out, from: payments, to: analytics, topics: [{{prefix: t}}], controls: {out}}}
"""
MASK = "[{redact: {types: [EMAIL], with: mask}}]"
HASH = "[{redact: {types: [EMAIL], with: remove}}]"
FIELD = "[{redact: {field: $.a, with: mask}}]"
LINEAGE = "[{lineage: {key: k}}]"
BLOCK = "[{detect: {types: [EMAIL], action: block}}]"


def shareable(
    *, role: str = "same", own: str = MASK, out: str = MASK, home: str = "payments", group: str = "g"
) -> bool:
    policy = snapshot(POLICY.format(role=role, own=own, out=out))
    return is_shareable(policy, "payments", home, group, "t")


@pytest.mark.parametrize("home", ["payments", "analytics"])
def test_the_same_controls_are_one_view_whichever_rule_has_them(home: str) -> None:
    assert shareable(home=home)
    assert shareable(home=home, own="[]", out="[]")
    assert shareable(home=home, own=FIELD, out=FIELD)


@pytest.mark.parametrize("home", ["payments", "analytics"])
@pytest.mark.parametrize("out", [HASH, "[]", FIELD])
@pytest.mark.parametrize(("role", "one"), [("same", False), ("every", False), ("other", True), ("topics", True)])
def test_other_controls_are_another_view_if_anybody_might_join(home: str, out: str, role: str, one: bool) -> None:
    assert shareable(home=home, out=out, role=role) is (one and home == "payments")


def test_who_may_join_from_outside_sees_what_the_members_at_home_see() -> None:
    """The clerk may read the group, so dashboards may not read it otherwise."""
    assert not shareable(home="analytics", out=HASH)
    assert shareable(home="analytics", out=HASH, group="g2")


def test_the_unrestricted_may_join_every_group_of_their_own_zone_only() -> None:
    text = POLICY.format(role="other", own=MASK, out=HASH)
    at_home = snapshot(text.replace("roles: [own]", "roles: [unrestricted]"))
    elsewhere = snapshot(text.replace("roles: [other]", "roles: [unrestricted]"))

    assert not is_shareable(at_home, "payments", "analytics", "any", "t")
    assert is_shareable(elsewhere, "payments", "payments", "any", "t")


@pytest.mark.parametrize("own", [BLOCK, BLOCK[:-1] + ", " + MASK[1:]])
def test_what_would_keep_records_back_is_not_shareable(own: str) -> None:
    assert not shareable(own=own, out=own)


@pytest.mark.parametrize("action", ["alert", "allow"])
def test_what_keeps_no_records_back_is(action: str) -> None:
    detect = BLOCK.replace("block", action)

    assert shareable(own=detect, out=detect)


def test_what_is_only_tried_out_makes_no_difference() -> None:
    tried = BLOCK.replace("block", "block, dry_run: true")

    assert shareable(own=tried, out=tried)
    assert shareable(own=MASK, out=MASK[:-1] + ", " + tried[1:])
    assert not shareable(own=BLOCK, out=tried)


@pytest.mark.parametrize(
    ("more", "one"),
    [
        ("groups: {everybody: {zone: analytics, roles: [same]}}", False),
        ("groups: {everybody: {roles: [same]}}", False),
        ("groups: {everybody: {zone: payments, roles: [same]}}", True),
        (
            'identities: [{name: bots, zone: analytics, match: {sasl: "*"}, principal: {sasl: true}, roles: [same]}]',
            False,
        ),
    ],
)
def test_groups_and_made_up_principals_may_join(more: str, one: bool) -> None:
    text = POLICY.format(role="other", own=MASK, out=HASH) + more

    assert is_shareable(snapshot(text), "payments", "payments", "g", "t") is one


@pytest.mark.parametrize(("who", "one"), [("dashboards", False), ("clerk", True)])
def test_a_grant_lets_somebody_in_while_it_is_in_force(who: str, one: bool) -> None:
    grant = f"{{principal: {who}, role: same, until: 2026-01-02T00:00:00Z, reason: r, approved_by: somebody}}"
    policy = snapshot(POLICY.format(role="other", own=MASK, out=HASH) + f"grants: [{grant}]\n")
    end = datetime(2026, 1, 2, tzinfo=UTC).timestamp()

    assert is_shareable(policy.at(end - 1), "payments", "payments", "g", "t") is one
    assert is_shareable(policy.at(end), "payments", "payments", "g", "t")


def test_lineage_says_to_which_zone_a_record_goes() -> None:
    assert not shareable(own="[]", out=LINEAGE, home="analytics")
    assert not shareable(own=LINEAGE, out=LINEAGE, home="analytics")
    assert shareable(own="[]", out=LINEAGE, home="analytics", group="g2")
    assert not shareable(own="[]", out="[{lineage: {key: k, require: true}}]", home="analytics", group="g2")


@pytest.mark.parametrize(
    ("control", "shared"),
    [
        ("filter: {when: $.a == 1}", False),
        ("filter: {when: $.a == 1, dry_run: true}", True),
        ("filter: {when: $.a == principal.name}", False),
        ("size: {value: 1}", False),
        ("headers: {forbid: a}", False),
        ("headers: {forbid: a, action: remove}", True),
        ("headers: {require: a}", False),
    ],
)
def test_rules_that_keep_records_from_members_keep_the_topic_from_the_group(control: str, shared: bool) -> None:
    assert shareable(own=f"[{{{control}}}]", out=f"[{{{control}}}]") is shared
