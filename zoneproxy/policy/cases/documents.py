"""What may be written in tests/*.yaml beside the policies."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from zoneproxy.config.validation import Section, Text, refuse
from zoneproxy.policy.acl import CLUSTER_NAME, SUPPORTED
from zoneproxy.policy.documents.controls.control import ControlDocument
from zoneproxy.policy.documents.grants import Moment
from zoneproxy.policy.documents.names import Name
from zoneproxy.policy.documents.roles import Operations
from zoneproxy.policy.model import ResourceType
from zoneproxy.policy.notation import as_list

_RESOURCES = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional_id": ResourceType.TRANSACTIONAL_ID,
    "cluster": ResourceType.CLUSTER,
}


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        refuse(f"`{value[:60]}` is not an IP address", "as in 10.0.0.1")


def _word(value: object) -> object:
    """``tls: 1.3`` is a number to YAML, and cannot mean anything else here."""
    return str(value) if isinstance(value, float) else value


class CaseDocument(Section):
    """One case: who asks for what, and what the answer is to be."""

    name: Annotated[Text, Field(description="what is meant to be so, in a sentence")]
    principal: Text
    member_of: Annotated[tuple[Text, ...], BeforeValidator(as_list)] = ()
    zone: Annotated[Name, Field(description="the zone of the listener")]
    operation: Operations
    topic: Text | None = None
    group: Text | None = None
    transactional_id: Text | None = None
    cluster: Literal[True] | None = None
    host: Annotated[Text, AfterValidator(_address)] = "127.0.0.1"
    tls: Annotated[Literal["none", "1.2", "1.3"], BeforeValidator(_word)] = "1.3"
    at: Annotated[Moment | None, Field(description="left out: now")] = None
    expect: Annotated[Literal["allow", "deny", "unknown"], Field(description="unknown: there is no such principal")]
    by: Annotated[tuple[Text, ...], BeforeValidator(as_list)] = ()
    controls: tuple[ControlDocument, ...] | None = None

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if sum(getattr(self, name) is not None for name in _RESOURCES) != 1:
            refuse("a case is about exactly one of `topic`, `group`, `transactional_id` and `cluster: true`")
        wrong = [each.name.lower() for each in self.operation if each not in SUPPORTED[self.resource]]
        if wrong:
            known = ", ".join(sorted(each.name.lower() for each in SUPPORTED[self.resource]))
            refuse(f"`{wrong[0]}` cannot be done to a {self.resource.name.lower()}", f"known: {known}")
        if self.controls is not None and self.topic is None:
            refuse("`controls` are about the records of a topic", "leave them out")
        return self

    @property
    def resource(self) -> ResourceType:
        """What kind of resource it is about."""
        return next(kind for name, kind in _RESOURCES.items() if getattr(self, name) is not None)

    @property
    def resource_name(self) -> str:
        """Which one."""
        return self.topic or self.group or self.transactional_id or CLUSTER_NAME


class CasesDocument(Section):
    """A whole file. Cases are checked one by one, so this is the outline only."""

    cases: tuple[CaseDocument, ...]
