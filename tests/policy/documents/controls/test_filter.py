from __future__ import annotations

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.conditions.parser import parse_condition
from zoneproxy.policy.documents.controls.filter import FilterDocument
from zoneproxy.policy.documents.controls.section import Surroundings
from zoneproxy.policy.record_rules import RowFilter


def test_a_condition() -> None:
    when = '$.region == "EU"'
    written = FilterDocument.model_validate({"when": when}).as_control(Surroundings("r"))
    assert isinstance(written, RowFilter)
    assert (written.rule, written.when, written.condition) == ("r", when, parse_condition(when))


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("", "at least 1 character"),
        ("$.a = 1", "from character 5 on: not understood: `= 1`"),
        ("$.a == ", "from character 8 on: expected a path"),
        ("x" * 4097, "at most 4096 characters"),
    ],
)
def test_what_is_none(when: str, message: str) -> None:
    assert message in refusal(FilterDocument, {"when": when})
