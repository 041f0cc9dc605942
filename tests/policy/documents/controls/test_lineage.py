from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.controls.lineage import LineageDocument
from zoneproxy.policy.documents.controls.section import Surroundings
from zoneproxy.policy.record_rules import Lineage


@pytest.mark.parametrize(
    ("data", "control"),
    [
        ({}, Lineage("r")),
        ({"key": "k", "max_hops": 3}, Lineage("r", key="k", max_hops=3)),
        ({"require": True, "add": False}, Lineage("r", require=True, add=False)),
    ],
)
def test_lineage(data: dict[str, Any], control: Lineage) -> None:
    written = LineageDocument.model_validate(data)
    assert written.as_control(Surroundings("r")) == control
    assert written.key_named() == control.key


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"add": False, "key": "k"}, "`key` has no effect with `add: false`"),
        ({"add": False, "max_hops": 3}, "`max_hops` has no effect with `add: false`"),
        ({"max_hops": 0}, "greater than or equal to 1"),
        ({"max_hops": 33}, "less than or equal to 32"),
        ({"key": "No Name"}, "pattern"),
        ({"require": "yes"}, "valid boolean"),
    ],
)
def test_what_makes_no_sense(data: dict[str, Any], message: str) -> None:
    assert message in refusal(LineageDocument, data)
