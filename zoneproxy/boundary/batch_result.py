"""What became of the records of one partition, on either side."""

from __future__ import annotations

from dataclasses import dataclass, field

from zoneproxy.boundary.facts import Fact
from zoneproxy.boundary.kept import Kept
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.error_codes import ErrorCode


@dataclass(slots=True)
class BatchResult:
    """``data`` takes the place of the records; None: they go on as the bytes they came in.

    ``blocked`` counts the records that may not cross, and ``reason`` says why, in a fixed word. On the produce side
    ``error`` is then the partition's answer, and nothing of the batch goes on. On the fetch side they are gone from
    ``data``, as are those that row filters drop, and ``error`` is NONE.
    """

    data: Buffer | None = None
    error: ErrorCode = ErrorCode.NONE
    blocked: int = 0
    reason: str = ""
    facts: list[Fact] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)  # for the quarantine
