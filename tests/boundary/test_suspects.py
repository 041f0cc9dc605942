from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.batch_kit import CLEAN, record
from tests.detect.samples import CARD, EMAIL
from zoneproxy.boundary.patience import LEAST, MOST_BYTES, Later, Patience
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.suspects import AT_ONCE, BYTES_AT_ONCE, acted_on, few, last_record, looked_into, suspects
from zoneproxy.detect import scanner
from zoneproxy.detect.stage_one import Stops
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.controls import Action, Detect
from zoneproxy.wire.record import Record, write_records

PLAN = ControlPlan((Detect("no cards", ("PAYMENT_CARD", "EMAIL"), 0.5, Action.BLOCK),), {})
SUSPECT = f"order 4b4afbd{CARD}a9dbe3f".encode()


def look(*records: Record) -> bool:
    """As a batch goes: stage 1, then the second look."""
    found = suspects(memoryview(write_records(records)), len(records), PLAN)
    return acted_on(looked_into(found, PLAN)) is not None


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("found", [CARD, EMAIL])
def test_what_a_control_acts_on_is_seen_in_any_part_of_any_record(found, at):
    for there in (
        record(b"x " + found.encode(), at=at),
        record(None, key=found.encode(), at=at),
        record(None, headers=[(found.encode(), None)], at=at),
        record(None, headers=[(b"a", found.encode())], at=at),
    ):
        records = [record(CLEAN), record(SUSPECT, at=1), record(CLEAN, at=2)]
        records[at] = there
        assert look(*records)


def test_look_alikes_are_let_go():
    records = [record(SUSPECT), record(CLEAN, at=1), record(SUSPECT, b"7", at=2)]
    payload = write_records(records)
    assert PLAN.scanner
    assert PLAN.scanner.suspicious(payload)
    assert not look(*records)


@pytest.mark.parametrize("length", [23, 24, 28, 3072, 3711])
def test_what_begins_behind_a_length_that_reads_like_a_digit(length):
    part = CARD.encode().ljust(length)
    assert look(record(CLEAN), record(part, at=1))
    assert look(record(None, key=part))
    assert look(record(None, headers=[(b"a", b"b"), (b"c", part)]))


def test_a_batch_full_of_candidates_is_not_looked_at_twice():
    assert look(*(record(f"{CARD} {at}".encode(), at=at) for at in range(200)))


def test_without_detectors_there_are_no_suspects():
    assert not list(suspects(write_records([record(CARD)]), 1, ControlPlan((), {})))


@pytest.mark.parametrize(
    ("payload", "count"),
    [
        (b"\x80\x80" + EMAIL.encode(), 1),  # a length that does not end
        (b"\x80\x80\x80\x80\x80\x80" + EMAIL.encode(), 1),
        (EMAIL.encode(), 1),
        (write_records([record(EMAIL)]), 0),
        (write_records([record(EMAIL)])[:-1], 1),
        (write_records([record(CLEAN)]) + EMAIL.encode(), 1),
    ],
)
def test_what_cannot_be_told_apart_is_not_let_go(payload, count):
    found = list(suspects(payload, count, PLAN))
    assert found[-1].record is None
    assert acted_on(looked_into(found, PLAN))


@given(st.binary(), st.integers(0, 5), st.sampled_from([b"", EMAIL.encode(), CARD.encode()]))
def test_any_bytes_have_an_answer(payload, count, more):
    for suspect in suspects(payload + more + payload, count, PLAN):
        assert suspect.start <= len(payload + more + payload)


PARTS = st.sampled_from([None, b"", CLEAN.encode(), SUSPECT, CARD.encode(), CARD.encode().ljust(24), b"4" * 24, b"7"])


@given(st.lists(st.tuples(PARTS, PARTS, PARTS), max_size=4))
def test_agrees_with_a_look_at_everything(rows):
    records = [record(value, key, [(b"n", header)], at) for at, (key, value, header) in enumerate(rows)]
    assert PLAN.scanner
    parts = [part for row in rows for part in row if part]
    expected = any(PLAN.decide(finding) for part in parts for finding in PLAN.scanner.scan(part))
    assert look(*records) == expected


