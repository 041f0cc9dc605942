from __future__ import annotations

from pathlib import Path

import pytest

from tests.json_schema import Checker
from zoneproxy.config.located import read_yaml
from zoneproxy.policy.cases.schema import cases_schema

EXAMPLES = sorted((Path(__file__).parents[3] / "policies" / "tests").glob("*.yaml"))
GOOD = "cases: [{name: n, principal: p, zone: z, operation: read, topic: t, expect: deny, by: r}]"
CHECKER = Checker(cases_schema())


def accepted(text: str) -> bool:
    return CHECKER.accepts(read_yaml(text, "f", []).data)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_are_right(path: Path) -> None:
    assert accepted(path.read_text())


@pytest.mark.parametrize(
    ("old", "new"),
    [("cases", "case"), ("expect: deny", "expect: no"), ("operation: read", "operation: raed"), ("name: n, ", "")],
)
def test_what_an_editor_would_mark(old: str, new: str) -> None:
    assert accepted(GOOD)
    assert not accepted(GOOD.replace(old, new, 1))
