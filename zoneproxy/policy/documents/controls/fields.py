"""``forbid:`` and ``allow:``, fields that records must not have, and the only ones that they may have."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from zoneproxy.config.validation import refuse
from zoneproxy.policy.controls import Action
from zoneproxy.policy.documents.controls.places import FieldNames, JsonPaths, TagNames
from zoneproxy.policy.documents.controls.section import ControlSection, OnErrorName, Surroundings
from zoneproxy.policy.field_controls import AllowFields, ForbidFields


class ForbidDocument(ControlSection):
    """Fields that a record must not have, whatever is in them."""

    field: JsonPaths = ()
    name: Annotated[FieldNames, Field(description="fields of this name, wherever they stand")] = ()
    tag: Annotated[TagNames, Field(description="fields to which their schema gives this tag")] = ()
    action: Literal["quarantine", "block", "alert"]
    on_error: OnErrorName = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if not (self.field or self.name or self.tag):
            refuse(
                "`forbid` needs at least one of `field`, `name` and `tag`", "as in {name: [cvv, pin], action: block}"
            )
        return self

    @property
    def looks_at(self) -> Literal["findings", "fields"] | None:
        """See ControlSection."""
        return "fields"

    @property
    def asks_for_tags(self) -> bool:
        """See ControlSection."""
        return bool(self.tag)

    def as_control(self, within: Surroundings) -> ForbidFields:
        """See ControlSection."""
        return ForbidFields(within.rule, self.field, self.name, self.tag, Action[self.action.upper()])


class AllowDocument(ControlSection):
    """The only fields that may cross; the rest of a value is removed, so what cannot be read never crosses."""

    fields: JsonPaths

    @property
    def looks_at(self) -> Literal["findings", "fields"] | None:
        """See ControlSection."""
        return "fields"

    def as_control(self, within: Surroundings) -> AllowFields:
        """See ControlSection."""
        return AllowFields(within.rule, self.fields)