def test_an_event_loop_waits_for_few_suspects_only():
    clean, suspect = record(CLEAN), record(SUSPECT * 20)
    found = suspects(write_records([clean, suspect]), 2, PLAN)
    assert len(list(few(found, Patience()))) == 1
    many = [record(SUSPECT * 20, at=at) for at in range(MOST_BYTES // len(SUSPECT * 20) + 1)]
    with pytest.raises(Later):
        list(few(suspects(write_records(many), len(many), PLAN), Patience()))


def test_short_suspects_count_for_more_than_their_bytes():
    many = [record(SUSPECT, at=at) for at in range(MOST_BYTES // LEAST + 1)]
    payload = write_records(many)
    assert len(payload) < MOST_BYTES
    with pytest.raises(Later):
        list(few(suspects(payload, len(many), PLAN), Patience()))
    half = payload[: len(payload) // 2]
    assert len(list(few(suspects(half, len(many) // 2, PLAN), Patience()))) > 0


def test_nor_does_it_wait_where_nothing_is_found_in_very_many_places():
    payload = memoryview(write_records([record(SUSPECT, at=at) for at in range(100)]))
    patient, hurried = (list(suspects(payload, 100, PLAN, stops)) for stops in (None, Stops(100)))
    assert [found.record for found in hurried] == [found.record for found in patient] != []
    with pytest.raises(Later):
        list(suspects(payload, 100, PLAN, Stops(50)))


def test_what_is_too_much_to_tell_is_acted_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "MAX_HITS", 3)
    quiet = ControlPlan((Detect("r", ("EMAIL",), 1.0, Action.BLOCK),), {})
    payload = write_records([record(b"a@b.cc " * 9)])
    assert acted_on(looked_into(suspects(payload, 1, quiet), quiet)) is not None


@pytest.mark.parametrize(("size", "ahead"), [(100, AT_ONCE), (BYTES_AT_ONCE // 2, 2), (2 * BYTES_AT_ONCE, 1)])
def test_some_are_found_before_the_first_is_looked_into(size, ahead):
    found = []
    records = [record(f"{CARD} {'x' * size}".encode(), b"key", at=at) for at in range(ahead + 1)]
    payload = write_records(records)
    each = looked_into((found.append(it) or it for it in suspects(payload, len(records), PLAN)), PLAN)
    first = next(each)
    assert (len(found), first.is_acted_on) == (ahead, True)
    assert [(seen.part, len(seen.findings)) for seen in first.seen] == [(b"key", 0), (records[0].value, 1)]
    assert [it.record for it in each] == records[1:]


def test_the_last_record_is_told_by_the_lengths_of_those_before_it():
    records = [record(CLEAN, at=at) for at in range(4)]
    payload = memoryview(write_records(records))
    ends = [len(write_records(records[:at])) for at in range(5)]
    assert last_record(payload, ends[4], 0) is None
    for passed in range(4):
        assert last_record(payload, ends[passed], 4 - passed) == records[3]


@pytest.mark.parametrize(
    ("left", "behind", "reason"),
    [(1, b"", "trailing"), (3, b"", "truncated"), (2, b"\x10", "trailing"), (3, b"\x10", "truncated")],
)
def test_lengths_that_do_not_add_up(left, behind, reason):
    payload = write_records([record(CLEAN), record(CLEAN, at=1)]) + behind
    with pytest.raises(ProtocolError, match=reason):
        last_record(payload, 0, left)


def test_a_suspect_knows_how_many_follow():
    records = [record(CARD.encode() if at in (0, 2, 3) else CLEAN, at=at) for at in range(5)]
    payload = write_records(records)
    found = list(suspects(payload, len(records), PLAN))
    assert [(payload[suspect.start :].index(CARD.encode()) > 0, suspect.left) for suspect in found] == [
        (True, 4),
        (True, 2),
        (True, 1),
    ]


def test_what_was_found_goes_with_the_suspect():
    records = [record(SUSPECT), record(CLEAN, at=1, headers=[(b"card", CARD.encode())])]
    suspect = acted_on(looked_into(suspects(write_records(records), 2, PLAN), PLAN))
    assert suspect is not None
    assert [(seen.part, seen.name, [finding.type for finding in seen.findings]) for seen in suspect.seen] == [
        (CLEAN.encode(), b"", []),
        (b"card", b"", []),
        (CARD.encode(), b"card", ["PAYMENT_CARD"]),
    ]
