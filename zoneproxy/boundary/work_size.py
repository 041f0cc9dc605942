"""How much there is to look through in a batch, before anybody has opened it."""

from __future__ import annotations

from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import Whole, iter_batches
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.compression import DecompressionLimits

# Looking through this much takes half a millisecond if it is clean. Going to a thread and back costs half as much, and
# most producers' batches are of at most 128 KiB: in a thread they took a third more CPU time, all in all.
INLINE = 192 * 1024
"""Bytes from which on an event loop does not wait, and nobody needs to know more exactly."""


EACH = 64
"""Bytes that each record counts for besides its own, where every one of them is looked at by itself."""


def work_size(records: Buffer, limits: DecompressionLimits, each: int = 0) -> int:
    """Bytes that looking through ``records`` may come to; ``each``: what a record counts for besides its own.

    What is compressed counts for all that it may become: 60 KiB can hold 60 MiB, which would keep an event loop busy
    for minutes, and how much it really is cannot be told without opening it.
    """
    size = len(records)
    if size >= INLINE:
        return size
    work = size
    try:
        for entry in iter_batches(records):
            if isinstance(entry, Whole):
                if entry.header.codec:
                    return max(limits.cap(size), work)
                work += each * min(max(entry.header.records_count, 0), len(entry.view))
    except ProtocolError:
        pass  # whoever looks through it will say so
    return work


def scan_size(records: Buffer, limits: DecompressionLimits, slowness: int) -> int:
    """The same, for a plan that takes so many times as long for a byte: as many bytes as if it were faster."""
    return slowness * work_size(records, limits, EACH if slowness > 1 else 0)
