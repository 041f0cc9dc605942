from __future__ import annotations

from tests.policy.lint.written import found, survey
from zoneproxy.policy.lint import grants

TEXT = """\
principals: [{name: alice, zone: high}]
groups: {crew: {}}
roles: {r: [{allow: [read], topic: t}]}
grants:
  - {principal: alice, role: r, until: 2020-01-01T00:00:00Z, reason: R, approved_by: eve}
  - {group: crew, role: r, until: 2100-01-01T00:00:00Z, reason: R, approved_by: eve}
  - {principal: alice, role: r, from: 2027-01-15T00:00:00Z, until: 2027-01-15T20:00:00Z, reason: R-9, break_glass: true}
  - {principal: alice, role: r, from: 2027-02-15T00:00:00Z, until: 2027-02-15T20:00:00Z, reason: R, break_glass: true}
"""


def test_a_grant_that_is_over() -> None:
    assert found(grants.expired, TEXT) == [(5, "the grant of `r` to `alice` has expired at 2020-01-01T00:00:00Z")]


def test_broken_glass_is_told_while_it_lasts() -> None:
    assert found(grants.break_glass, TEXT) == [
        (7, "the glass is broken: `alice` has the role `r` until 2027-01-15T20:00:00Z")
    ]
    (finding,) = grants.break_glass(survey(TEXT))
    assert "R-9" in finding.hint
