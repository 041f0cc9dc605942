"""``grants:``, a role for a while, with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from zoneproxy.config.validation import Flag, Section, Text, refuse
from zoneproxy.policy.documents.names import GroupName, Name
from zoneproxy.policy.notation import PrincipalName

MAX_BREAK_GLASS = timedelta(hours=24)
"""Nobody has approved it, so it must not become a habit."""


def moment(value: object) -> datetime:
    """A date, a time and a zone, as in ISO 8601; refuses everything else."""
    try:
        parsed = datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None or "T" not in str(value).upper():
        refuse(f"`{str(value)[:60]}` is not a moment", "write date, time and zone, as in 2026-12-01T00:00:00Z")
    return parsed


Moment = Annotated[Any, PlainValidator(moment), WithJsonSchema({"type": "string", "format": "date-time"})]


class GrantDocument(Section):
    """One grant, for one principal or one group. Once it is over it has no effect, and may stay as a record."""

    principal: PrincipalName | None = None
    group: GroupName | None = None
    role: Name
    from_: Annotated[Moment | None, Field(alias="from", description="left out: from now on")] = None
    until: Moment
    reason: Annotated[Text, Field(description="why: a ticket, an incident")]
    approved_by: Annotated[Text | None, Field(description="who said yes: somebody else")] = None
    break_glass: Annotated[Flag, Field(description="in an emergency: without approval, and loud")] = False

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.principal is None) == (self.group is None):
            refuse("a grant is for exactly one of `principal` and `group`", "make two entries of it")
        if self.from_ is not None and self.until <= self.from_:
            refuse("`until` is not after `from`: it would never be in force")
        if self.approved_by is None and not self.break_glass:
            refuse("nobody has approved it", "`approved_by: ...`, or in an emergency `break_glass: true`")
        if self.approved_by is not None and self.approved_by == self.principal:
            refuse(f"`{self.approved_by[:60]}` approves its own grant", "somebody else has to")
        if self.break_glass and (self.from_ is None or self.until - self.from_ > MAX_BREAK_GLASS):
            refuse("a break-glass grant needs `from`, and `until` at most 24 hours later", "it is for an emergency")
        return self
