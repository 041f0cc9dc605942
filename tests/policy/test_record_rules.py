from __future__ import annotations

from dataclasses import replace

import pytest

from zoneproxy.policy.conditions.parser import parse_condition
from zoneproxy.policy.controls import Control
from zoneproxy.policy.patterns import ANY
from zoneproxy.policy.record_rules import HeaderNames, Lineage, MaximumSize, RowFilter, is_lineage


def row_filter(when: str) -> RowFilter:
    return RowFilter("r", when, parse_condition(when))


@pytest.mark.parametrize(
    ("control", "keeps_records", "per_principal", "signs"),
    [
        (row_filter("$.a == 1"), False, False, False),
        (row_filter("$.a == principal.name"), False, True, False),
        (row_filter("not ($.a == 1 and key in principal.groups)"), False, True, False),
        (row_filter('zone.to == "b"'), False, True, False),
        (HeaderNames("r", (ANY,), (), removes=False), False, False, False),
        (HeaderNames("r", (ANY,), (ANY,), removes=True), False, False, False),
        (HeaderNames("r", (), (ANY,), removes=False), False, False, False),
        (HeaderNames("r", (), (ANY,), removes=True), True, False, False),
        (MaximumSize("r", value=1), False, False, False),
        (Lineage("r"), True, False, True),
        (Lineage("r", require=True), False, False, True),
        (Lineage("r", add=False), True, False, False),
    ],
)
def test_what_they_come_to(control: Control, keeps_records: bool, per_principal: bool, signs: bool) -> None:
    assert (control.keeps_records, control.per_principal, control.signs) == (keeps_records, per_principal, signs)


def test_filters_that_mean_the_same_are_the_same() -> None:
    assert row_filter("$.a == 1") == row_filter("( $['a']==1.0 )")
    assert row_filter("$.a == 1") != row_filter("$.a == true")
    assert hash(row_filter("$.a == 1")) == hash(row_filter("$.a==1"))


def test_keys() -> None:
    assert Lineage("r").keys == frozenset()
    assert Lineage("r", key="k", ring=(("a", ("l", "m")), ("b", ("n",)))).keys == {"k", "l", "m", "n"}
    assert row_filter("$.a == 1").keys == frozenset()


def test_guards() -> None:
    lineage = Lineage("r", key="k", require=True, ring=(("a", ("k",)),))
    guard = lineage.as_guard()
    assert guard == Lineage("", add=False, ring=lineage.ring)
    assert guard.only_guards
    assert not lineage.only_guards
    assert not Lineage("r", add=False, require=True).only_guards
    assert is_lineage(guard)
    assert not is_lineage(replace(guard, dry_run=True))
    assert not is_lineage(MaximumSize("r"))
