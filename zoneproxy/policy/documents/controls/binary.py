"""``binary:``, what becomes of values that nobody can look into."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from zoneproxy.policy.controls import Action
from zoneproxy.policy.documents.controls.section import ControlSection, Surroundings
from zoneproxy.policy.notation import as_list
from zoneproxy.policy.value_rules import Binary

Parts = Annotated[tuple[Literal["value", "key", "headers"], ...], Field(min_length=1), BeforeValidator(as_list)]


class BinaryDocument(ControlSection):
    """Parts of records that are neither text nor of a format that the flow names."""

    action: Annotated[
        Literal["allow", "alert", "block"], Field(description="let through, let through and tell, refuse")
    ]
    parts: Parts = ("value",)

    def as_control(self, within: Surroundings) -> Binary:
        """See ControlSection."""
        return Binary(within.rule, Action[self.action.upper()], self.parts)
