from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.boundary.batch_kit import CLEAN, DIRTY, IN, LIMITS, OUT, PLANS, batch, detect, record_lists, redact, whole
from zoneproxy.boundary.batch_result import BatchResult
from zoneproxy.boundary.batches import treat_fetch, treat_produce
from zoneproxy.boundary.facts import Blocked, Found, Noticed, Scanned, Transformed
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.plans import Plans
from zoneproxy.policy.controls import Action, Control
from zoneproxy.wire.error_codes import ErrorCode


def plan_of(*controls: Control) -> ControlPlan:
    plan = Plans({}).of(controls)
    assert plan is not None
    return plan


BLOCK, MASK, ALERT = detect(), redact(), detect(Action.ALERT)
QUARANTINE = detect(Action.QUARANTINE)


def both(data: bytes, plan: ControlPlan, observe: bool = False) -> list[BatchResult]:
    return [
        treat_produce(whole(data), plan, LIMITS, replace(IN, observe=observe)),
        treat_fetch(data, plan, LIMITS, replace(OUT, observe=observe)),
    ]


def modes(result: BatchResult) -> set[str]:
    return {fact.mode for fact in result.facts if isinstance(fact, Found | Blocked | Transformed)}


@pytest.mark.parametrize("control", [BLOCK, MASK, QUARANTINE])
@pytest.mark.parametrize("dry_run", [True, False], ids=["dry run", "observed crossing"])
def test_what_is_tried_out_is_told_and_not_done(control: Control, dry_run: bool) -> None:
    plan = plan_of(replace(control, dry_run=dry_run))
    for result in both(batch([CLEAN, DIRTY]), plan, observe=not dry_run):
        assert (result.data, result.error, result.blocked, result.kept) == (None, ErrorCode.NONE, 0, [])
        assert modes(result) == {"observed"}
    for result in both(batch([CLEAN, DIRTY]), plan_of(control)):
        assert result.error or result.data is not None
        assert modes(result) == {"enforced"}


def test_what_is_tried_out_makes_no_difference_to_what_is_meant() -> None:
    data = batch([CLEAN, DIRTY, CLEAN])
    alone = both(data, plan_of(MASK))
    beside = both(data, plan_of(MASK, replace(BLOCK, dry_run=True)))
    assert [result.data for result in beside] == [result.data for result in alone]
    for result, side in zip(beside, ("produce", "fetch"), strict=True):
        assert result.error == ErrorCode.NONE
        assert Blocked("no cards", side, "finding", "t", 2, 1, "observed") in result.facts
        assert {fact.mode for fact in result.facts if isinstance(fact, Transformed)} == {"enforced"}


def test_it_is_held_against_the_records_as_they_came() -> None:
    """A dry run of a block is not fooled by a redaction beside it that is meant."""
    for result in both(batch([DIRTY]), plan_of(MASK, replace(ALERT, dry_run=True))):
        assert {fact.action for fact in result.facts if isinstance(fact, Found) and fact.mode == "observed"} == {
            "alert"
        }


@pytest.mark.parametrize("plan", [plan_of(BLOCK), plan_of(replace(BLOCK, dry_run=True))])
def test_what_cannot_be_looked_into_goes_on_where_nothing_is_meant(plan: ControlPlan) -> None:
    broken = bytearray(batch([CLEAN]))
    broken[-1] ^= 1
    for result in both(bytes(broken), plan, observe=True):
        assert (result.data, result.error) == (None, ErrorCode.NONE)
        (blocked,) = (fact for fact in result.facts if isinstance(fact, Blocked))
        assert (blocked.reason, blocked.mode) == ("crc", "observed")


@settings(max_examples=40)
@given(record_lists(), st.sampled_from(PLANS), st.sampled_from((0, 4)))
def test_what_is_told_of_a_trial_is_what_would_be_told_otherwise(records: Any, plan: ControlPlan, codec: int) -> None:
    if not records:
        return
    data = batch(records, codec)
    for meant, tried in zip(both(data, plan), both(data, plan, observe=True), strict=True):
        assert tried.data is None
        assert tried.error == ErrorCode.NONE
        assert tried.facts == [fact if isinstance(fact, Scanned) else as_observed(fact) for fact in meant.facts]


def as_observed(fact: Any) -> Any:
    return replace(fact, mode="observed")


def test_nothing_is_said_to_be_cut_that_is_not() -> None:
    data = batch([CLEAN]) + batch([CLEAN])[:-1]
    plan = plan_of(BLOCK)
    meant = treat_fetch(data, plan, LIMITS, OUT)
    tried = treat_fetch(data, plan, LIMITS, replace(OUT, observe=True))
    assert Noticed("incomplete_batch_cut") in meant.facts
    assert Noticed("incomplete_batch_cut") not in tried.facts
    assert tried.data is None
