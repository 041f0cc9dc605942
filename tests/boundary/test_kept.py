from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.batch_kit import (
    CLEAN,
    DIRTY,
    IN,
    LIMITS,
    OUT,
    batch,
    detect,
    field,
    plan,
    record,
    records_of,
    whole,
)
from tests.detect.samples import CARD, EMAIL
from zoneproxy.boundary.batches import treat_fetch, treat_produce
from zoneproxy.boundary.kept import Kept
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.policy.controls import Action
from zoneproxy.wire.error_codes import ErrorCode

QUARANTINE = plan(detect(Action.QUARANTINE))


def produced(data: bytes, compiled: ControlPlan = QUARANTINE) -> Kept | None:
    result = treat_produce(whole(data), compiled, LIMITS, IN)
    assert result.error == ErrorCode.POLICY_VIOLATION
    return _only(result.kept)


def fetched(data: bytes, compiled: ControlPlan = QUARANTINE) -> Kept | None:
    return _only(treat_fetch(data, compiled, LIMITS, OUT).kept)


def _only(kept: list[Kept]) -> Kept | None:
    assert len(kept) <= 1
    return kept[0] if kept else None


@pytest.mark.parametrize("codec", [0, 4])
def test_a_produced_batch_is_kept_whole_as_it_came(codec: int) -> None:
    data = batch([CLEAN, DIRTY, CLEAN], codec)
    kept = produced(data)
    assert kept is not None
    assert bytes(kept.batch) == data
    assert (kept.rules, kept.types) == (["no cards"], ["EMAIL", "PAYMENT_CARD"])
    assert (kept.side, kept.topic, kept.partition, kept.records) == ("produce", "t", 2, 1)


def test_of_a_fetched_batch_what_is_taken_out_is_kept_with_its_offsets() -> None:
    data = batch([CLEAN, DIRTY, CLEAN, DIRTY], 1, base_offset=40)
    kept = fetched(data)
    assert kept is not None
    assert (kept.side, kept.base_offset, kept.records) == ("fetch", 40, 2)
    found = records_of(bytes(kept.batch))
    assert [(r.offset_delta, r.value) for r in found] == [(1, DIRTY.encode()), (3, DIRTY.encode())]
    assert whole(bytes(kept.batch)).header.base_offset == 40


def test_nothing_is_kept_that_no_rule_wants_kept() -> None:
    assert produced(batch([DIRTY]), plan(detect())) is None
    assert fetched(batch([CLEAN])) is None


@pytest.mark.parametrize("first", [{"key": EMAIL.encode()}, {"headers": [(EMAIL.encode(), b"")]}, {}])
def test_a_rule_gets_its_copy_whatever_other_rule_is_met_first(first: dict[str, Any]) -> None:
    """A record goes at the first thing that may not cross; another one in it is to be kept."""
    value = DIRTY if first else f'{{"mail":"{EMAIL}","card":"{CARD}"}}'
    compiled = plan(detect(Action.BLOCK, types=["EMAIL"]), detect(Action.QUARANTINE, types=["PAYMENT_CARD"]))
    kept = fetched(batch([record(value, **first)]), compiled)
    assert kept is not None
    assert kept.types == ["PAYMENT_CARD"]


def test_what_goes_for_another_reason_is_kept_as_it_was() -> None:
    """Not JSON, so the field rule holds it back; the copy is of the record before anything was done to it."""
    compiled = plan(field("$.a"), detect(Action.QUARANTINE))
    kept = fetched(batch([f"text {CARD}", "text"]), compiled)
    assert kept is not None
    assert [r.value for r in records_of(bytes(kept.batch))] == [f"text {CARD}".encode()]


def test_it_shows_nothing_of_what_it_holds() -> None:
    kept = produced(batch([DIRTY]))
    assert CARD not in repr(kept)
    assert repr(kept).startswith("Kept(zone=")
