from __future__ import annotations

from tests.boundary.said.said_kit import CARD, EMAIL, found, refusals, says
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.said.names import HOLDS_DATA, TOO_LONG, TopicNames
from zoneproxy.boundary.said.screen import Screen
from zoneproxy.wire.messages.api_keys import ApiKey

NAMES = TopicNames(Screen(Plans({}), 1))
API = ApiKey.CREATE_TOPICS


def test_the_form_that_a_zone_asks_for_is_that_of_the_whole_name() -> None:
    ctx = says("teller", API, 5)
    assert NAMES.refusal("open.a-1", ctx) is None
    for name in ("Open.a", "open.a_b", "open a", ""):
        assert NAMES.refusal(name, ctx) == "Names of topics here have the form [a-z.0-9-]+"


def test_data_in_a_name_is_refused_without_repeating_it() -> None:
    ctx = says("teller", API, 5)
    assert NAMES.refusal(f"a-{CARD}", ctx) == HOLDS_DATA
    dashed = "-".join((CARD[:4], CARD[4:8], CARD[8:12], CARD[12:]))
    assert NAMES.refusal(dashed, ctx) == HOLDS_DATA
    assert refusals(ctx) == [("topic_name", "finding")] * 2
    assert found(ctx) == [("zone payments", "PAYMENT_CARD", "topic_name", "block")] * 2


def test_nothing_is_told_while_it_is_only_asked() -> None:
    ctx = says("teller", API, 5)
    assert NAMES.refusal(CARD, ctx, tell=False) == HOLDS_DATA
    assert ctx.facts == []


def test_zones_without_rules_take_any_name() -> None:
    ctx = says("loner", API, 5, zone="lonely")
    assert NAMES.refusal(f"{CARD}-{EMAIL}", ctx) is None
    assert NAMES.refusal("x", says("loner", API, 5, zone="nowhere")) is None


def test_what_is_too_long_for_a_name_is_refused_at_once() -> None:
    ctx = says("teller", API, 5)
    assert NAMES.refusal("a" * 249, ctx) is None
    assert NAMES.refusal("a" * 250, ctx) == TOO_LONG
    assert NAMES.refusal("a" * 250, says("loner", API, 5, zone="lonely")) is None
