from __future__ import annotations

from zoneproxy.boundary.batch_result import BatchResult
from zoneproxy.wire.error_codes import ErrorCode


def test_nothing_said_is_unchanged():
    result = BatchResult()
    assert (result.data, result.error, result.blocked, result.reason) == (None, ErrorCode.NONE, 0, "")
    assert result.facts == []
    assert result.facts is not BatchResult().facts
