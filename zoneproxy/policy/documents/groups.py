"""``groups:``, roles for many."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from zoneproxy.config.validation import Section
from zoneproxy.policy.documents.names import Name


class GroupDocument(Section):
    """One group. In it are principals that list it, and those whose certificate or token names it."""

    roles: tuple[Name, ...] = ()
    zone: Annotated[Name | None, Field(description="only for those who are at home there; left out: for all")] = None
