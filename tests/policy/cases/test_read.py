from __future__ import annotations

import pytest

from tests.policy.cases.written import case
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.policy.cases.read import read_cases
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.model import Operation, Origin, ResourceType


def test_all_that_a_case_can_say() -> None:
    read = case(
        "principal: bob, zone: two, member_of: crew, operation: [read, write], topic: t, host: 10.0.0.1, tls: none, "
        "at: 2026-01-01T00:00:00Z, expect: allow, by: [r, s], controls: [{detect: {types: EMAIL, action: alert}}]"
    )
    assert read.questions == tuple(
        Question("bob", "two", operation, ResourceType.TOPIC, "t", "10.0.0.1", frozenset({"crew"}), "")
        for operation in (Operation.READ, Operation.WRITE)
    )
    assert read.at == 1_767_225_600.0
    assert read.by == ("r", "s")
    assert read.controls is not None
    assert len(read.controls) == 1
    assert read.origin == Origin("c.yaml", 2, 5)


def test_what_a_case_need_not_say() -> None:
    read = case("operation: read, topic: t, expect: deny")
    assert (read.at, read.by, read.controls, read.expect) == (None, (), None, "deny")
    assert read.questions[0].tls == "1.3"


def test_cases_come_in_the_order_of_the_files() -> None:
    entry = "{{name: {}, principal: a, zone: z, operation: read, topic: t, expect: deny}}"
    files = [(name, f"cases:\n  - {entry.format(name)}\n") for name in ("b", "a")]
    assert [read.name for read in read_cases([*files, ("empty", "")])] == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- a", "is a mapping with a list of `cases`"),
        ("cases: {}", "is a mapping with a list of `cases`"),
        ("cases: []\ncase: []", "unknown key `case`"),
        ("cases: [x]", "should be a mapping"),
        ("cases: [", "not YAML"),
    ],
)
def test_files_that_hold_no_cases(text: str, told: str) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        read_cases([("c.yaml", text)])
    assert any(told in str(problem) for problem in caught.value.problems), caught.value.problems
