from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.policy import naive
from tests.policy.lint.written import NOW, found, lines
from zoneproxy.policy.acl import SUPPORTED, Rule
from zoneproxy.policy.lint import rules
from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.lint.survey import Survey
from zoneproxy.policy.model import Origin, ResourceType
from zoneproxy.policy.snapshot import Policy

HEAD = "principals: [{name: alice, zone: high, roles: [r]}]\nroles:\n  r:\n"


def role(*written: str) -> str:
    """A role with these rules, the first one in line 4."""
    return HEAD + "".join(f"    - {rule}\n" for rule in written)


@pytest.mark.parametrize(
    "written",
    [
        ("{allow: [read], topic: {prefix: a.}}", "{allow: [read], topic: a.b}"),
        ("{allow: [read], topic: a}", "{allow: [read], topic: a}"),
        ("{allow: all, topic: '*'}", "{allow: [read, write], topic: [a, {prefix: b}]}"),
        ("{allow: [read], topic: a}", "{allow: [describe], topic: a}"),
        ("{allow: [read], group: a}", "{allow: [read], group: a, host: 10.0.0.1}"),
        ("{deny: all, topic: {prefix: a}}", "{deny: [read], topic: a}"),
    ],
)
def test_a_rule_that_another_covers(written: tuple[str, str]) -> None:
    ((line, message),) = found(rules.covered, role(*written))
    assert line == 5
    assert "p.yaml:4 says as much" in message


def test_a_rule_that_others_cover_together() -> None:
    text = role(
        "{allow: [read], topic: [a, b]}", "{allow: [write], topic: {prefix: a}}", "{allow: [read, write], topic: a}"
    )
    ((line, message),) = found(rules.covered, text)
    assert line == 6
    assert "p.yaml:4 with p.yaml:5" in message


@pytest.mark.parametrize(
    "written",
    [
        ("{allow: [read], topic: a}", "{allow: [read], topic: {prefix: a}}", "{allow: [read], topic: b}"),
        ("{allow: [read], topic: a, host: 10.0.0.1}", "{allow: [read], topic: a, host: 10.0.0.2}"),
        ("{allow: [read], topic: a}", "{allow: [read], group: a}"),
        ("{allow: [read], topic: a}", "{deny: [write], topic: a}"),
        ("{deny: [read], topic: a}", "{deny: [describe], topic: a}"),
    ],
)
def test_rules_that_say_something_each(written: tuple[str, ...]) -> None:
    assert lines(rules.covered, role(*written)) in ([], [4])  # in the first the broader rule covers the one before it
    assert 5 not in lines(rules.covered, role(*written))


@pytest.mark.parametrize(
    "written",
    [
        ("{deny: all, topic: {prefix: a}}", "{allow: [read], topic: a.b}"),
        ("{deny: [read, describe], topic: '*'}", "{allow: [read], topic: {prefix: a}}"),
        ("{deny: all, group: g}", "{allow: [read], group: g, host: 10.0.0.1}"),
    ],
)
def test_an_allowance_that_is_denied_from_end_to_end(written: tuple[str, str]) -> None:
    ((line, message),) = found(rules.dead, role(*written))
    assert line == 5
    assert "p.yaml:4 denies it" in message


@pytest.mark.parametrize(
    "written",
    [
        ("{deny: [read], topic: a}", "{allow: [read], topic: a}"),  # describe is left
        ("{deny: all, topic: a.b}", "{allow: [read], topic: {prefix: a}}"),
        ("{deny: all, topic: a, host: 10.0.0.1}", "{allow: [read], topic: a}"),
        ("{deny: all, topic: a}", "{allow: [read], topic: [a, b]}"),
    ],
)
def test_an_allowance_of_which_something_is_left(written: tuple[str, str]) -> None:
    assert lines(rules.dead, role(*written)) == []


OF_TWO_ROLES = """\
principals:
  - {name: alice, zone: high, roles: [reads, denies]}
  - {name: bob, zone: low, roles: [reads%s]}
roles:
  reads: [{allow: [read], topic: a}]
  denies: [{deny: all, topic: "*"}]
"""


def test_a_denial_of_another_role_counts_where_all_have_both() -> None:
    assert lines(rules.dead, OF_TWO_ROLES % "") == []
    assert found(rules.dead, OF_TWO_ROLES % ", denies") == [
        (5, "role `reads`: nothing of this is ever allowed: p.yaml:6 denies it")
    ]


def decisions(written: Iterable[Rule]) -> list[bool]:
    kept = list(written)
    return [
        naive.allowed(kept, operation, kind, name, host)
        for kind in ResourceType
        for operation in sorted(SUPPORTED[kind])
        for name in naive.NAMES
        for host in (*naive.HOSTS, "10.0.0.9")
    ]


@pytest.mark.parametrize("rule", [rules.covered, rules.dead])
@given(written=st.lists(naive.rules(), max_size=7))
def test_removing_what_was_found_changes_no_decision(
    rule: Callable[[Survey], Iterable[Finding]], written: list[Rule]
) -> None:
    placed = [
        Rule(r.allow, r.operations, r.resource, r.patterns, r.hosts, Origin("p", number, 1))
        for number, r in enumerate(written, 1)
    ]
    gone = {finding.line for finding in rule(Survey(Policy(roles={"r": tuple(placed)}), NOW))}
    assert decisions(placed) == decisions(r for r in placed if r.origin and r.origin.line not in gone)


def test_everything_at_the_highest_level() -> None:
    ((line, message),) = found(rules.everything, role("{allow: [read], topic: '*'}", "{deny: [read], group: '*'}"))
    assert line == 4
    assert 'allows "*" to `alice`' in message
    assert lines(rules.everything, role("{allow: [read], topic: '*'}").replace("high", "low")) == []


def test_from_any_address_is_told_once_for_a_role() -> None:
    open_role = role(
        "{allow: [read], topic: a, host: 10.0.0.1}", "{allow: [read], topic: b}", "{allow: [read], topic: c}"
    )
    assert lines(rules.from_anywhere, open_role) == [5]
    assert lines(rules.from_anywhere, open_role.replace("high", "low")) == []
    assert lines(rules.from_anywhere, role("{allow: [read], topic: a, host: 10.0.0.1}")) == []
