from __future__ import annotations

from dataclasses import replace

from tests.boundary.kit import chain, snapshot
from tests.boundary.said.said_kit import CARD, POLICY, refusals, says
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.said.client_id import MAX_LENGTH, client_id_refusal
from zoneproxy.boundary.said.screen import Screen
from zoneproxy.wire.messages.api_keys import ApiKey

SCREEN = Screen(Plans({}), 1)


def called(client_id: str | None, who: str = "teller", zone: str = "payments") -> Context:
    ctx = says(who, ApiKey.FETCH, 12, zone=zone)
    ctx.header = replace(ctx.header, client_id=client_id)
    return ctx


def test_a_client_that_calls_itself_what_it_may_not_is_closed_on() -> None:
    ctx = called(f"app-{CARD}")
    routed = chain().admit(ctx)
    assert routed is not None
    assert routed.close == "client_id"
    assert refusals(ctx) == [("client_id", "finding")]
    assert chain().admit(called(f"app-{CARD}", "loner", "lonely")) is None


def test_others_are_not_looked_at_twice_under_one_policy() -> None:
    ctx = called("app")
    assert client_id_refusal(SCREEN, ctx) is None
    assert ctx.session.client_id == "app"
    other = Screen(Plans({}), 1)
    assert client_id_refusal(other, ctx) is None
    assert not other._clean
    stricter = POLICY.replace("PAYMENT_CARD", "PAYMENT_CARD, EMAIL")
    ctx.snapshot = snapshot(stricter)
    assert client_id_refusal(other, ctx) is None
    assert other._clean


def test_a_client_may_change_its_name() -> None:
    ctx = called("app")
    assert client_id_refusal(SCREEN, ctx) is None
    ctx.header = replace(ctx.header, client_id=CARD)
    assert client_id_refusal(SCREEN, ctx) is not None
    assert client_id_refusal(SCREEN, called(None)) is None
    assert client_id_refusal(SCREEN, called("")) is None


def test_a_name_that_is_too_long_to_be_looked_at_each_time_is_refused() -> None:
    assert client_id_refusal(SCREEN, called("a" * MAX_LENGTH)) is None
    ctx = called("a" * (MAX_LENGTH + 1))
    assert client_id_refusal(SCREEN, ctx) is not None
    assert refusals(ctx) == [("client_id", "too_large")]
    ctx.session.observe = True
    assert client_id_refusal(SCREEN, ctx) is None
