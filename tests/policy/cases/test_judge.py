from __future__ import annotations

import pytest

from tests.policy.cases.written import POLICY, case
from zoneproxy.policy.cases.judge import judge
from zoneproxy.policy.load import load_policy

SNAPSHOT = load_policy([("p.yaml", POLICY)])
NOW = 1_800_000_000.0
REMOVE = "{redact: {field: $.a, with: remove}}"
ALERT = "{detect: {types: EMAIL, action: alert}}"


def faults(fields: str) -> list[str]:
    return list(judge(SNAPSHOT, case(fields), NOW).faults)


@pytest.mark.parametrize(
    "fields",
    [
        "operation: read, topic: a.x, expect: allow",
        "operation: [read, write], topic: a.x, expect: allow, by: r",
        "operation: read, topic: b, expect: deny",
        "operation: read, topic: t, expect: deny",
        "operation: read, topic: t, host: 10.0.0.1, expect: allow",
        "operation: read, group: g, expect: deny",
        "operation: read, group: g, member_of: crew, expect: allow, by: s",
        "operation: read, group: g, at: 2026-01-01T12:00:00Z, expect: allow",
        "principal: nobody, operation: read, topic: a.x, expect: unknown",
        "zone: two, operation: read, topic: a.x, expect: allow, by: [r, back]",
        f"zone: two, operation: read, topic: a.x, expect: allow, controls: [{REMOVE}]",
        f"operation: write, topic: a.x, expect: allow, controls: [{ALERT}]",
        "operation: read, topic: a.y, expect: allow, controls: []",
    ],
)
def test_cases_that_hold(fields: str) -> None:
    assert faults(fields) == []
    assert judge(SNAPSHOT, case(fields), NOW).passed


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("operation: read, topic: a.x, expect: deny", "expected deny, is allow"),
        ("operation: read, topic: b, expect: allow", "expected allow, is deny"),
        (
            "operation: [read, write], topic: a.y, expect: allow",
            "User:alice write topic a.y in zone one: expected allow",
        ),
        ("principal: nobody, operation: read, topic: a.x, expect: deny", "expected deny, is unknown"),
        ("zone: three, operation: read, topic: a.x, expect: deny", "about a zone that is not there"),
        ("zone: three, operation: read, topic: a.x, expect: unknown", "about a zone that is not there"),
        ("operation: read, topic: a.x, expect: unknown", "expected unknown, is allow"),
        ("operation: read, topic: a.x, expect: allow, by: s", "expected by s, is by r"),
        ("operation: read, topic: b, expect: deny, by: r", "is by nothing that has a name"),
        (
            "zone: two, operation: read, topic: a.x, expect: allow, controls: []",
            "done to records, not expected: redact",
        ),
        (f"operation: read, topic: a.y, expect: allow, controls: [{ALERT}]", "expected of records, not done: detect"),
    ],
)
def test_cases_that_do_not(fields: str, told: str) -> None:
    found = faults(fields)
    assert told in found[0]


def test_a_wrong_answer_comes_with_its_reasons() -> None:
    _, reason = faults("operation: read, topic: a.x, expect: deny")
    assert reason == "  {allow: [read], topic: {prefix: a.}} in role r  [p.yaml:9]"
