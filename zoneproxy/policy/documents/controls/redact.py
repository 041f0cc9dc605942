"""``redact:``, change values."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from zoneproxy.config.validation import refuse
from zoneproxy.policy.controls import Control, RedactField, RedactFinding
from zoneproxy.policy.documents.controls.change import ChangeSection
from zoneproxy.policy.documents.controls.places import FieldNames, JsonPaths, TagNames
from zoneproxy.policy.documents.controls.section import (
    DEFAULT_CONFIDENCE,
    Confidence,
    DepthName,
    OnErrorName,
    Surroundings,
    Types,
)
from zoneproxy.policy.field_controls import RedactKey, RedactName, RedactTag

_WHERE = ("field", "name", "tag", "types", "part")
_EQUAL_STAYS_EQUAL = ("tokenise", "hash")


class RedactDocument(ChangeSection):
    """Change values: at a path, of a name, with a tag, wherever a detector finds one, or the record's key."""

    field: JsonPaths | None = None
    name: Annotated[FieldNames | None, Field(description="fields of this name, wherever they stand")] = None
    tag: Annotated[TagNames | None, Field(description="fields to which their schema gives this tag")] = None
    types: Types | None = None
    part: Annotated[Literal["key"] | None, Field(description="the whole key of each record")] = None
    confidence: Confidence | None = None
    depth: DepthName = None
    on_error: OnErrorName = None
    record_keys: Annotated[
        Literal["block", "tokenise"] | None, Field(description="what is done about findings in the keys of records")
    ] = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if sum(getattr(self, where) is not None for where in _WHERE) != 1:
            listed = ", ".join(f"`{where}`" for where in _WHERE[:-1])
            refuse(f"`redact` needs exactly one of {listed} and `{_WHERE[-1]}`", "what is to be changed")
        for option in ("confidence", "depth", "record_keys"):
            if self.types is None and getattr(self, option) is not None:
                refuse(f"`{option}` is about findings: it has an effect only with `types`", "leave it out")
        if self.part is not None and self.on_error is not None:
            refuse("`on_error` has no effect with `part`: a key is changed whatever it is", "leave it out")
        if (self.part or self.record_keys == "tokenise") and self.with_ not in _EQUAL_STAYS_EQUAL:
            message = "keys of records can be changed with `tokenise` and `hash` only"
            refuse(
                message, "with anything else, records with different keys would get equal ones, and be compacted away"
            )
        return self

    @property
    def looks_at(self) -> Literal["findings", "fields"] | None:
        """See ControlSection."""
        if self.part is not None:
            return None
        return "fields" if self.types is None else "findings"

    @property
    def asks_for_tags(self) -> bool:
        """See ControlSection."""
        return bool(self.tag)

    def each(self, within: Surroundings) -> tuple[Control, ...]:
        """See ControlSection."""
        rule, transform = within.rule, self.transform(within.zone)
        if self.types is not None:
            confidence = DEFAULT_CONFIDENCE if self.confidence is None else self.confidence
            in_keys = self.record_keys == "tokenise"
            about = within.about(self.types)
            depth = within.depth_of(self.depth)
            found = RedactFinding(rule, self.types, confidence, transform, definitions=about, depth=depth)
            return (replace(found, record_keys=in_keys),)
        if self.part is not None:
            return (RedactKey(rule, transform),)
        return (
            *(RedactField(rule, path, transform) for path in self.field or ()),
            *(RedactName(rule, transform, name) for name in self.name or ()),
            *(RedactTag(rule, transform, tag) for tag in self.tag or ()),
        )

    def types_named(self) -> tuple[str, ...]:
        """See ControlSection."""
        return self.types or ()
