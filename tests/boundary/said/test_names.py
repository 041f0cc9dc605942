from __future__ import annotations

import pytest

from tests.boundary.kit import finish
from tests.boundary.said.said_kit import CARD, EMAIL, found, refusals, says
from zoneproxy.boundary.interceptor import Context, Work
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.said import screen as module
from zoneproxy.boundary.said.names import HOLDS_DATA, TOO_LONG, TopicNames
from zoneproxy.boundary.said.screen import LARGE, Screen
from zoneproxy.boundary.work_size import INLINE
from zoneproxy.wire.messages.api_keys import ApiKey

SCREEN = Screen(Plans({}), 1)
NAMES = TopicNames(SCREEN)
API = ApiKey.CREATE_TOPICS


def refused(name: str, ctx: Context, *, tell: bool = True) -> str | None:
    answer = NAMES.refusals([name], ctx, tell=tell)
    assert isinstance(answer, dict)
    at_once = NAMES.refusal(name, SCREEN.hearing(ctx), ctx)
    assert answer.get(name) == at_once
    return at_once


def test_the_form_that_a_zone_asks_for_is_that_of_the_whole_name() -> None:
    ctx = says("teller", API, 5)
    assert refused("open.a-1", ctx) is None
    for name in ("Open.a", "open.a_b", "open a", ""):
        assert refused(name, ctx) == "Names of topics here have the form [a-z.0-9-]+"


def test_data_in_a_name_is_refused_without_repeating_it() -> None:
    ctx = says("teller", API, 5)
    assert refused(f"a-{CARD}", ctx) == HOLDS_DATA
    dashed = "-".join((CARD[:4], CARD[4:8], CARD[8:12], CARD[12:]))
    assert refused(dashed, ctx) == HOLDS_DATA
    assert refusals(ctx) == [("topic_name", "finding")] * 2
    assert found(ctx) == [("zone payments", "PAYMENT_CARD", "topic_name", "block")] * 2


def test_nothing_is_told_while_it_is_only_asked() -> None:
    ctx = says("teller", API, 5)
    assert refused(CARD, ctx, tell=False) == HOLDS_DATA
    assert ctx.facts == []


def test_zones_without_rules_take_any_name() -> None:
    ctx = says("loner", API, 5, zone="lonely")
    assert refused(f"{CARD}-{EMAIL}", ctx) is None
    assert refused("x", says("loner", API, 5, zone="nowhere")) is None


def test_what_is_too_long_for_a_name_is_refused_at_once() -> None:
    ctx = says("teller", API, 5)
    assert refused("a" * 249, ctx) is None
    assert refused("a" * 250, ctx) == TOO_LONG
    assert refused("a" * 250, says("loner", API, 5, zone="lonely")) is None


def test_many_names_are_not_looked_through_on_the_event_loop() -> None:
    ctx = says("teller", API, 5)
    names = [f"many.{number}" for number in range(LARGE // 5)]
    waiting = NAMES.refusals([*names, f"a.{CARD}"], ctx)
    assert not isinstance(waiting, dict)
    ((work,),) = [next(waiting)]
    assert isinstance(work, Work)
    assert work.size >= INLINE
    assert ctx.facts == []
    assert finish(NAMES.refusals([*names, f"a.{CARD}"], ctx), ctx) == {f"a.{CARD}": HOLDS_DATA}
    assert refusals(ctx) == [("topic_name", "finding")]
    assert NAMES.refusals(names, ctx) == {}  # known by now


def test_where_nothing_looks_many_names_are_taken_as_they_are() -> None:
    ctx = says("loner", API, 5, zone="lonely")
    assert NAMES.refusals([f"a.{CARD}"] * LARGE, ctx) == {}
    assert NAMES.refusal(CARD, None, says("teller", API, 5)) is None  # digits are of the form


def test_of_too_many_names_it_is_not_told_which_hold_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TEXTS", 3)
    clean = ["fresh.a", "fresh.b", "fresh.c", "fresh.d"]
    ctx = says("teller", API, 5)
    assert NAMES.refusals(clean, ctx) == {}
    assert NAMES.refusals([*clean, CARD], ctx) == dict.fromkeys([*clean, CARD], HOLDS_DATA)
    assert refusals(ctx) == [("topic_name", "too_many")]
    ctx.session.observe = True
    assert NAMES.refusals([*clean, CARD], ctx) == {}
