"""``flows:``, what may cross from zone to zone, and what is done to its records."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from zoneproxy.config.validation import Flag, Section
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
