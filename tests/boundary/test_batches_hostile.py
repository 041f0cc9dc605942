"""Values that are so full of something that looking at it would take far more memory than they do."""

from __future__ import annotations

import pytest

from tests.boundary.batch_kit import IN, OUT
from tests.boundary.kit import batch
from zoneproxy.boundary.batches import ControlPlan, treat_fetch, treat_produce
from zoneproxy.boundary.facts import Blocked
from zoneproxy.detect import escapes, scanner
from zoneproxy.policy.controls import RedactFinding
from zoneproxy.policy.transforms import Transform, TransformKind
from zoneproxy.wire.batch import HEADER_SIZE, Whole, read_header
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.error_codes import ErrorCode

PLAN = ControlPlan((RedactFinding("r", ("EMAIL",), 0.6, Transform(TransformKind.MASK)),), {})
LIMITS = DecompressionLimits()
ADDRESSES = b"a@b.cc " * 21
ESCAPES = b'"' + rb"\n" * 21 + b' a@b.cc"'


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanner, "MAX_HITS", 20)
    monkeypatch.setattr(escapes, "MAX_ESCAPES", 20)


@pytest.mark.parametrize("value", [ADDRESSES, ESCAPES])
def test_too_dense_a_value_is_not_written(value: bytes) -> None:
    records = batch(b"{}", value)
    result = treat_produce(Whole(memoryview(records), read_header(records)), PLAN, LIMITS, IN)

    assert (result.error, result.reason) == (ErrorCode.POLICY_VIOLATION, "dense")
    (blocked,) = (fact for fact in result.facts if isinstance(fact, Blocked))
    assert (blocked.reason, blocked.records) == ("dense", 1)


@pytest.mark.parametrize("value", [ADDRESSES, ESCAPES])
def test_nor_is_it_read(value: bytes) -> None:
    result = treat_fetch(batch(value), PLAN, LIMITS, OUT)

    assert result.reason == "dense"
    assert result.data is not None
    assert len(result.data) == HEADER_SIZE


@pytest.mark.parametrize("value", [b"a@b.cc " * 20, b'"' + rb"\n" * 20 + b' a@b.cc"'])
def test_what_is_just_dense_enough_is_redacted(value: bytes) -> None:
    result = treat_fetch(batch(value), PLAN, LIMITS, OUT)

    assert not result.reason
    assert result.data is not None
    assert b"@" not in bytes(result.data)
