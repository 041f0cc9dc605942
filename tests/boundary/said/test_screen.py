from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from tests.boundary.kit import context, finish, request
from tests.boundary.said.said_kit import CARD, EMAIL, POLICY, found, refusals, says, with_a_trial
from zoneproxy.boundary.facts import Denied, Found
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.said import screen as module
from zoneproxy.boundary.said.screen import LARGE, MAX_CLEAN_LENGTH, MAX_LOOKED, WITHHELD, Hearing, Screen, _Ear, aside
from zoneproxy.boundary.work_size import INLINE
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.join_group_request import JoinGroupRequest


def make() -> Screen:
    return Screen(Plans({}), 1_000)


def hear(who: str, zone: str = "payments", screen: Screen | None = None) -> tuple[Hearing, Context]:
    ctx = says(who, ApiKey.JOIN_GROUP, 5, zone=zone)
    hearing = (screen or make()).hearing(ctx)
    assert hearing
    return hearing, ctx


def test_where_no_rule_looks_for_anything_nothing_is_heard() -> None:
    assert make().hearing(says("loner", ApiKey.JOIN_GROUP, 5, zone="lonely")) is None


def test_the_rules_of_the_zone_and_those_between_the_zones() -> None:
    hearing, ctx = hear("teller")
    assert not hearing.allows("group_id", f"g-{CARD}".encode())
    assert hearing.allows("group_id", EMAIL.encode())
    hearing.tell(ctx)
    assert refusals(ctx) == [("group_id", "finding")]
    assert found(ctx) == [("zone payments", "PAYMENT_CARD", "group_id", "block")]
    hearing, ctx = hear("analyst")
    assert not hearing.allows("group_id", CARD.encode())
    assert not hearing.allows("member_id", EMAIL.encode())  # what is to be redacted may not be in a name
    hearing.tell(ctx)
    assert refusals(ctx) == [("group_id", "finding"), ("member_id", "finding")]


def test_an_alert_is_told_and_changes_nothing() -> None:
    hearing, ctx = hear("analyst")
    iban = "DE89" + "3704" + "0044" + "0532" + "0130" + "00"
    assert hearing.allows("group_id", iban.encode())
    assert hearing.redacted("group_id", iban.encode()) == iban.encode()
    hearing.tell(ctx)
    assert refusals(ctx) == []
    assert found(ctx) == [("out", "IBAN", "group_id", "alert")]


def test_free_text_is_redacted_or_refused() -> None:
    hearing, ctx = hear("analyst")
    masked = hearing.redacted("offset_metadata", f"by {EMAIL}".encode())
    assert masked is not None
    assert masked.startswith(b"by *")
    assert EMAIL.encode() not in masked
    assert hearing.redacted("offset_metadata", b"nothing") == b"nothing"
    assert hearing.redacted("offset_metadata", CARD.encode()) is None
    hearing.tell(ctx)
    assert refusals(ctx) == [("offset_metadata", "finding")]


def test_what_is_too_much_to_look_through_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    hearing, ctx = hear("teller")

    def dense(*_: object) -> None:
        raise ProtocolError("dense")

    monkeypatch.setattr(_Ear, "forbid", dense)
    assert not hearing.allows("metadata", b"x")
    hearing.tell(ctx)
    assert refusals(ctx) == [("metadata", "dense")]


def test_clean_texts_are_looked_through_once_and_dirty_ones_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = make()
    hearing, _ = hear("teller", screen=screen)
    assert hearing.allows("group_id", b"g")
    long = b"g" * (MAX_CLEAN_LENGTH + 1)
    assert hearing.allows("group_id", long)
    assert not hearing.allows("group_id", CARD.encode())
    plan = hearing._plan
    assert screen.is_clean(plan, b"g")
    assert not screen.is_clean(plan, long)
    assert not screen.is_clean(plan, CARD.encode())
    monkeypatch.setattr(module, "MAX_CLEAN", 1)
    assert hearing.allows("group_id", b"h")
    assert not screen.is_clean(plan, b"g")
    assert screen.is_clean(plan, b"h")
    hearing, _ = hear("teller", screen=screen)
    monkeypatch.setattr(_Ear, "forbid", None)
    assert hearing.allows("group_id", b"h")  # without a scan


def test_what_one_plan_takes_for_clean_another_one_does_not() -> None:
    screen = make()
    assert hear("teller", screen=screen)[0].allows("group_id", EMAIL.encode())
    assert not hear("analyst", screen=screen)[0].allows("group_id", EMAIL.encode())


