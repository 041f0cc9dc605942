from __future__ import annotations

from dataclasses import replace

import pytest

from zoneproxy.boundary import plans as module
from zoneproxy.boundary.plans import Plans
from zoneproxy.policy.controls import Action, Control, Detect


def controls(confidence: float = 0.5, action: Action = Action.BLOCK) -> tuple[Control, ...]:
    return (Detect("rule", ("EMAIL",), confidence, action),)


def test_without_controls_there_is_no_plan() -> None:
    assert Plans({}).of(()) is None


def test_controls_that_come_to_nothing_need_no_plan() -> None:
    plans, nothing = Plans({}), controls(action=Action.ALLOW)

    assert plans.of(nothing) is None
    assert plans.of(nothing) is None


def test_equal_controls_share_a_plan() -> None:
    plans, one = Plans({}), controls()

    assert plans.of(one) is not None
    assert plans.of(one) is plans.of(one)
    assert plans.of(controls()) is plans.of(one)
    assert plans.of(controls(0.9)) is not plans.of(one)


def test_plans_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_PLANS", 2)
    plans = Plans({})
    first = plans.of(controls(0.1))
    for confidence in (0.2, 0.3, 0.4, 0.5):
        assert plans.of(controls(confidence)) is not None

    assert plans.of(controls(0.1)) is not first


def test_what_is_tried_out_has_a_plan_of_its_own() -> None:
    (meant,) = controls()
    tried = replace(meant, dry_run=True)
    plans = Plans({})
    only, beside, alone = plans.of((tried,)), plans.of((meant, tried)), plans.of((meant,))
    assert only is not None
    assert not only.acts
    assert only.dry_run is not None
    assert only.dry_run.acts
    assert beside is not None
    assert beside.acts
    assert beside.dry_run is not None
    assert alone is not None
    assert alone.dry_run is None
