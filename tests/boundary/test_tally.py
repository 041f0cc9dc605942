from __future__ import annotations

from tests.boundary.batch_kit import IN, OUT
from zoneproxy.boundary.facts import Blocked, Filtered, Found, Transformed
from zoneproxy.boundary.tally import Dropped, Goes, Tally


def test_nothing_came_of_it() -> None:
    tally = Tally()
    assert (tally.gone, tally.reason, list(tally.facts(IN))) == (0, "", [])


def test_findings_are_told_together_with_the_highest_confidence() -> None:
    tally = Tally()
    for confidence in (0.6, 0.9, 0.7):
        tally.found("r", "EMAIL", "value", "alert", confidence)
    tally.found("r", "EMAIL", "key", "alert", 0.5)
    assert list(tally.facts(IN)) == [
        Found("r", "EMAIL", "value", "alert", 0.9, "t", 2, 3),
        Found("r", "EMAIL", "key", "alert", 0.5, "t", 2, 1),
    ]


def test_changes_are_counted_by_rule_and_kind() -> None:
    tally = Tally()
    for kind in ("mask", "hash", "mask"):
        tally.transformed("r", kind)
    assert list(tally.facts(OUT)) == [Transformed("r", "mask", "t", 2, 2), Transformed("r", "hash", "t", 2, 1)]


def test_the_most_frequent_reason_is_the_reason() -> None:
    tally = Tally()
    for rule, reason in (("a", "size"), ("b", "finding"), ("c", "size")):
        tally.goes(Goes(rule, reason))
    assert (tally.gone, tally.reason) == (3, "size")
    assert list(tally.facts(OUT))[1] == Blocked("b", "fetch", "finding", "t", 2, 1)


def test_what_is_for_others_is_no_violation() -> None:
    tally = Tally()
    for rule in ("a", "b", "a"):
        tally.drops(Dropped(rule))
    assert (tally.gone, tally.dropped, tally.reason) == (0, 3, "")
    assert list(tally.facts(OUT)) == [Filtered("a", "t", 2, 2), Filtered("b", "t", 2, 1)]
