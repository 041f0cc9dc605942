"""Rows 15 to 31: disguised values in the value, the key and a header of a record, at either depth."""

from __future__ import annotations

import pytest
from _pytest.mark import ParameterSet

from tests.boundary.batch_kit import IN, LIMITS, OUT, batch, record, records_of, whole
from tests.evasion.canaries import CANARIES, TYPES
from tests.evasion.recovery import recovered
from tests.evasion.tricks import BLOCKED, MISSED, REDACTED, TRICKS, Outcome, Trick
from zoneproxy.boundary.batches import treat_fetch, treat_produce
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.policy.controls import Action, Depth, Detect, RedactFinding
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.record import Record

HIDE = {
    depth: ControlPlan((RedactFinding("hide", TYPES, 0.5, Transform(TransformKind.MASK), depth=depth),), {})
    for depth in Depth
}
STOP = {depth: ControlPlan((Detect("stop", TYPES, 0.5, Action.BLOCK, depth=depth),), {}) for depth in Depth}


def _case(trick: Trick, type_: str, depth: Depth, *marks: pytest.MarkDecorator) -> ParameterSet:
    return pytest.param(trick, type_, depth, id=f"{trick.row} {trick.name}, {type_}, {depth.name.lower()}", marks=marks)


def _cases(*depths: Depth) -> list[ParameterSet]:
    """A canary for each trick, taking turns; with all others it takes long."""
    cases = []
    for number, trick in enumerate(TRICKS):
        types = trick.only or TYPES
        for turn, type_ in enumerate(types):
            marks = () if turn == number % len(types) else (pytest.mark.long,)
            cases += [_case(trick, type_, depth, *marks) for depth in depths]
    return cases


BOTH, DEEP = _cases(*Depth), _cases(Depth.DEEP)


def expected(trick: Trick, depth: Depth) -> Outcome:
    return trick.deep if depth is Depth.DEEP else trick.fast


def parts(of: Record) -> list[bytes]:
    return [of.key or b"", of.value or b"", *(part or b"" for header in of.headers for part in header)]


def outcome(dirty: Record, plan: ControlPlan, canary: str) -> Outcome:
    """What becomes of a record, with clean ones around it, on produce; and nothing is left of the canary."""
    clean = [record(b'{"amount":5}', b"key-1"), record(b"", b"", at=2)]
    result = treat_produce(whole(batch([clean[0], dirty, clean[1]])), plan, LIMITS, IN)
    if result.error:
        assert result.error == ErrorCode.POLICY_VIOLATION
        return BLOCKED
    if result.data is None:
        return MISSED
    stored = records_of(result.data)
    assert (stored[0], stored[2]) == tuple(clean)
    assert not any(recovered(part, canary) for part in parts(stored[1]))
    return REDACTED


@pytest.mark.parametrize(("trick", "type_", "depth"), BOTH)
def test_in_the_value(trick, type_, depth):
    canary = CANARIES[type_]
    assert outcome(record(trick.write(canary), b"k", at=1), HIDE[depth], canary) is expected(trick, depth)


@pytest.mark.parametrize(("trick", "type_", "depth"), DEEP)
def test_in_a_header(trick, type_, depth):
    canary = CANARIES[type_]
    dirty = record(b'{"amount":5}', b"k", [(b"h", trick.write(canary))], at=1)
    assert outcome(dirty, HIDE[depth], canary) is expected(trick, depth)


@pytest.mark.parametrize(("trick", "type_", "depth"), DEEP)
def test_in_the_key_or_the_name_of_a_header(trick, type_, depth):
    canary = CANARIES[type_]
    becomes = BLOCKED if expected(trick, depth) is REDACTED else expected(trick, depth)  # neither can be rewritten
    for dirty in (record(b"{}", trick.write(canary), at=1), record(b"{}", b"k", [(trick.write(canary), b"v")], at=1)):
        assert outcome(dirty, HIDE[depth], canary) is becomes


@pytest.mark.parametrize(("trick", "type_", "depth"), DEEP)
def test_a_rule_that_blocks(trick, type_, depth):
    dirty = record(trick.write(CANARIES[type_]), b"k", at=1)
    becomes = BLOCKED if expected(trick, depth) is REDACTED else expected(trick, depth)
    assert outcome(dirty, STOP[depth], CANARIES[type_]) is becomes


@pytest.mark.parametrize(("trick", "type_", "depth"), DEEP)
def test_on_its_way_out(trick, type_, depth):
    data = batch([b'{"amount":5}', trick.write(CANARIES[type_])])
    result = treat_fetch(data, STOP[depth], LIMITS, OUT)
    left = records_of(result.data if result.data is not None else data)
    assert len(left) == (2 if expected(trick, depth) is MISSED else 1)


def test_every_row_of_this_kind_is_there():
    assert {trick.row for trick in TRICKS} == {*range(15, 27), 30, 31}
