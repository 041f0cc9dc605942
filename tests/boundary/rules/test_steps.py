from __future__ import annotations

from dataclasses import replace

import pytest

from tests.boundary.batch_kit import KEYS, LIMITS, OUT, batch, detect, field, plan, record, records_of
from zoneproxy.boundary.batches import treat_fetch
from zoneproxy.boundary.facts import Blocked, Filtered, Transformed
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.rules.filters import FilterStep
from zoneproxy.boundary.rules.headers import HeaderStep
from zoneproxy.boundary.rules.sizes import SizeStep
from zoneproxy.boundary.rules.steps import steps_of
from zoneproxy.policy.conditions.parser import parse_condition
from zoneproxy.policy.controls import Control
from zoneproxy.policy.patterns import ANY
from zoneproxy.policy.record_rules import HeaderNames, Lineage, MaximumSize, RowFilter

FILTER = RowFilter("filter", "", parse_condition('header("to") == "us" and $.card == "x"'))
SIZE = MaximumSize("size", value=40)
HEADERS = HeaderNames("headers", (), (ANY,), removes=True)


def test_other_controls_have_no_steps() -> None:
    assert steps_of((detect(), field("$.a")), KEYS) == ([], [], 0, None)


def test_a_look_at_lineage_is_for_records_that_have_some() -> None:
    guard = Lineage("", add=False, ring=(("a", ("k",)),))
    before, after, guards, mark = steps_of((guard,), KEYS)
    assert (len(before), after, guards, mark) == (1, [], 1, b"zoneproxy-lineage")
    assert plan(guard)
    assert not plan(guard).looks_at_all
    for other in (SIZE, Lineage("", add=False, require=True), Lineage("")):
        assert plan(guard, other).looks_at_all


def test_the_order_of_steps_is_not_that_of_the_rules() -> None:
    before, after, *_ = steps_of((HEADERS, SIZE, Lineage("line", ring=(("a", ("k",)),)), FILTER), KEYS)
    assert [type(step) for step in (before[0], *before[2:])] == [FilterStep, SizeStep, HeaderStep]
    assert [step.__name__ for step in (before[1], *after)] == ["verify", "sign"]  # type: ignore[attr-defined]


def test_all_of_them_at_once() -> None:
    """The filter sees a record as it came, whatever is done to it then; and says nothing of what is too large."""
    compiled = plan(HEADERS, SIZE, FILTER, field("$.card"))
    large = '{"card":"%s"}' % ("y" * 50)
    records = [record(value, None, [(b"to", b"us")], at) for at, value in enumerate(['{"card":"x"}', large])]
    result = treat_fetch(batch(records), compiled, LIMITS, OUT)
    assert result.data is not None
    (found,) = records_of(result.data)
    assert (found.value, found.headers) == (b'{"card":"*"}', ())
    assert result.blocked == 0


def test_what_the_plan_says_of_them() -> None:
    assert not plan(FILTER).per_principal
    assert plan(RowFilter("r", "", parse_condition("key == principal.name"))).per_principal
    assert plan(Lineage("line", ring=(("a", ("k",)),))).signs
    assert not plan(SIZE).signs
    assert plan(SIZE).looks_at_all


@pytest.mark.parametrize(
    ("control", "told", "why"),
    [
        (FILTER, Filtered, None),
        (MaximumSize("r", value=1), Blocked, "size"),
        (HEADERS, Transformed, None),
        (Lineage("r", ring=(("a", ("k",)),), require=True), Blocked, "lineage_missing"),
        (Lineage("r", ring=(("a", ("k",)),)), Transformed, None),
    ],
)
def test_what_is_only_tried_out_is_told_and_not_done(control: Control, told: type, why: str | None) -> None:
    data = batch([record('{"card":"y"}', None, [(b"to", b"us")])])
    tried = Plans(KEYS).of((replace(control, dry_run=True),))
    assert tried
    result = treat_fetch(data, tried, LIMITS, replace(OUT, from_zone="a", to_zone="b"))
    assert result.data is None
    (fact,) = (fact for fact in result.facts if isinstance(fact, told))
    assert (fact.rule, fact.mode, getattr(fact, "reason", None)) == (control.rule, "observed", why)
