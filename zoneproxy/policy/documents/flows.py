"""``flows:``, what may cross from zone to zone, and what is done to its records."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from zoneproxy.config.validation import Flag, Section, refuse
from zoneproxy.policy.documents.controls.control import ControlDocument
from zoneproxy.policy.documents.controls.section import DepthName
from zoneproxy.policy.documents.names import Name, Title
from zoneproxy.policy.documents.roles import TopicPatterns


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
    observe: Annotated[
        Flag, Field(description="try the controls out: what they would have done is counted and told, nothing changed")
    ] = False
    depth: DepthName = None
    controls: tuple[ControlDocument, ...] = ()

    @model_validator(mode="after")
    def _tags_come_from_schemas(self) -> Self:
        written = [control.written for control in self.controls]
        if any(each.asks_for_tags for each in written) and not any(each.gives_tags for each in written):
            refuse(
                "a rule for a `tag` has an effect only where values are read with schemas",
                "in the same flow: format: {value: avro, schemas: ...}, or protobuf",
            )
        return self
