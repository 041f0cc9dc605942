"""What all kinds of controls have in common."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, Field

from zoneproxy.config.validation import Number, Section, Text
from zoneproxy.policy.controls import Control
from zoneproxy.policy.notation import as_list

Confidence = Annotated[Number, Field(ge=0, le=1)]
Types = Annotated[tuple[Text, ...], Field(min_length=1), BeforeValidator(as_list)]

DEFAULT_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a control stands: all that it depends on besides what is written in it."""

    rule: str = ""  # the name of the flow rule


class ControlSection(Section):
    """One kind of control, as it is written."""

    @abstractmethod
    def as_control(self, within: Surroundings) -> Control:
        """The plain value."""

    def types_named(self) -> tuple[str, ...]:
        """The detectors and packs that it names under ``types``."""
        return ()

    def key_named(self) -> str | None:
        """The key that it names under ``key``."""
        return None
