"""``principals:``, who there is."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from zoneproxy.config.validation import Section
from zoneproxy.policy.documents.matches import MatchDocument
from zoneproxy.policy.documents.names import Name
from zoneproxy.policy.notation import PrincipalName, as_list


class PrincipalDocument(Section):
    """One principal. Without ``match`` only a plaintext listener can name it."""

    name: PrincipalName
    zone: Annotated[Name, Field(description="the home zone, the one that this principal belongs to")]
    match: Annotated[tuple[MatchDocument, ...], BeforeValidator(as_list)] = ()
    roles: tuple[Name, ...] = ()
