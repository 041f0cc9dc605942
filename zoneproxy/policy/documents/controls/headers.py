"""``headers:``, which headers records must have, and which they must not."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from zoneproxy.config.validation import refuse
from zoneproxy.policy.documents.controls.section import ControlSection, Surroundings
from zoneproxy.policy.notation import NamePattern, as_list
from zoneproxy.policy.record_rules import LINEAGE_HEADERS, HeaderNames

Names = Annotated[tuple[NamePattern, ...], Field(min_length=1), BeforeValidator(as_list)]


class HeadersDocument(ControlSection):
    """Headers by name: of each pattern of ``require`` there must be one, of those of ``forbid`` none."""

    require: Names | None = None
    forbid: Names | None = None
    action: Annotated[
        Literal["block", "remove"],
        Field(description="what becomes of forbidden headers: the record is blocked, or they are taken off"),
    ] = "block"

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.require is None and self.forbid is None:
            refuse("`headers` needs `require` or `forbid`", "as in {forbid: [{prefix: x-internal-}], action: remove}")
        if self.action == "remove" and self.forbid is None:
            refuse("`action: remove` is about forbidden headers", "what is missing cannot be made up: leave it out")
        for pattern in self.require or ():
            if pattern.name.startswith(LINEAGE_HEADERS):
                refuse(f"`{pattern.name[:60]}` is a header of the proxy's own", "write `lineage: {require: true}`")
        return self

    def as_control(self, within: Surroundings) -> HeaderNames:
        """See ControlSection."""
        return HeaderNames(within.rule, self.require or (), self.forbid or (), self.action == "remove")
