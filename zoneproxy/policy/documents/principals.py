"""``principals:``, who there is."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from zoneproxy.config.validation import Section, refuse
from zoneproxy.policy.documents.matches import MatchDocument
from zoneproxy.policy.documents.names import GroupName, Name
from zoneproxy.policy.identities import ANY_USER
from zoneproxy.policy.notation import PrincipalName, as_list


class PrincipalDocument(Section):
    """One principal. Without ``match`` only a plaintext listener can name it."""

    name: PrincipalName
    zone: Annotated[Name, Field(description="the home zone, the one that this principal belongs to")]
    match: Annotated[tuple[MatchDocument, ...], BeforeValidator(as_list)] = ()
    roles: tuple[Name, ...] = ()
    groups: Annotated[tuple[GroupName, ...], Field(description="of `groups`, beside those that it proves")] = ()

    @model_validator(mode="after")
    def _is_somebody(self) -> Self:
        if any(match.sasl == ANY_USER for match in self.match):
            refuse('`sasl: "*"` is everybody with a password, and a principal is somebody', "write the user's name")
        return self
