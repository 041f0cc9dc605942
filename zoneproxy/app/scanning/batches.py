"""Record batches as they lie in a log or come in a fetch → units, one for each record."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from zoneproxy.app.scanning.units import Part, Unit
from zoneproxy.wire.batch import Whole, iter_batches, open_batch
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.record import iter_records

if TYPE_CHECKING:
    from zoneproxy.wire.buffer import Buffer
    from zoneproxy.wire.record import Record

LIMITS = DecompressionLimits()


def units_of(batches: Buffer, source: str, done: int = 0) -> Iterator[Unit]:
    """The records of all whole batches; transaction markers are none.

    Args:
        source: where they are from, as it is told: ``payments.orders-0``.
        done: bytes of the source that were read before.

    Raises:
        ProtocolError: what is there are no batches, or one cannot be opened.
    """
    for entry in iter_batches(batches):
        if isinstance(entry, Whole):
            done += len(entry.view)
            if not entry.header.is_control:
                yield from _records(entry, source, done)


def _records(batch: Whole, source: str, done: int) -> Iterator[Unit]:
    header = batch.header
    payload = open_batch(batch.view, header, LIMITS)
    for record in iter_records(payload, header.records_count, header.last_offset_delta):
        offset = header.base_offset + record.offset_delta
        yield Unit(partial(_where, f"{source}@{offset}"), _parts(record), done)


def _where(record: str, _part: Part, _offset: int) -> str:
    return record


def _parts(record: Record) -> list[Part]:
    parts = [Part("value", record.value)] if record.value else []
    if record.key:
        parts.append(Part("key", record.key))
    for name, value in record.headers:
        parts.append(Part("header_name", name))
        if value:
            parts.append(Part("header_value", value, name))
    return parts
