"""Record batches written down as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoneproxy.wire.batch import BatchHeader, build_batch
from zoneproxy.wire.record import Record, write_records

if TYPE_CHECKING:
    from collections.abc import Sequence

TIMESTAMP = 1_700_000_000_000


def batch(
    values: Sequence[bytes | None],
    *,
    producer: tuple[int, int, int] = (-1, -1, -1),
    transactional: bool = False,
    codec: int = 0,
    base_offset: int = 0,
) -> bytes:
    """A batch of records without keys; ``producer`` is its id, epoch and first sequence number."""
    header = BatchHeader(
        base_offset=base_offset,
        batch_length=0,
        partition_leader_epoch=-1,
        magic=2,
        crc=0,
        attributes=codec | (0x10 if transactional else 0),
        last_offset_delta=len(values) - 1,
        base_timestamp=TIMESTAMP,
        max_timestamp=TIMESTAMP,
        producer_id=producer[0],
        producer_epoch=producer[1],
        base_sequence=producer[2],
        records_count=len(values),
    )
    records = [Record(0, 0, n, None, value, []) for n, value in enumerate(values)]
    return bytes(build_batch(header, write_records(records), len(records)))
