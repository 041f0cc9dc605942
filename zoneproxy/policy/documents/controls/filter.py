"""``filter:``, which records cross."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from zoneproxy.config.validation import Text, refuse
from zoneproxy.policy.conditions.parser import parse_condition
from zoneproxy.policy.conditions.words import NotACondition
from zoneproxy.policy.documents.controls.section import ControlSection, Surroundings
from zoneproxy.policy.record_rules import RowFilter


def _condition(text: str) -> str:
    try:
        parse_condition(text)
    except NotACondition as wrong:
        message = f"`when` is wrong from character {wrong.at + 1} on: {wrong.what}"
        refuse(message, 'as in $.region == "EU" or principal.name in $.readers[*]')
    return text


class FilterDocument(ControlSection):
    """Only records of which a condition is true cross: on fetch the others stay behind, on produce they are refused."""

    when: Annotated[
        Text,
        AfterValidator(_condition),
        Field(description='a condition, as in $.region == "EU" and header("x") != "y"'),
    ]

    def as_control(self, within: Surroundings) -> RowFilter:
        """See ControlSection."""
        return RowFilter(within.rule, self.when, parse_condition(self.when))
