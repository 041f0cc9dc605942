from __future__ import annotations

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.controls import Action, Detect
from zoneproxy.policy.documents.controls.control import ControlDocument
from zoneproxy.policy.documents.controls.section import Surroundings

DETECT = {"types": ["EMAIL"], "action": "alert"}
REDACT = {"field": "$.a", "with": "remove"}


def test_a_control_is_one_thing() -> None:
    for written in ({}, {"detect": DETECT, "redact": REDACT}):
        complaint = refusal(ControlDocument, written)
        assert "a control is exactly one of `detect`" in complaint
        assert "`redact`" in complaint


def test_it_is_what_is_written_under_its_kind() -> None:
    control = ControlDocument.model_validate({"detect": DETECT})
    assert control.kind == "detect"
    assert control.written is control.detect
    assert control.as_controls(Surroundings("r")) == (Detect("r", ("EMAIL",), 0.5, Action.ALERT),)
