"""A whole policy file."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from zoneproxy.config.validation import Section
from zoneproxy.policy.documents.detectors import AllowListDocument, DetectorDocument
from zoneproxy.policy.documents.flows import FlowDocument
from zoneproxy.policy.documents.grants import GrantDocument
from zoneproxy.policy.documents.groups import GroupDocument
from zoneproxy.policy.documents.identities import IdentityDocument
from zoneproxy.policy.documents.names import GroupName, Name
from zoneproxy.policy.documents.principals import PrincipalDocument
from zoneproxy.policy.documents.revocations import RevocationDocument
from zoneproxy.policy.documents.roles import RuleDocument
from zoneproxy.policy.documents.zones import ZoneDocument

Levels = Annotated[tuple[Name, ...], Field(min_length=1)]


class PolicyDocument(Section):
    """A whole file; any file may hold any of these. Entries are checked one by one, so this is the outline only."""

    levels: Levels = ()
    zones: dict[Name, ZoneDocument] = Field(default_factory=dict)
    principals: tuple[PrincipalDocument, ...] = ()
    identities: tuple[IdentityDocument, ...] = ()
    revoked: tuple[RevocationDocument, ...] = ()
    groups: dict[GroupName, GroupDocument] = Field(default_factory=dict)
    roles: dict[Name, tuple[RuleDocument, ...]] = Field(default_factory=dict)
    grants: tuple[GrantDocument, ...] = ()
    detectors: tuple[DetectorDocument, ...] = ()
    allow_lists: tuple[AllowListDocument, ...] = ()
    flows: tuple[FlowDocument, ...] = ()
