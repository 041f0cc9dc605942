"""Break-glass grants are loud: whoever has one in force leaves a fact behind with each request."""

from __future__ import annotations

from zoneproxy.boundary.facts import GlassBroken
from zoneproxy.boundary.interceptor import Context


def note_broken_glass(ctx: Context) -> None:
    """Leave a fact for each break-glass grant that the principal has part in."""
    for grant in ctx.snapshot.break_glass(ctx.session.principal):
        ctx.facts.append(GlassBroken(grant.role, grant.reason))
