from __future__ import annotations

import dataclasses
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.boundary.batch_kit import (
    BLOCK,
    CLEAN,
    DIRTY,
    HASH,
    HIDDEN,
    HIDE,
    MASKED,
    OUT,
    PLANS,
    REMOVE,
    batch,
    detect,
    field,
    plan,
    record,
    record_lists,
    redact,
    whole,
)
from tests.detect.samples import CARD, EMAIL, SSN
from zoneproxy.boundary.facts import Blocked, Found, Transformed
from zoneproxy.boundary.kept import Kept
from zoneproxy.boundary.patience import MOST_STOPS, Later, Patience
from zoneproxy.boundary.tally import Dropped, Goes
from zoneproxy.boundary.treatment import Treatment, treatment_of
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.controls import Action, Depth
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.wire.record import iter_records, write_records


def treat(compiled, *records):
    """What remains of the records, and the treatment."""
    payload = write_records(records)
    treatment = treatment_of(payload, len(records), compiled, OUT)
    if treatment is None:
        return list(records), Treatment(compiled, payload, OUT)
    remaining = list(treatment.remaining(iter_records(payload, len(records))))
    if not (compiled.before or compiled.after):  # which count
        same_at_once(compiled, payload, remaining, treatment)
    return remaining, treatment


def same_at_once(compiled, payload, remaining, treatment):
    """A payload that is treated as a whole becomes what its records become one by one."""
    count = treatment.tally.gone + treatment.tally.dropped + len(remaining)
    at_once = treatment_of(payload, count, compiled, OUT)
    assert at_once is not None
    assert bytes(at_once.rewritten(count, count)) == write_records(remaining)
    assert sorted(map(repr, at_once.facts())) == sorted(map(repr, treatment.facts()))


def value_after(compiled, value):
    ((after,), _) = treat(compiled, record(value))
    return after.value.decode()


def test_clean_records_are_not_even_parsed():
    assert treatment_of(write_records([record(CLEAN)] * 3), 3, BLOCK, OUT) is None
    assert treatment_of(write_records([record(DIRTY)]), 1, BLOCK, OUT)
    assert treatment_of(write_records([record(CLEAN)]), 1, plan(field("$.a")), OUT)
    assert treatment_of(write_records([record(DIRTY)]), 1, plan(), OUT) is None


def test_what_only_looks_joined_to_its_length():
    floats = write_records([record('{"lat":52.52000659999999}'), record('{"lat":13.40495399999999}', at=1)])
    assert treatment_of(floats, 2, BLOCK, OUT) is None
    assert treatment_of(write_records([record(f"{CARD},12/29,12", b"12")]), 1, BLOCK, OUT)


def test_redaction_changes_values_in_place():
    remaining, treatment = treat(HIDE, record(CLEAN), record(DIRTY, at=1), record(CLEAN, at=2))
    assert [after.value for after in remaining] == [CLEAN.encode(), HIDDEN.encode(), CLEAN.encode()]
    assert [after.changed for after in remaining] == [False, True, False]
    assert treatment.changed
    assert (treatment.tally.gone, treatment.tally.reason) == (0, "")


def test_a_blocked_record_goes_alone():
    remaining, treatment = treat(BLOCK, record(CLEAN), record(DIRTY, at=1), record(CLEAN, at=2))
    assert [after.offset_delta for after in remaining] == [0, 2]
    assert (treatment.tally.gone, treatment.tally.reason, treatment.changed) == (1, "finding", False)


def test_alerts_change_nothing_and_are_told():
    remaining, treatment = treat(plan(detect(Action.ALERT)), record(DIRTY))
    assert len(remaining) == 1
    assert not treatment.changed
    assert Found("no cards", "PAYMENT_CARD", "value", "alert", 0.95, "t", 2, 2) in treatment.facts()


# --- places --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("compiled", [BLOCK, HIDE])
@pytest.mark.parametrize(
    "dirty",
    [record(CLEAN, key=CARD.encode()), record(None, key=CARD.encode()), record(CLEAN, headers=[(CARD.encode(), None)])],
)
def test_a_finding_in_a_key_or_header_name_is_blocked(compiled, dirty):
    remaining, treatment = treat(compiled, dirty)
    assert remaining == []
    (found,) = (fact for fact in treatment.facts() if isinstance(fact, Found))
    assert found.place == ("key" if dirty.key else "header_name")


