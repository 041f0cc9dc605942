from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.batch_kit import CLEAN, record
from tests.detect.samples import CARD, EMAIL
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.suspects import acted_on
from zoneproxy.detect.stage_one import Place
from zoneproxy.policy.controls import Action, Detect
from zoneproxy.wire.record import Record, write_records

PLAN = ControlPlan((Detect("no cards", ("PAYMENT_CARD", "EMAIL"), 0.5, Action.BLOCK),), {})
SUSPECT = f"order 4b4afbd{CARD}a9dbe3f".encode()


def look(*records: Record) -> bool:
    """As a batch goes: stage 1, then the second look."""
    payload = memoryview(write_records(records))
    assert PLAN.scanner
    suspicion = PLAN.scanner.suspicion(payload)
    return suspicion is not None and acted_on(payload, len(records), suspicion.places, PLAN)


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("found", [CARD, EMAIL])
def test_what_a_control_acts_on_is_seen_in_any_part_of_any_record(found, at):
    for there in (
        record(b"x " + found.encode()),
        record(None, key=found.encode()),
        record(None, headers=[(found.encode(), None)]),
        record(None, headers=[(b"a", found.encode())]),
    ):
        there.offset_delta = at
        records = [record(CLEAN), record(SUSPECT, at=1), record(CLEAN, at=2)]
        records[at] = there
        assert look(*records)


def test_look_alikes_are_let_go():
    records = [record(SUSPECT), record(CLEAN, at=1), record(SUSPECT, b"7", at=2)]
    payload = write_records(records)
    assert PLAN.scanner
    assert PLAN.scanner.suspicion(payload) is not None
    assert not look(*records)


@pytest.mark.parametrize("length", [23, 24, 28, 3072, 3711])
def test_what_begins_behind_a_length_that_reads_like_a_digit(length):
    part = CARD.encode().ljust(length)
    assert look(record(CLEAN), record(part, at=1))
    assert look(record(None, key=part))
    assert look(record(None, headers=[(b"a", b"b"), (b"c", part)]))


def test_places_that_were_not_listed_may_be_anywhere():
    assert acted_on(write_records([record(CLEAN)]), 1, None, PLAN)


def test_a_batch_full_of_candidates_is_not_looked_at_twice():
    assert look(*(record(f"{CARD} {at}".encode(), at=at) for at in range(200)))


def test_no_places_no_records():
    assert not acted_on(b"", 0, (), PLAN)
    assert not acted_on(b"\x80", 5, (), PLAN)


@pytest.mark.parametrize(
    ("payload", "count"),
    [
        (b"\x80\x80", 1),  # a length that does not end
        (b"", 1),
        (write_records([record(CLEAN)]), 0),
        (write_records([record(CLEAN)])[:-1], 1),
        (b"\x04\xff\xff\xff", 1),
    ],
)
def test_what_cannot_be_told_apart_is_not_let_go(payload, count):
    assert acted_on(payload, count, (Place(0, False),), PLAN)


@given(st.binary(), st.integers(0, 5), st.lists(st.integers(0, 50)).map(sorted))
def test_any_bytes_have_an_answer(payload, count, places):
    acted_on(payload, count, [Place(at, at % 2 == 0) for at in places], PLAN)


PARTS = st.sampled_from([None, b"", CLEAN.encode(), SUSPECT, CARD.encode(), CARD.encode().ljust(24), b"4" * 24, b"7"])


@given(st.lists(st.tuples(PARTS, PARTS, PARTS), max_size=4))
def test_agrees_with_a_look_at_everything(rows):
    records = [record(value, key, [(b"n", header)], at) for at, (key, value, header) in enumerate(rows)]
    assert PLAN.scanner
    parts = [part for row in rows for part in row if part]
    expected = any(PLAN.decide(finding) for part in parts for finding in PLAN.scanner.scan(part))
    assert look(*records) == expected
