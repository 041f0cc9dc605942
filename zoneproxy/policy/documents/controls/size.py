"""``size:``, how large records may be."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from zoneproxy.config.validation import Whole, refuse
from zoneproxy.policy.documents.controls.section import ControlSection, Surroundings
from zoneproxy.policy.record_rules import MaximumSize

Bytes = Annotated[Whole, Field(ge=0, le=2**31 - 1, description="bytes")]


class SizeDocument(ControlSection):
    """The most bytes of a record's key, its value, its headers (names and values), and all of these."""

    key: Bytes | None = None
    value: Bytes | None = None
    headers: Bytes | None = None
    record: Bytes | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.key is self.value is self.headers is self.record is None:
            refuse("`size` needs at least one of `key`, `value`, `headers` and `record`", "as in {value: 65536}")
        return self

    def as_control(self, within: Surroundings) -> MaximumSize:
        """See ControlSection."""
        return MaximumSize(within.rule, self.key, self.value, self.headers, self.record)