def test_header_values_are_redacted_like_values():
    dirty = record(None, headers=[(b"a", None), (b"b", CARD.encode()), (b"c", b"x"), (b"b", b"")])
    ((after,), treatment) = treat(HIDE, dirty)
    assert after.headers == ((b"a", None), (b"b", MASKED.encode()), (b"c", b"x"), (b"b", b""))
    assert after.value is None
    assert treatment.changed
    assert treat(BLOCK, dirty)[0] == []


def test_a_header_name_is_context_for_its_value():
    bare = SSN.replace("-", "").encode()
    assert treat(BLOCK, record(None, headers=[(b"ssn", bare)]))[0] == []
    assert len(treat(BLOCK, record(None, headers=[(b"id", bare)]))[0]) == 1


def test_null_and_empty_values_stay_what_they_are():
    remaining, treatment = treat(plan(field("$.a"), redact()), record(None), record(b"", at=1))
    assert [after.value for after in remaining] == [None, b""]
    assert not treatment.changed


# --- fields --------------------------------------------------------------------------------------------------


def test_fields_come_first_and_detectors_see_what_is_left():
    compiled = plan(detect(types=("PAYMENT_CARD",)), field("$.card.number"))
    assert value_after(compiled, f'{{"card":{{"number":"{CARD}"}}}}') == f'{{"card":{{"number":"{MASKED}"}}}}'
    assert treat(compiled, record(f'{{"card":{{"number":"{CARD}"}},"note":"{CARD}"}}'))[0] == []


def test_fields_of_what_is_no_json_cannot_be_redacted():
    remaining, treatment = treat(plan(field("$.a")), record("a=secret"), record('{"a":1}', at=1))
    assert [after.offset_delta for after in remaining] == [1]
    assert treatment.tally.reason == "unscannable"
    assert Blocked("fields", "fetch", "unscannable", "t", 2, 1) in treatment.facts()


def test_fields_are_told_by_rule():
    _, treatment = treat(plan(field("$.a"), field("$.b", HASH)), record('{"a":"x","b":"y"}'), record('{"a":"z"}', at=1))
    assert treatment.facts() == [
        Transformed("fields", "mask", "t", 2, 2),
        Transformed("fields", "hash", "t", 2, 1),
    ]


# --- what redaction leaves -----------------------------------------------------------------------------------


def test_a_remainder_is_blocked():
    shows_all_but_one = Transform(TransformKind.MASK, keep_last=len(EMAIL) - 1)
    remaining, treatment = treat(plan(redact(shows_all_but_one)), record(EMAIL))
    assert remaining == []
    assert treatment.tally.reason == "remainder"


def test_what_cannot_be_cut_is_blocked():
    # Read as it stands, this is an address that begins within an escape.
    remaining, treatment = treat(HIDE, record(r'{"a":"\u00ab@example.com"}'))
    assert remaining == []
    assert treatment.tally.reason == "unscannable"


@pytest.mark.parametrize("transform", [HASH, REMOVE])
def test_other_transforms(transform):
    after = value_after(plan(redact(transform)), f"pay {CARD} now")
    assert CARD not in after
    assert after.startswith("pay ")
    assert after.endswith(" now")


def test_the_most_frequent_reason_is_told():
    compiled = plan(field("$.a"), detect())
    dirty = f'{{"b":"{CARD}"}}'
    _, treatment = treat(compiled, record("text"), record(dirty, at=1), record(dirty, at=2))
    assert (treatment.tally.gone, treatment.tally.reason) == (3, "finding")


def test_findings_are_counted():
    _, treatment = treat(HIDE, record(DIRTY), record(DIRTY, at=1))
    facts = treatment.facts()
    assert Found("hide", "PAYMENT_CARD", "value", "redact", 0.95, "t", 2, count=4) in facts
    assert Found("hide", "EMAIL", "value", "redact", 0.9, "t", 2, count=2) in facts
    assert Transformed("hide", "mask", "t", 2, 6) in facts


# --- steps ---------------------------------------------------------------------------------------------------


def test_steps_see_every_record_first_and_last():
    seen = []
    compiled = plan(redact())
    compiled.before.append(lambda record, crossing, tally: seen.append((record.value, crossing)))
    compiled.after.append(lambda record, crossing, tally: seen.append((record.value, crossing)))
    treat(compiled, record(CLEAN), record(DIRTY, at=1))
    clean, dirty, hidden = CLEAN.encode(), DIRTY.encode(), HIDDEN.encode()
    assert seen == [(clean, OUT), (clean, OUT), (dirty, OUT), (hidden, OUT)]


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_step_may_let_a_record_go_or_change_it(where):
    def step(record, crossing, tally):
        if record.offset_delta:
            raise Goes("step", "size")
        record.headers = [(b"new", b"v")]

    compiled = plan()
    getattr(compiled, where).append(step)
    ((after,), treatment) = treat(compiled, record(CLEAN), record(CLEAN, at=1))
    assert after.headers == ((b"new", b"v"),)
    assert treatment.changed
    assert treatment.facts() == [Blocked("step", "fetch", "size", "t", 2, 1)]


