from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy import naive, random_policies
from zoneproxy.policy.difference.difference import Difference, difference
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.load import load_policy
from zoneproxy.policy.model import Grant
from zoneproxy.policy.snapshot import Policy, PolicySnapshot

TEXT = """\
zones:
  one: {level: internal, owner: o@example.com, upstream: u1}
  two: {level: internal, owner: o@example.com, upstream: u2}
principals:
  - {name: alice, zone: one, roles: [r]}
  - {name: bob, zone: two, roles: [s]}
roles:
  r:
    - {allow: [read], topic: {prefix: a.}}
    - {deny: [read], topic: a.secret}
  s: [{allow: [read], topic: "*", host: 10.0.0.1}]
flows:
  - {name: out, from: one, to: two, topics: a.x, controls: [{redact: {field: $.a, with: remove}}]}
"""


def compare(*edits: tuple[str, str], now: float = 0.0) -> Difference:
    text = TEXT
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    return difference(load_policy([("p", TEXT)]), load_policy([("p", text)]), now)


def told(found: Difference) -> list[str]:
    return [
        f"{'+' if change.gained else '-'} {change.principal} {change.zone} "
        f"{', '.join(op.name.lower() for op in change.operations)} {', '.join(map(str, change.atoms))} "
        f"{change.circumstances}".strip()
        for change in found.changes
    ]


def test_the_same_policy_written_otherwise_is_no_difference() -> None:
    found = compare(
        ("[read], topic: {prefix: a.}", "[read, describe], topic: [{prefix: a.}, a.b]"),
        ("name: out", "name: renamed"),
        ("roles: [r]", "roles: [other]"),
        ("  r:\n", "  other:\n"),
    )
    assert not found
    assert found == Difference((), (), ())


SECRET = ("{deny: [read], topic: a.secret}", "{deny: [read], topic: b}")
VERB = ("[read], topic: {prefix: a.}", "[write], topic: {prefix: a.}")


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (SECRET, ["+ alice one read a.secret"]),
        (VERB, ["- alice one read a.x, a.*", "+ alice one write a.secret, a.x, a.*", "+ alice two write a.x"]),
        (
            ("host: 10.0.0.1", "host: 10.0.0.2"),
            [
                "- bob one read, describe a.x from 10.0.0.1",
                "+ bob one read, describe a.x from 10.0.0.2",
                "- bob two read, describe a.x, any other from 10.0.0.1",
                "+ bob two read, describe a.x, any other from 10.0.0.2",
            ],
        ),
        (
            ("topics: a.x", "topics: a.y"),
            [
                "- alice two describe a.x",
                "+ alice two describe a.y",
                "- bob one read, describe a.x from 10.0.0.1",
                "+ bob one read, describe a.y from 10.0.0.1",
            ],
        ),
        (
            ("topics: a.x", 'topics: a.x, encryption: {min_tls: "1.3"}'),
            [
                "- alice two describe a.x over plaintext or TLS 1.2",
                "- bob one read, describe a.x from 10.0.0.1 over plaintext or TLS 1.2",
            ],
        ),
        (
            ("name: bob", "name: eve"),
            [
                "- bob one read, describe a.x from 10.0.0.1",
                "- bob two read, describe a.x, any other from 10.0.0.1",
                "+ eve one read, describe a.x from 10.0.0.1",
                "+ eve two read, describe a.x, any other from 10.0.0.1",
            ],
        ),
    ],
)
def test_decisions_that_change(edit: tuple[str, str], expected: list[str]) -> None:
    assert told(compare(edit)) == expected


def test_exactly_what_changes_is_told() -> None:
    assert told(compare(("{deny: [read], topic: a.secret}", "{deny: [read], topic: a.other}"))) == [
        "- alice one read a.other",
        "+ alice one read a.secret",
    ]


def test_controls_that_change_without_any_decision() -> None:
    found = compare(("$.a", "$.b"))
    assert found
    assert found.changes == ()
    (treatment,) = found.treatments
    assert (treatment.from_zone, treatment.to_zone) == ("one", "two")


def test_entries_that_change_without_any_decision() -> None:
    found = compare(("owner: o@example.com, upstream: u1", "owner: p@example.com, upstream: u1"))
    assert found.changes == ()
    assert [(each.kind, each.name) for each in found.entries] == [("zone", "one")]


def test_a_grant_makes_a_difference_while_it_lasts() -> None:
    old = load_policy([("p", TEXT)])
    granted = Policy(
        zones=old.policy.zones,
        principals=old.policy.principals,
        roles=old.policy.roles,
        flows=old.policy.flows,
        grants=(
            Grant("s", 1000.0, 2000.0, "why", principal="alice"),
            Grant("s", -inf, 500.0, "why", principal="alice"),
        ),
    )
    changes = difference(old, PolicySnapshot(granted), 700.0).changes
    assert {(change.principal, change.since, change.until) for change in changes} == {("alice", 1000.0, 2000.0)}
    assert {change.since for change in difference(old, PolicySnapshot(granted), 100.0).changes} == {None, 1000.0}
    assert not difference(old, PolicySnapshot(granted), 3000.0)
    assert {change.until for change in difference(old, PolicySnapshot(granted), 1500.0).changes} == {2000.0}


def changed(old: PolicySnapshot, new: PolicySnapshot, question: Question) -> str:
    before, after = question.answer(old), question.answer(new)
    return "" if before == after else "+" if after else "-"


@settings(max_examples=30)
@given(
    old=random_policies.policies(),
    new=random_policies.policies(),
    questions=st.lists(random_policies.questions(), min_size=1, max_size=30),
    moment=st.sampled_from((0.0, 1500.0, 3000.0)),
)
def test_a_decision_that_changes_is_told(old: Policy, new: Policy, questions: list[Question], moment: float) -> None:
    before, after = PolicySnapshot(old), PolicySnapshot(new)
    found = difference(before, after, 0.0)
    for question in questions:
        way = changed(before.at(moment), after.at(moment), question)
        if way:
            assert any(
                change.gained == (way == "+")
                and change.principal in (question.principal, "whoever `made` names")
                and change.zone == question.zone
                and change.resource is question.resource
                and question.operation in change.operations
                and set(change.groups) <= question.groups
                and (change.since or 0.0) <= moment < (change.until or inf)
                and any(atom.pattern.matches(question.name) for atom in change.atoms)
                for change in found.changes
            )


@settings(max_examples=30)
@given(old=random_policies.policies(), new=random_policies.policies())
def test_what_is_told_to_change_does(old: Policy, new: Policy) -> None:
    before, after = PolicySnapshot(old), PolicySnapshot(new)
    for change in difference(before, after, 0.0).changes:
        then = [snapshot.at(change.since or 0.0) for snapshot in (before, after)]
        name = "x-dave" if change.principal.startswith("whoever") else change.principal
        ways = {
            changed(*then, replace(question, host=host, tls=tls))
            for question in (
                Question(name, change.zone, op, change.resource, atom.name, groups=frozenset(change.groups))
                for op in change.operations
                for atom in change.atoms
            )
            for host in (*naive.HOSTS, "10.0.0.9")
            for tls in ("", "1.2", "1.3")
        }
        told = "+" if change.gained else "-"
        assert told in ways
        assert change.circumstances or ways == {told}
