"""Kept: records that a quarantine rule wants a sealed copy of, on their way to whoever seals them.

The one thing besides the messages themselves that carries payload out of the decision core. It has a way of its own
(``Context.kept``), so that facts never do; nothing of it may be logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from zoneproxy.wire.buffer import Buffer


@dataclass(frozen=True, slots=True)
class Kept:
    """A record batch for the quarantine of ``zone``.

    A produced batch is kept whole, as it came; of a fetched one those records that have to do with the rules, as a
    batch of their own with their offsets. ``records``: how many of them are kept for their own sake.
    """

    zone: str  # the source
    rules: Sequence[str]
    types: Sequence[str]
    side: str
    topic: str
    partition: int
    base_offset: int
    records: int
    batch: Buffer = field(repr=False)
