from __future__ import annotations

from tests.boundary.kit import POLICY, context, snapshot
from zoneproxy.boundary.interceptor import Context
from zoneproxy.wire.messages.api_keys import ApiKey


def test_home_is_where_the_policy_in_force_says() -> None:
    before = context("clerk", ApiKey.FETCH, 12)
    moved = POLICY.replace("{name: clerk, zone: payments,", "{name: clerk, zone: analytics,")
    after = Context(before.session, before.header, snapshot(moved), before.now)

    assert before.home == "payments"
    assert after.home == "analytics"


def test_whoever_the_policy_no_longer_knows_stays_where_they_were() -> None:
    ctx = context("somebody", ApiKey.FETCH, 12, zone="analytics")

    assert ctx.home == "analytics"


def test_controls_are_tried_out_where_the_listener_or_its_zone_says_so() -> None:
    ctx = context("clerk", ApiKey.FETCH, 12)
    assert not ctx.observe
    ctx.session.observe = True
    assert ctx.observe
    zone = context("clerk", ApiKey.FETCH, 12, policy=POLICY.replace("payments: {", "payments: {observe: true, "))
    assert zone.observe
