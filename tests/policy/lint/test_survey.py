from __future__ import annotations

from tests.policy.lint import written
from zoneproxy.policy.acl import literal
from zoneproxy.policy.lint.survey import NOWHERE, finding
from zoneproxy.policy.model import Operation, Origin

TEXT = """\
principals:
  - {name: alice, zone: high, roles: [reader, unrestricted]}
  - {name: bob, zone: low, roles: [reader]}
  - {name: carol, zone: low}
roles:
  reader:
    - {allow: [read], topic: {prefix: a.}, host: 10.0.0.1}
    - {deny: [read], topic: a.secret}
"""


def test_who_is_where_and_has_what() -> None:
    survey = written.survey(TEXT)
    assert [who.name for who in survey.at_home("low")] == ["bob", "carol"]
    assert [who.name for who in survey.holders("reader")] == ["alice", "bob"]
    assert [len(survey.rules_of(who.roles)) for who in survey.subjects] == [2, 2, 0]


def test_unrestricted_is_about_the_home_zone() -> None:
    survey = written.survey(TEXT)
    alice, bob, _ = survey.subjects
    assert survey.unrestricted(alice, "high")
    assert not survey.unrestricted(alice, "low")
    assert not survey.unrestricted(bob, "low")


def test_what_somebody_may_do_from_any_host() -> None:
    survey = written.survey(TEXT)
    _, bob, carol = survey.subjects
    assert survey.may(bob, Operation.READ, [literal("a.orders")])
    assert not survey.may(bob, Operation.READ, [literal("a.secret")])
    assert not survey.may(bob, Operation.WRITE, [literal("a.orders")])
    assert not survey.may(carol, Operation.READ, [literal("a.orders")])


def test_the_most_sensitive_level_is_the_highest_there_is_among_several() -> None:
    survey = written.survey("")
    assert [zone.name for zone in survey.zones.values() if survey.most_sensitive(zone)] == ["high"]
    alike = written.survey("", "zones:\n  one: {level: restricted, owner: o@example.com, upstream: u}\n")
    assert not any(alike.most_sensitive(zone) for zone in alike.zones.values())


def test_places() -> None:
    survey = written.survey(TEXT)
    assert survey.origin("roles", "reader") == Origin("p.yaml", 6, 3)
    assert survey.origin("roles", "nothing") == NOWHERE
    assert finding("ZP001", Origin("a", 1, 2), "m", "h").column == 2
    assert finding("ZP001", None, "m", "h").line == 0


PEOPLE = """\
principals:
  - {name: alice, zone: high, roles: [own], groups: [crew, low-crew]}
  - {name: bob, zone: low}
identities:
  - {name: staff, zone: low, match: {sasl: "*"}, principal: {prefix: staff-, sasl: true}, roles: [own]}
groups:
  crew: {roles: [of-crew]}
  low-crew: {roles: [of-low], zone: low}
roles:
  own: [{allow: [read], topic: a}]
  of-crew: [{allow: [read], topic: b}]
  of-low: [{allow: [read], topic: c}]
  granted: [{allow: [read], topic: d}]
grants:
  - {principal: bob, role: granted, until: 2100-01-01T00:00:00Z, reason: R, approved_by: eve}
  - {principal: alice, role: granted, until: 2020-01-01T00:00:00Z, reason: R, approved_by: eve}
  - {group: crew, role: of-low, until: 2100-01-01T00:00:00Z, reason: R, approved_by: eve}
"""


def test_roles_come_from_lists_groups_and_grants_that_are_not_over() -> None:
    assert [(who.name, who.zone, sorted(who.roles), who.certain) for who in written.survey(PEOPLE).subjects] == [
        ("alice", "high", ["of-crew", "of-low", "own"], True),
        ("bob", "low", ["granted"], True),
        ("whoever staff names", "low", ["own"], True),
        ("group crew", "low", ["of-crew", "of-low"], False),
        ("group crew", "high", ["of-crew", "of-low"], False),
        ("group low-crew", "low", ["of-low"], True),
    ]


def test_who_may_be_at_home() -> None:
    survey = written.survey(PEOPLE)
    assert [who.name for who in survey.at_home("high")] == ["alice", "group crew"]
    assert [who.name for who in survey.at_home("high", certain=True)] == ["alice"]
