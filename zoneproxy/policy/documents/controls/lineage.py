"""``lineage:``, where records have been."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from zoneproxy.config.validation import Flag, Whole, refuse
from zoneproxy.policy.documents.controls.section import ControlSection, Surroundings
from zoneproxy.policy.documents.names import Name
from zoneproxy.policy.record_rules import DEFAULT_MAX_HOPS, Lineage


class LineageDocument(ControlSection):
    """Verify where records say that they have been, and write down that they cross here, too."""

    key: Annotated[
        Name | None, Field(description="a key of zoneproxy.yaml that seals; left out: the zone's `lineage_keys`")
    ] = None
    require: Annotated[Flag, Field(description="records without lineage do not cross")] = False
    add: Annotated[Flag, Field(description="false: lineage is verified only")] = True
    max_hops: Annotated[Whole, Field(ge=1, le=32, description="that a record may have made")] = DEFAULT_MAX_HOPS

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        for name in {"key", "max_hops"} & self.model_fields_set:
            if not self.add:
                refuse(f"`{name}` has no effect with `add: false`", "leave it out")
        return self

    def as_control(self, within: Surroundings) -> Lineage:
        """See ControlSection. Whose keys verify is not known here: ``policy/lineage.py`` adds that."""
        return Lineage(within.rule, self.key, self.require, self.add, self.max_hops)

    def key_named(self) -> str | None:
        """See ControlSection."""
        return self.key
