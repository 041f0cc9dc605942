from __future__ import annotations

import pytest

from tests.policy.test_checks import merged
from zoneproxy.policy.check_access import check_access

GOOD = """\
zones:
  payments: {level: restricted, owner: o, upstream: u1}
principals:
  - {name: alice, zone: payments, match: {subject: {CN: alice}}, roles: [reader, unrestricted], groups: [on-call]}
roles:
  reader: [{allow: read, topic: t}]
groups:
  on-call: {roles: [reader], zone: payments}
grants:
  - {principal: alice, role: reader, until: 2026-12-01T00:00:00Z, reason: INC-1, approved_by: bob}
  - {group: on-call, role: unrestricted, until: 2026-12-01T00:00:00Z, reason: INC-2, approved_by: bob}
"""


def faults(text: str) -> list[str]:
    return [str(problem) for problem in check_access(merged(text))]


def test_what_fits_together() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "zone: payments, match",
            "zone: payment, match",
            "0:4:25: there is no zone `payment` (did you mean `payments`?)",
        ),
        ("[reader, unres", "[raeder, unres", "0:4:74: there is no role `raeder` (did you mean `reader`?)"),
        ("groups: [on-call]", "groups: [oncall]", "0:4:106: there is no group `oncall` (did you mean `on-call`?)"),
        ("[reader], zone", "[rader], zone", "0:8:21: there is no role `rader` (did you mean `reader`?)"),
        ("], zone: payments}", "], zone: payment}", "0:8:36: there is no zone `payment` (did you mean `payments`?)"),
        ("{principal: alice", "{principal: alic", "0:10:17: there is no principal `alic` (did you mean `alice`?)"),
        ("alice, role: reader", "alice, role: reder", "0:10:30: there is no role `reder` (did you mean `reader`?)"),
        ("{group: on-call", "{group: on", "0:11:13: there is no group `on` (known: `on-call`)"),
    ],
)
def test_references_to_what_is_not_there(old: str, new: str, problem: str) -> None:
    assert GOOD.count(old) == 1
    assert faults(GOOD.replace(old, new)) == [problem]


def test_a_grant_may_name_whom_a_rule_makes() -> None:
    made = '{name: people, zone: payments, match: {sasl: "*"}, principal: {prefix: staff-, sasl: true}}'
    staff = GOOD.replace("{principal: alice", "{principal: staff-alice")
    assert "there is no principal `staff-alice`" in faults(staff)[0]
    assert faults(f"{staff}identities: [{made}]\n") == []


def test_wrong_entries_are_not_looked_into() -> None:
    assert faults(GOOD.replace("until: 2026-12-01T00:00:00Z, reason: INC-1", "until: x, reason: INC-1")) == []
    assert faults(GOOD.replace("{CN: alice}", "{CM: alice}")) == []
