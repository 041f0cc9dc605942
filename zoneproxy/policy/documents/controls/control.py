"""One control of a flow: exactly one of the kinds."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from zoneproxy.config.validation import Section, refuse
from zoneproxy.policy.controls import Control
from zoneproxy.policy.documents.controls.binary import BinaryDocument
from zoneproxy.policy.documents.controls.detect import DetectDocument
from zoneproxy.policy.documents.controls.fields import AllowDocument, ForbidDocument
from zoneproxy.policy.documents.controls.filter import FilterDocument
from zoneproxy.policy.documents.controls.format import FormatDocument
from zoneproxy.policy.documents.controls.headers import HeadersDocument
from zoneproxy.policy.documents.controls.lineage import LineageDocument
from zoneproxy.policy.documents.controls.redact import RedactDocument
from zoneproxy.policy.documents.controls.section import ControlSection, Surroundings
from zoneproxy.policy.documents.controls.size import SizeDocument


class ControlDocument(Section):
    """One thing that is done to the records of a flow."""

    detect: DetectDocument | None = None
    redact: RedactDocument | None = None
    forbid: ForbidDocument | None = None
    allow: AllowDocument | None = None
    format: FormatDocument | None = None
    binary: BinaryDocument | None = None
    filter: FilterDocument | None = None
    headers: HeadersDocument | None = None
    size: SizeDocument | None = None
    lineage: LineageDocument | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if len(self._written()) != 1:
            *kinds, last = (f"`{name}`" for name in type(self).model_fields)
            listed = f"{', '.join(kinds)} and {last}"
            refuse(f"a control is exactly one of {listed}", "start a new entry with `- ` for each")
        return self

    @property
    def kind(self) -> str:
        """The one key that is written."""
        return next(iter(self._written()))

    @property
    def written(self) -> ControlSection:
        """What is written under it."""
        return self._written()[self.kind]

    def as_controls(self, within: Surroundings) -> tuple[Control, ...]:
        """The plain values that it comes to."""
        return self.written.as_controls(within)

    def _written(self) -> dict[str, ControlSection]:
        return {name: section for name in type(self).model_fields if (section := getattr(self, name)) is not None}
