"""Produced batches: on as they came, on rewritten, or not at all.

Records cannot be dropped from a produced batch: offsets and sequences would lie. So one record that may not cross holds
back its whole batch.
"""

from __future__ import annotations

from typing import Final

from zoneproxy.boundary.batch_result import BatchResult
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.facts import Blocked, Scanned
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.treatment import treatment_of
from zoneproxy.boundary.trial import treated
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import Whole, build_batch, check_produced, open_batch
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.error_codes import ErrorCode

# What a batch that cannot be opened is answered with; INVALID_RECORD where nothing is said here. MESSAGE_TOO_LARGE is
# never an answer: on it Java splits the batch and sends the pieces.
_ERRORS: Final = {
    "crc": ErrorCode.CORRUPT_MESSAGE,
    "codec": ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
    "bomb": ErrorCode.POLICY_VIOLATION,
    "dense": ErrorCode.POLICY_VIOLATION,
    "budget": ErrorCode.POLICY_VIOLATION,
}


def treat_produce(batch: Whole, plan: ControlPlan, limits: DecompressionLimits, crossing: Crossing) -> BatchResult:
    """What goes on of ``batch``. A pure function of its arguments, to be run in any thread; raises nothing.

    Of a rewritten batch the number of records, their deltas, the producer's id, epoch and sequence, and the
    codec are those of the original.
    """
    return treated(lambda plan, crossing: _treated(batch, plan, limits, crossing), plan, crossing)


def _treated(batch: Whole, plan: ControlPlan, limits: DecompressionLimits, crossing: Crossing) -> BatchResult:
    try:
        check_produced(batch.header)
        return _treat(batch, plan, limits, crossing)
    except ProtocolError as error:
        code = _ERRORS.get(error.reason, ErrorCode.INVALID_RECORD)
        records = max(batch.header.records_count, 0)
        fact = Blocked("", crossing.side, error.reason, crossing.topic, crossing.partition, records, crossing.mode)
        return BatchResult(None, code, records, error.reason, [fact])


def _treat(batch: Whole, plan: ControlPlan, limits: DecompressionLimits, crossing: Crossing) -> BatchResult:
    header = batch.header
    payload = open_batch(batch.view, header, limits)
    scanned = Scanned(len(payload), 1)
    treatment = treatment_of(payload, header.records_count, plan, crossing)
    if treatment is None:
        return BatchResult(facts=[scanned])
    rewritten = treatment.rewritten(header.records_count, header.last_offset_delta)
    result = BatchResult(facts=[scanned, *treatment.facts(header)])
    if treatment.tally.gone:
        result.error = ErrorCode.POLICY_VIOLATION
        result.blocked, result.reason = treatment.tally.gone, treatment.tally.reason
        result.kept = treatment.kept(header, batch.view)
    elif treatment.changed:
        result.data = build_batch(header, rewritten, header.records_count)
    return result
