from __future__ import annotations

import pytest

from zoneproxy.policy.controls import Action, Detect
from zoneproxy.policy.documents.controls.detect import DetectDocument
from zoneproxy.policy.documents.controls.section import DEFAULT_CONFIDENCE, Surroundings


@pytest.mark.parametrize("action", [Action.BLOCK, Action.ALERT, Action.ALLOW])
def test_types_and_an_action(action: Action) -> None:
    written = DetectDocument.model_validate({"types": ["EMAIL", "pci"], "action": action.name.lower()})
    assert written.as_control(Surroundings("r")) == Detect("r", ("EMAIL", "pci"), DEFAULT_CONFIDENCE, action)
    assert (written.types_named(), written.key_named()) == (("EMAIL", "pci"), None)