# --- properties ----------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(record_lists(), st.sampled_from(PLANS))
def test_what_is_left_is_clean_and_otherwise_the_same(records, compiled):
    remaining, treatment = treat(compiled, *records)
    assert len(remaining) + treatment.tally.gone == len(records)
    before = {old.offset_delta: old for old in records}
    for after in remaining:
        old = before[after.offset_delta]
        assert (after.key, after.timestamp_delta) == (old.key, old.timestamp_delta)
        assert [name for name, _ in after.headers] == [name for name, _ in old.headers]
        assert (after.value is None) == (old.value is None)
        if compiled.scanner:
            parts = [after.key, after.value, *(part for header in after.headers for part in header)]
            findings = [found for part in parts for found in compiled.scanner.scan(part or b"")]
            decisions = [compiled.decide(found) for found in findings]
            assert all(decision is None or decision.action is Action.ALERT for decision in decisions)


@settings(max_examples=40)
@given(record_lists(), st.sampled_from(PLANS))
def test_the_fast_way_finds_what_looking_at_everything_finds(records, compiled):
    if compiled.fields:
        return
    scan, decide = compiled.scanner.scan, compiled.decide
    expected = 0
    for dirty in records:
        places = [(dirty.key, b""), (dirty.value, b"")]
        places += [part for name, value in dirty.headers for part in ((name, b""), (value, name))]
        expected += any(decide(found) for part, name in places for found in scan(part or b"", name))
    _, treatment = treat(compiled, *records)
    told = treatment.facts()
    assert bool(expected) == any(isinstance(fact, Found) for fact in told)


@settings(max_examples=40)
@given(record_lists(), st.sampled_from(PLANS))
def test_facts_hold_nothing_that_was_found(records, compiled):
    _, treatment = treat(compiled, *records)
    for fact in treatment.facts():
        strings = [value for value in dataclasses.asdict(fact).values() if isinstance(value, str)]
        assert set(strings) <= {
            *("t", "fetch", "hide", "no cards", "fields", "finding", "unscannable", "remainder", "mask", "hash"),
            *("remove", "PAYMENT_CARD", "US_SSN", "EMAIL", "IBAN", "value", "key", "header_name", "header_value"),
            *("alert", "redact", "block", "quarantine", "enforced"),
        }


def test_what_goes_and_is_to_be_kept_is_kept_as_it_came():
    (compiled, header) = plan(field("$.a"), detect(Action.QUARANTINE)), whole(batch([CLEAN], base_offset=9)).header
    first, clean, broken, last = (record(v, at=at) for at, v in enumerate((DIRTY, CLEAN, "text", f"text {CARD}")))
    ((stays,), treatment) = treat(compiled, first, clean, broken, last)
    assert stays.value == clean.value
    (kept,) = treatment.kept(header, b"batch")
    assert kept == Kept("", ["no cards"], ["EMAIL", "PAYMENT_CARD"], "fetch", "t", 2, 9, 2, b"batch")
    assert b"".join(treatment.kept_records) == write_records([first, last])


def test_nothing_is_kept_of_what_is_only_observed_or_was_not_to_be_kept():
    header = whole(batch([CLEAN])).header
    payload = write_records([record(DIRTY)])
    for compiled, crossing in (
        (plan(detect(Action.QUARANTINE)), dataclasses.replace(OUT, observe=True)),
        (BLOCK, OUT),
    ):
        treatment = treatment_of(payload, 1, compiled, crossing)
        assert list(treatment.remaining(iter_records(payload, 1))) == []
        assert treatment.kept(header, b"batch") == []
        assert {fact.mode for fact in treatment.facts(header)} == {crossing.mode}


def test_a_filter_drops_without_keeping():
    def drop(record, crossing, tally):
        raise Dropped("filter")

    compiled = plan(detect(Action.QUARANTINE))
    compiled.before.append(drop)
    (remaining, treatment) = treat(compiled, record(DIRTY))
    assert (remaining, treatment.kept_records, treatment.tally.dropped) == ([], [], 1)


def deep(action=Action.BLOCK):
    return plan(dataclasses.replace(detect(action), depth=Depth.DEEP))


