from __future__ import annotations

from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.controls import Action, Depth, Detect
from zoneproxy.policy.documents.controls.detect import DetectDocument
from zoneproxy.policy.documents.controls.section import DEFAULT_CONFIDENCE, Surroundings

WITHIN = Surroundings("r")


@pytest.mark.parametrize("action", Action)
def test_types_and_an_action(action: Action) -> None:
    written = DetectDocument.model_validate({"types": ["EMAIL", "pci"], "action": action.name.lower()})
    assert written.as_controls(WITHIN) == (Detect("r", ("EMAIL", "pci"), DEFAULT_CONFIDENCE, action),)
    assert (written.types_named(), written.key_named()) == (("EMAIL", "pci"), None)


def test_an_action_from_a_confidence_on() -> None:
    written = DetectDocument.model_validate({"types": ["EMAIL"], "action": "block", "confidence": 0.7})
    assert written.as_controls(WITHIN) == (Detect("r", ("EMAIL",), 0.7, Action.BLOCK),)


def test_several_actions_each_from_its_own_confidence_on() -> None:
    actions = {"block": 0.8, "alert": 0.2, "quarantine": 0.9, "redact": 0.5}
    written = DetectDocument.model_validate({"types": ["EMAIL"], "actions": actions})
    assert written.as_controls(WITHIN) == (
        Detect("r", ("EMAIL",), 0.2, Action.ALERT),
        Detect("r", ("EMAIL",), 0.5, Action.REDACT),
        Detect("r", ("EMAIL",), 0.8, Action.BLOCK),
        Detect("r", ("EMAIL",), 0.9, Action.QUARANTINE),
    )


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ({}, "exactly one of `action` and `actions`"),
        ({"action": "block", "actions": {"alert": 0.1}}, "exactly one of `action` and `actions`"),
        ({"actions": {"alert": 0.1}, "confidence": 0.5}, "`confidence` has no effect beside `actions`"),
        ({"actions": {"alert": 0.5, "block": 0.5}}, "`alert` from 0.5 on has no effect: `block` is from 0.5 on"),
        ({"actions": {"redact": 0.6, "quarantine": 0.5}}, "`redact` from 0.6 on has no effect"),
        ({"actions": {}}, "at least 1 item"),
        ({"actions": {"allow": 0.1}}, "Input should be 'quarantine', 'block', 'redact' or 'alert'"),
        ({"action": "allow", "on_error": "alert"}, "`on_error` has no effect with `action: allow`"),
        ({"action": "block", "on_error": "redact"}, "Input should be 'block', 'quarantine', 'alert' or 'allow'"),
        ({"actions": {"block": 1.5}}, "less than or equal to 1"),
    ],
)
def test_what_makes_no_sense(written: dict[str, Any], complaint: str) -> None:
    assert complaint in refusal(DetectDocument, {"types": ["EMAIL"], **written})


def test_what_becomes_of_what_cannot_be_looked_into() -> None:
    actions = {"alert": 0.2, "block": 0.8}
    written = DetectDocument.model_validate({"types": ["EMAIL"], "actions": actions, "on_error": "quarantine"})
    assert [control.on_error for control in written.as_controls(WITHIN)] == [Action.QUARANTINE] * 2
    assert all(control.quarantines for control in written.as_controls(WITHIN))
    assert written.looks_at == "findings"
    assert DetectDocument.model_validate({"types": ["EMAIL"], "action": "allow"}).looks_at is None


def test_a_depth_of_its_own() -> None:
    written = DetectDocument.model_validate({"types": ["EMAIL"], "action": "block", "depth": "deep"})
    assert [control.depth for control in written.each(WITHIN)] == [Depth.DEEP]
    assert "Input should be" in refusal(DetectDocument, {"types": ["EMAIL"], "action": "block", "depth": "deeper"})
