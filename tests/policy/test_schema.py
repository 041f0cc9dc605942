from __future__ import annotations

from pathlib import Path

import pytest

from tests.json_schema import Checker
from zoneproxy.config.located import read_yaml
from zoneproxy.policy.schema import policy_schema

EXAMPLES = sorted((Path(__file__).parents[2] / "policies").glob("*.yaml"))

GOOD = """\
zones:
  payments: {level: restricted, owner: o, upstream: u}
principals:
  - {name: alice, zone: payments, match: {subject: {CN: alice}}, roles: [r]}
roles:
  r: [{allow: read, topic: {prefix: a.}}, {deny: [write, describe], group: [a, {literal: b}]}]
grants:
flows: []
"""
CHECKER = Checker(policy_schema())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_the_examples_are_right(path: Path) -> None:
    assert CHECKER.accepts(read_yaml(path.read_text(), path.name, []).data)


def accepted(text: str) -> bool:
    return CHECKER.accepts(read_yaml(text, "f", []).data)


def test_short_and_long_forms() -> None:
    assert accepted(GOOD)
    assert accepted("") is False  # an empty file has nothing to complete


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("level:", "lvel:"),
        ("payments: {", "Payments: {"),
        ("owner: o, ", ""),
        ("allow: read", "allow: reed"),
        ("prefix: a.", "prefixx: a."),
        ("{prefix: a.}", "{prefix: a., literal: b}"),
        ("match: {subject", "match: {subjct"),
        ("grants:", "grants: [{role: r}]"),
        ("flows:", "flow:"),
    ],
)
def test_what_an_editor_would_mark(old: str, new: str) -> None:
    assert old in GOOD
    assert not accepted(GOOD.replace(old, new, 1))