def test_what_is_split_goes_and_is_told():
    halves = [record(CARD[:8], at=0), record(CARD[8:], at=1), record(CLEAN, at=2)]
    assert treatment_of(write_records(halves), 3, BLOCK, OUT) is None
    (remaining, treatment) = treat(deep(), *halves)
    assert remaining == halves[2:]
    facts = treatment.facts()
    assert [(fact.type, fact.place, fact.count) for fact in facts if isinstance(fact, Found)] == [
        ("PAYMENT_CARD", "split", 2)
    ]
    assert [(fact.reason, fact.records) for fact in facts if isinstance(fact, Blocked)] == [("finding", 2)]


def test_what_is_split_stays_if_it_is_only_told():
    halves = [record(CARD[:8], at=0), record(CARD[8:], at=1)]
    (remaining, treatment) = treat(deep(Action.ALERT), *halves)
    assert remaining == halves
    assert [(fact.place, fact.action) for fact in treatment.facts()] == [("split", "alert")]


def test_a_record_that_takes_too_much_to_decode_goes_alone():
    bomb = record(gzip.compress(bytes(1 << 22)), at=1)
    (remaining, treatment) = treat(deep(), record(CLEAN), bomb, record(CLEAN, at=2))
    assert [each.offset_delta for each in remaining] == [0, 2]
    assert [(fact.rule, fact.reason) for fact in treatment.facts() if isinstance(fact, Blocked)] == [("", "budget")]


@pytest.mark.parametrize(
    ("deltas", "count", "behind", "reason"),
    [
        ((0, 1, 1), 3, b"", "offsets"),
        ((1, 0, 2), 3, b"", "offsets"),
        ((0, 1, 3), 3, b"", "offsets"),
        ((0, 2, 2), 3, b"", "offsets"),
        ((0, 1, 2), 3, b"\0", "trailing"),
        ((0, 1, 2), 2, b"", "trailing"),
        ((0, 1), 3, b"", "truncated"),
        ((0, 1, 2), 3, b"\x20" + DIRTY.encode(), "trailing"),
    ],
)
def test_records_around_the_dirty_one_have_to_add_up(deltas, count, behind, reason):
    values = [DIRTY, DIRTY, CLEAN]
    payload = write_records([record(value, at=at) for at, value in zip(deltas, values, strict=False)]) + behind
    treatment = treatment_of(payload, count, HIDE, OUT)
    assert treatment is not None
    with pytest.raises(ProtocolError, match=reason):
        treatment.rewritten(count, 2)


@pytest.mark.interpreted
@pytest.mark.parametrize("name", [b"", b"card"])
def test_no_part_is_scanned_twice_before_it_is_changed(monkeypatch, name):
    scanned = []
    assert HIDE.scanner
    scan = type(HIDE.scanner).scan
    monkeypatch.setattr(type(HIDE.scanner), "scan", lambda self, *part: (scanned.append(part[0]), scan(self, *part))[1])
    given = record(CARD) if not name else record(None, headers=[(name, CARD.encode())])
    payload = write_records([given])
    treatment = treatment_of(payload, 1, HIDE, OUT)
    assert treatment is not None
    assert CARD.encode() not in bytes(treatment.rewritten(1, 0))
    assert scanned.count(CARD.encode()) == 1
    assert any(b"*" in part for part in scanned) == bool(name)  # without one, stage 1 sees that nothing is left


@pytest.mark.parametrize("controls", [(), (field("$.a"),)])
def test_an_event_loop_waits_for_few_looks_only(controls):
    compiled = plan(detect(types=("US_SSN",)), *controls)
    payload = write_records([record('{"a":"1","ssn":"1"}', at=at) for at in range(2 * MOST_STOPS)])
    hurried = dataclasses.replace(OUT, patience=Patience())

    def treated(crossing):
        treatment = treatment_of(payload, 2 * MOST_STOPS, compiled, crossing)
        return treatment and treatment.rewritten(2 * MOST_STOPS, 2 * MOST_STOPS)

    with pytest.raises(Later):
        treated(hurried)
    treated(OUT)


def test_it_waits_for_no_more_looks_if_they_are_of_many_batches():
    compiled = plan(detect(types=("US_SSN",)))
    payload = write_records([record('{"a":"1","ssn":"1"}', at=at) for at in range(10)])
    hurried = dataclasses.replace(OUT, patience=Patience())

    def treat_many():
        for _ in range(MOST_STOPS // 10 + 1):
            treatment_of(payload, 10, compiled, hurried)

    with pytest.raises(Later):
        treat_many()