def test_much_is_not_done_on_the_event_loop() -> None:
    assert aside(lambda: 1, LARGE - 1) == 1
    waited: Any = aside(lambda: 2, LARGE)
    assert isinstance(waited, Generator)
    (work,) = next(waited)
    assert work.size >= INLINE
    assert finish(aside(lambda: 2, LARGE), says("teller", ApiKey.JOIN_GROUP, 5)) == 2


def test_where_rules_are_only_tried_out_everything_may_be_said_and_is_counted() -> None:
    ctx = says("teller", ApiKey.JOIN_GROUP, 5)
    ctx.session.observe = True
    hearing = make().hearing(ctx)
    assert hearing
    assert hearing.allows("group_id", CARD.encode())
    assert hearing.redacted("offset_metadata", CARD.encode()) == CARD.encode()
    hearing.tell(ctx)
    assert refusals(ctx) == []
    assert [(fact.type, fact.mode) for fact in ctx.facts if isinstance(fact, Found)] == [
        ("PAYMENT_CARD", "observed")
    ] * 2


def test_a_rule_that_is_tried_out_changes_nothing_of_what_others_do() -> None:
    policy = POLICY.replace("types: [EMAIL], with: mask", "types: [EMAIL], with: mask, dry_run: true")
    ctx = context("analyst", ApiKey.JOIN_GROUP, 5, zone="payments", policy=policy)
    hearing = make().hearing(ctx)
    assert hearing
    assert hearing.allows("group_id", EMAIL.encode())
    assert not hearing.allows("group_id", CARD.encode())
    hearing.tell(ctx)
    assert refusals(ctx) == [("group_id", "finding")]
    assert {(fact.type, fact.mode) for fact in ctx.facts if isinstance(fact, Found)} == {
        ("EMAIL", "observed"),
        ("PAYMENT_CARD", "enforced"),
    }


def test_of_too_many_texts_what_is_only_tried_out_refuses_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TEXTS", 2)
    for text, too_much in ((EMAIL, False), (CARD, True)):
        ctx = context("analyst", ApiKey.JOIN_GROUP, 5, zone="payments", policy=with_a_trial())
        hearing = make().hearing(ctx)
        assert hearing
        texts = [b"a", b"b", text.encode()]
        assert hearing.is_too_much("group_id", texts) is too_much
        assert too_much or all(hearing.allows("group_id", each) for each in texts)
        hearing.tell(ctx)
        assert refusals(ctx) == ([("group_id", "too_many")] if too_much else [])
        assert found(ctx) == []  # none was looked at by itself


def test_names_that_hold_data_are_not_told_when_they_are_refused() -> None:
    ctx = says("clerk", ApiKey.JOIN_GROUP, 5)
    for name in (f"g-{CARD}", "team"):
        request(JoinGroupRequest(group_id=name), ctx)
    names = [fact.resource for fact in ctx.facts if isinstance(fact, Denied)]
    assert names == [WITHHELD, "team"]
    assert found(ctx) == []  # it is refused for another reason
    ctx = says("nobody", ApiKey.JOIN_GROUP, 5, zone="lonely")
    request(JoinGroupRequest(group_id=CARD), ctx)
    assert [fact.resource for fact in ctx.facts if isinstance(fact, Denied)] == [CARD]  # where no rule looks


def test_many_texts_are_looked_at_together_first() -> None:
    hearing, _ = hear("teller")
    assert hearing.hears_nothing([b"a", b"b" * 1_000, b"", EMAIL.encode()])
    assert hearing.hears_nothing([])
    assert not hearing.hears_nothing([b"a", CARD.encode(), b"b"])


def withheld(*names: str, observe: bool = False) -> list[str]:
    ctx = says("teller", ApiKey.METADATA, 9)
    ctx.session.observe = observe
    ctx.facts += [Denied("METADATA", "DESCRIBE", "topic", name, 29, "acl") for name in names]
    make().withhold(ctx)
    return [fact.resource for fact in ctx.facts if isinstance(fact, Denied)]


def test_of_many_names_or_long_ones_only_the_first_are_looked_at() -> None:
    long = "x" * (MAX_LOOKED // 2)
    assert withheld("a", long, long, "b") == ["a", long, WITHHELD, WITHHELD]
    assert withheld(*["a"] * (MAX_LOOKED + 1)) == ["a"] * (MAX_LOOKED + 1)  # known by then


def test_what_is_only_tried_out_keeps_no_data_out_of_names_but_they_are_not_told() -> None:
    assert withheld(CARD, "team", observe=True) == [WITHHELD, "team"]
