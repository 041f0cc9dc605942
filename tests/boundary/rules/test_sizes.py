from __future__ import annotations

import pytest

from tests.boundary.batch_kit import IN, LIMITS, OUT, batch, plan, record, values_of, whole
from zoneproxy.boundary.batches import treat_fetch, treat_produce
from zoneproxy.policy.record_rules import MaximumSize
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.record import Record

RECORD = record(b"12345", b"123", [(b"ab", b"cd"), (b"e", None)])


@pytest.mark.parametrize(
    ("fitting", "too_small"),
    [({"value": 5}, {"value": 4}), ({"key": 3}, {"key": 2}), ({"headers": 5}, {"headers": 4}),
     ({"record": 13}, {"record": 12}), ({"key": 3, "record": 13}, {"key": 2, "record": 13})],
)  # fmt: skip
def test_bounds(fitting: dict[str, int], too_small: dict[str, int]) -> None:
    data = batch([RECORD])
    assert treat_produce(whole(data), plan(MaximumSize("size", **fitting)), LIMITS, IN).error == ErrorCode.NONE
    result = treat_produce(whole(data), plan(MaximumSize("size", **too_small)), LIMITS, IN)
    assert (result.error, result.blocked, result.reason) == (ErrorCode.POLICY_VIOLATION, 1, "size")


@pytest.mark.parametrize("empty", [record(None), record(b"", b"")])
def test_nothing_is_never_too_large(empty: Record) -> None:
    nothing = plan(MaximumSize("size", key=0, value=0, headers=0, record=0))
    assert treat_produce(whole(batch([empty])), nothing, LIMITS, IN).error == ErrorCode.NONE


def test_what_is_too_large_is_left_out_on_fetch() -> None:
    result = treat_fetch(batch([b"12", b"123"]), plan(MaximumSize("size", value=2)), LIMITS, OUT)
    assert result.data is not None
    assert values_of(result.data) == [b"12"]
    assert (result.blocked, result.reason) == (1, "size")
