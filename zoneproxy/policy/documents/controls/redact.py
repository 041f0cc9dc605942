"""``redact:``, change values."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from zoneproxy.config.validation import Text, Whole, refuse
from zoneproxy.policy.controls import RedactField, RedactFinding
from zoneproxy.policy.documents.controls.section import (
    DEFAULT_CONFIDENCE,
    Confidence,
    ControlSection,
    Surroundings,
    Types,
)
from zoneproxy.policy.documents.names import Name
from zoneproxy.policy.jsonpath import fault
from zoneproxy.policy.transforms import Transform, TransformKind

Kept = Annotated[Whole, Field(ge=0, le=64)]


def _json_path(path: str) -> str:
    if wrong := fault(path):
        refuse(f"`{path[:60]}` is not a path: {wrong}", "as in $.card.number, $.items[*].email, $['odd name'][0]")
    return path


class RedactDocument(ControlSection):
    """Change a value: at a path of a JSON record, or wherever a detector finds one."""

    field: Annotated[Text, AfterValidator(_json_path)] | None = None
    types: Types | None = None
    confidence: Confidence | None = None
    with_: Annotated[Literal["mask", "hash", "remove"], Field(alias="with")]
    keep_first: Kept = 0
    keep_last: Kept = 0
    mask_with: Annotated[str, Field(pattern=r"^[!#-\[\]-~]$", description='one character, as in "*"')] = "*"
    key: Annotated[Name, Field(description="a key of zoneproxy.yaml")] | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.field is None) == (self.types is None):
            refuse("`redact` needs exactly one of `field` and `types`", "what is to be changed: a place, or findings")
        if self.field is not None and self.confidence is not None:
            refuse("`confidence` is about findings: with `field` it has no effect", "leave it out")
        only_for_mask = {"keep_first", "keep_last", "mask_with"} & self.model_fields_set
        if self.with_ != "mask" and only_for_mask:
            refuse(f"`{min(only_for_mask)}` has an effect only with `with: mask`", "leave it out")
        if self.with_ == "hash" and self.key is None:
            refuse("`with: hash` needs a `key`", "a bare hash of a card number can be guessed; name a key of `keys:`")
        if self.with_ != "hash" and self.key is not None:
            refuse("`key` has an effect only with `with: hash`", "leave it out")
        return self

    def as_control(self, within: Surroundings) -> RedactField | RedactFinding:
        """See ControlSection."""
        transform = self._transform()
        if self.field is not None:
            return RedactField(within.rule, self.field, transform)
        confidence = DEFAULT_CONFIDENCE if self.confidence is None else self.confidence
        return RedactFinding(within.rule, self.types or (), confidence, transform)

    def types_named(self) -> tuple[str, ...]:
        """See ControlSection."""
        return self.types or ()

    def key_named(self) -> str | None:
        """See ControlSection."""
        return self.key

    def _transform(self) -> Transform:
        return Transform(
            kind=TransformKind(self.with_),
            keep_first=self.keep_first,
            keep_last=self.keep_last,
            mask_with=self.mask_with,
            key=self.key,
        )
