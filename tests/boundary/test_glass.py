from __future__ import annotations

from tests.boundary.kit import NOW, POLICY, context
from zoneproxy.boundary.facts import GlassBroken
from zoneproxy.boundary.glass import note_broken_glass
from zoneproxy.wire.messages.api_keys import ApiKey

BROKEN = (
    POLICY
    + """
grants:
  - principal: clerk
    role: unrestricted
    from: 1970-01-01T00:00:00Z
    until: 1970-01-01T01:00:00Z
    reason: fire
    break_glass: true
"""
)


def test_whoever_broke_the_glass_leaves_a_fact_with_each_request() -> None:
    facts = {}
    for who in ("clerk", "dashboards", "nobody"):
        ctx = context(who, ApiKey.FETCH, 12, policy=BROKEN)
        ctx.snapshot = ctx.snapshot.at(NOW)
        note_broken_glass(ctx)
        facts[who] = ctx.facts
    assert facts == {"clerk": [GlassBroken("unrestricted", "fire")], "dashboards": [], "nobody": []}


def test_when_it_is_over_it_is_quiet() -> None:
    ctx = context("clerk", ApiKey.FETCH, 12, policy=BROKEN)
    ctx.snapshot = ctx.snapshot.at(3600.0)
    note_broken_glass(ctx)
    assert ctx.facts == []
