from __future__ import annotations

from dataclasses import replace

import pytest

from tests.boundary.batch_kit import IN, OUT, batch, record, whole
from zoneproxy.boundary.facts import (
    MAX_PLACES,
    Blocked,
    Filtered,
    Found,
    RecordAt,
    SchemaWanted,
    Transformed,
    Unscannable,
)
from zoneproxy.boundary.on_error import OnError
from zoneproxy.boundary.tally import MAX_WANTED, Awaits, Dropped, Goes, Tally
from zoneproxy.policy.controls import Action


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


def test_the_first_records_are_named_by_number_and_time_and_when_fetched_by_offset() -> None:
    tally, header = Tally(), whole(batch([None], base_offset=40)).header
    for offset in range(10):
        tally.begin(record(None, at=offset))
        tally.found("r", "EMAIL", "value", "alert", 0.5)
        tally.found("r", "EMAIL", "value", "alert", 0.5)
    tally.goes(Goes("r", "finding"))
    found, gone = tally.facts(OUT, header)
    assert isinstance(found, Found)
    assert isinstance(gone, Blocked)
    time = header.base_timestamp
    assert found.at == tuple(RecordAt(n, time + 3 * n, 40 + n) for n in range(MAX_PLACES))
    assert gone.at == (RecordAt(9, time + 27, 49),)
    produced, _ = tally.facts(IN, header)
    assert isinstance(produced, Found)
    assert produced.at[1] == RecordAt(1, time + 3, None)


def test_what_cannot_be_looked_into_is_counted_once_for_each_record_and_place() -> None:
    tally = Tally()
    for at in (3, 4):
        tally.begin(record("x", at=at))
        for place in ("value", "value", "key"):
            tally.unscannable(OnError("r", Action.ALERT), "dense", place)
    told = {fact.place: fact for fact in tally.facts(OUT, whole(batch([b"x"])).header)}
    assert {place: (fact.reason, fact.action, fact.count) for place, fact in told.items()} == {
        "value": ("dense", "alert", 2),
        "key": ("dense", "alert", 2),
    }
    assert [at.index for at in told["value"].at] == [3, 4]
    assert not tally.for_quarantine


@pytest.mark.parametrize(("action", "kept"), [(Action.BLOCK, False), (Action.QUARANTINE, True)])
def test_what_cannot_be_looked_into_goes_unless_a_policy_says_otherwise(action: Action, kept: bool) -> None:
    tally = Tally()
    with pytest.raises(Goes, match="dense"):
        tally.unscannable(OnError("r", action), "dense", "value")
    assert tally.for_quarantine is kept
    assert [type(fact) for fact in tally.facts(OUT)] == [Unscannable] * kept


def test_of_very_many_schemas_only_some_are_asked_for() -> None:
    tally = Tally()
    for number in range(MAX_WANTED + 1):
        tally.goes(Awaits("r", "main", number))
    assert len([fact for fact in tally.facts(OUT) if isinstance(fact, SchemaWanted)]) == MAX_WANTED
    tally.transformed("r", "mask")
    tally.found("r", "EMAIL", "value", "quarantine", 0.9)
    assert (tally.findings, tally.quarantined) == (1, {("r", "EMAIL")})


def test_what_is_observed_says_so() -> None:
    tally = Tally()
    tally.found("r", "EMAIL", "value", "alert", 0.5)
    tally.transformed("r", "mask")
    tally.goes(Goes("r", "finding"))
    tally.drops(Dropped("r"))
    for observe, mode in ((False, "enforced"), (True, "observed")):
        assert [fact.mode for fact in tally.facts(replace(IN, observe=observe))] == [mode] * 4  # type: ignore[union-attr]


def test_it_remembers_whether_the_record_is_to_be_kept() -> None:
    tally = Tally()
    tally.begin(record(None))
    tally.found("r", "EMAIL", "value", "quarantine", 0.5)
    assert tally.for_quarantine
    tally.begin(record(None, at=1))
    assert not tally.for_quarantine
    assert tally.quarantined == {("r", "EMAIL")}
