from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.controls import Action
from zoneproxy.policy.documents.controls.binary import BinaryDocument
from zoneproxy.policy.documents.controls.section import Surroundings
from zoneproxy.policy.value_rules import Binary


def test_binary() -> None:
    written = BinaryDocument.model_validate({"action": "block"})
    assert written.as_control(Surroundings("r")) == Binary("r", Action.BLOCK, ("value",))
    written = BinaryDocument.model_validate({"action": "alert", "parts": ["key", "headers"]})
    assert written.as_control(Surroundings("r")) == Binary("r", Action.ALERT, ("key", "headers"))
    assert BinaryDocument.model_validate({"action": "allow", "parts": "key"}).parts == ("key",)


@pytest.mark.parametrize("data", [{}, {"action": "redact"}, {"action": "block", "parts": []}])
def test_what_makes_no_sense(data: dict[str, Any]) -> None:
    assert refusal(BinaryDocument, data)
