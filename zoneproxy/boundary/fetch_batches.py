"""Fetched records: batches go on as they came, rewritten, without some of their records, or emptied.

Offsets of a topic have gaps anyway, so records may be taken out; but a batch keeps its place. An empty one says to a
consumer where to go on, and what became of a transaction; a missing one could stall it.
"""

from __future__ import annotations

from struct import Struct
from typing import Final

from zoneproxy.boundary.batch_result import BatchResult
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.facts import Blocked, CacheUsed, Noticed, RecordAt, Scanned
from zoneproxy.boundary.fetch_cache import FetchCache, Key, Treated, as_kept
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.tally import UNSCANNABLE
from zoneproxy.boundary.treatment import Treatment, treatment_of
from zoneproxy.boundary.trial import treated
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import (
    MAGIC,
    BatchHeader,
    Entry,
    OldMagic,
    Whole,
    build_batch,
    empty_batch,
    open_batch,
    walk,
)
from zoneproxy.wire.buffer import Buffer
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.control import check_control
from zoneproxy.wire.record import read_records


def treat_fetch(
    records: Buffer,
    plan: ControlPlan,
    limits: DecompressionLimits,
    crossing: Crossing,
    cache: FetchCache | None = None,
) -> BatchResult:
    """What goes on of a partition's ``records``. A function of its arguments, to be run in any thread.

    ``cache`` makes no difference to what comes out.

    Rewritten batches keep base offset, last offset delta, timestamps, producer data and codec; what cannot be looked
    into is replaced by its empty header. An incomplete batch at the end is cut off, as its length is the consumer's
    choice and its bytes cannot be scanned. Raises nothing: records that cannot even be told apart go altogether.
    """
    return treated(lambda plan, crossing: _treated(records, plan, limits, crossing, cache), plan, crossing)


def _treated(
    records: Buffer,
    plan: ControlPlan,
    limits: DecompressionLimits,
    crossing: Crossing,
    cache: FetchCache | None,
) -> BatchResult:
    try:
        entries = walk(records)
    except ProtocolError as error:
        fact = Blocked("", crossing.side, error.reason, crossing.topic, crossing.partition, 1, crossing.mode)
        return BatchResult(b"", blocked=1, reason=error.reason, facts=[fact])
    result = BatchResult()
    scan = _Fetch(plan, limits, crossing, result)
    pieces = [scan.treat(entry, cache) for entry in entries]
    if scan.opened:
        result.facts.append(Scanned(scan.scanned, scan.opened))
    if cache and (scan.hits or scan.misses):
        result.facts.append(CacheUsed(scan.hits, scan.misses, cache.size))
    if any(piece is not entry.view for piece, entry in zip(pieces, entries, strict=True)):
        result.data = b"".join(pieces)
    return result


def _in_place_of(old: OldMagic) -> BatchHeader:
    """The header of a batch that holds the offset of an old message, so that a consumer goes on behind it."""
    (offset,) = _OFFSET.unpack_from(old.view)
    return BatchHeader(offset, 0, -1, MAGIC, 0, 0, 0, -1, -1, -1, -1, -1, 0)


_OFFSET: Final = Struct(">q")


class _Fetch:
    """The entries of one partition, one after another; what is found goes into ``result``."""

    def __init__(self, plan: ControlPlan, limits: DecompressionLimits, crossing: Crossing, result: BatchResult) -> None:
        self.scanned = 0
        self.opened = 0
        self.hits = 0  # batches whose result was kept
        self.misses = 0  # batches whose result may be kept now
        self._plan = plan
        self._limits = limits
        self._crossing = crossing
        self._result = result

    def treat(self, entry: Entry, cache: FetchCache | None = None) -> Buffer:
        """What takes the place of ``entry``: its own view, if nothing is to be changed."""
        if cache is None or not isinstance(entry, Whole):
            return self._treat(entry)
        key = cache.key(entry, self._plan, self._crossing)
        if key is None:
            return self._treat(entry)
        known = cache.get(key, entry)
        if known is not None:
            self.hits += 1
            self._result.facts += known.facts
            self._count(known.blocked, known.reason)
            return entry.view if known.piece is None else known.piece
        self.misses += 1
        return self._treat_and_keep(entry, key, cache)

    def _treat_and_keep(self, batch: Whole, key: Key, cache: FetchCache) -> Buffer:
        whole, self._result = self._result, BatchResult()
        piece = self._treat(batch)
        of_batch, self._result = self._result, whole
        whole.facts += of_batch.facts
        whole.kept += of_batch.kept
        self._count(of_batch.blocked, of_batch.reason)
        if not of_batch.kept:
            cache.put(key, Treated(as_kept(piece, batch), of_batch.facts, of_batch.blocked, of_batch.reason), batch)
        return piece

    def _treat(self, entry: Entry) -> Buffer:
        if isinstance(entry, Whole):
            try:
                return self._whole(entry)
            except ProtocolError as error:
                return self._emptied(entry.header, error.reason)
        if isinstance(entry, OldMagic):
            return self._emptied(_in_place_of(entry), UNSCANNABLE)
        self._result.facts.append(Noticed("incomplete_batch_cut"))
        return b""

    def _whole(self, batch: Whole) -> Buffer:
        header = batch.header
        if header.unknown_attributes:
            raise ProtocolError("attributes")
        payload = open_batch(batch.view, header, self._limits)
        if header.is_control:
            check_control(header, read_records(payload, header.records_count, header.last_offset_delta))
            return batch.view
        self.scanned += len(payload)
        self.opened += 1
        if not header.records_count and payload:
            raise ProtocolError("trailing")
        treatment = treatment_of(payload, header.records_count, self._plan, self._crossing)
        return batch.view if treatment is None else self._rewritten(batch, payload, treatment)

    def _rewritten(self, batch: Whole, payload: Buffer, treatment: Treatment) -> Buffer:
        header = batch.header
        rewritten = treatment.rewritten(header.records_count, header.last_offset_delta)
        self._result.facts += treatment.facts(header)
        tally = treatment.tally
        if kept := treatment.kept_records:
            self._result.kept += treatment.kept(header, build_batch(header, b"".join(kept), len(kept)))
        self._count(tally.gone, tally.reason)
        gone = tally.gone + tally.dropped
        remaining = header.records_count - gone
        if not gone and not treatment.changed:
            return batch.view
        return build_batch(header, rewritten, remaining) if remaining else empty_batch(header)

    def _emptied(self, header: BatchHeader, reason: str) -> Buffer:
        records = max(header.records_count, 1)
        crossing = self._crossing
        place = (crossing.topic, crossing.partition)
        at = (RecordAt(0, header.max_timestamp, header.base_offset),)
        self._result.facts.append(Blocked("", crossing.side, reason, *place, records, crossing.mode, at))
        self._count(records, reason)
        return empty_batch(header)

    def _count(self, records: int, reason: str) -> None:
        self._result.blocked += records
        self._result.reason = reason or self._result.reason
