"""``flows:``, what may cross from zone to zone, and what is done to its records."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from zoneproxy.config.validation import Number, Section, Text, Whole, refuse
from zoneproxy.policy.documents.names import Name, Title
from zoneproxy.policy.documents.roles import TopicPatterns
from zoneproxy.policy.jsonpath import fault
from zoneproxy.policy.notation import as_list

Confidence = Annotated[Number, Field(ge=0, le=1)]
Types = Annotated[tuple[Text, ...], Field(min_length=1), BeforeValidator(as_list)]
Kept = Annotated[Whole, Field(ge=0, le=64)]

DEFAULT_CONFIDENCE = 0.5


class DetectDocument(Section):
    """Look for types of data anywhere in a record."""

    types: Types
    confidence: Confidence = DEFAULT_CONFIDENCE
    action: Literal["block", "alert", "allow"]


def _json_path(path: str) -> str:
    if wrong := fault(path):
        refuse(f"`{path[:60]}` is not a path: {wrong}", "as in $.card.number, $.items[*].email, $['odd name'][0]")
    return path


class RedactDocument(Section):
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


class ControlDocument(Section):
    """One thing that is done to the records of a flow."""

    detect: DetectDocument | None = None
    redact: RedactDocument | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.detect is None) == (self.redact is None):
            refuse("a control is exactly one of `detect` and `redact`", "start a new entry with `- ` for each")
        return self


class FlowEncryption(Section):
    """What a connection must have for this rule to allow it anything. The rule's controls hold for all of them."""

    min_tls: Annotated[Literal["1.2", "1.3"], Field(description='the oldest TLS version: "1.2" or "1.3"')]


class FlowDocument(Section):
    """One flow rule."""

    name: Title
    from_: Annotated[Name, Field(alias="from")]
    to: Name
    topics: TopicPatterns
    encryption: FlowEncryption | None = None
    controls: tuple[ControlDocument, ...] = ()
