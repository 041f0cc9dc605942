"""``detect:``, look for data."""

from __future__ import annotations

from typing import Literal

from zoneproxy.policy.controls import Action, Detect
from zoneproxy.policy.documents.controls.section import (
    DEFAULT_CONFIDENCE,
    Confidence,
    ControlSection,
    Surroundings,
    Types,
)


class DetectDocument(ControlSection):
    """Look for types of data anywhere in a record."""

    types: Types
    confidence: Confidence = DEFAULT_CONFIDENCE
    action: Literal["block", "alert", "allow"]

    def as_control(self, within: Surroundings) -> Detect:
        """See ControlSection."""
        return Detect(within.rule, self.types, self.confidence, _ACTIONS[self.action])

    def types_named(self) -> tuple[str, ...]:
        """See ControlSection."""
        return self.types


_ACTIONS = {"block": Action.BLOCK, "alert": Action.ALERT, "allow": Action.ALLOW}
