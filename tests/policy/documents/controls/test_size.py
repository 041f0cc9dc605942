from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.controls.section import Surroundings
from zoneproxy.policy.documents.controls.size import SizeDocument
from zoneproxy.policy.record_rules import MaximumSize


def test_sizes() -> None:
    written = SizeDocument.model_validate({"key": 0, "value": 2, "headers": 3, "record": 4})
    assert written.as_control(Surroundings("r")) == MaximumSize("r", 0, 2, 3, 4)
    assert SizeDocument.model_validate({"value": 5}).as_control(Surroundings("r")) == MaximumSize("r", value=5)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "needs at least one of"),
        ({"value": -1}, "greater than or equal to 0"),
        ({"value": 2**31}, "less than or equal to"),
        ({"value": "64K"}, "valid integer"),
    ],
)
def test_what_makes_no_sense(data: dict[str, Any], message: str) -> None:
    assert message in refusal(SizeDocument, data)
