"""Records on their way in: checked, looked through where a control applies, rewritten or refused.

A producer's batch is forwarded whole or not at all: offsets and sequences would lie about records taken out of it.
The facts of a partition that is refused say why; its client learns the number of records, and Kafka's code.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from zoneproxy.boundary.awaited import PRODUCE_LATER, is_awaited, look_through, told_of
from zoneproxy.boundary.batches import BatchResult, treat_produce
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.cut import Place, Refusal
from zoneproxy.boundary.facts import Blocked
from zoneproxy.boundary.grown import TOO_LARGE, Grown, final, unknown_limits
from zoneproxy.boundary.holes import Sequenced
from zoneproxy.boundary.interceptor import Context, Eventually, Forward, Outcome, Waiting
from zoneproxy.boundary.may import leave
from zoneproxy.boundary.patience import Later, Patience
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.produce import refuse
from zoneproxy.boundary.produced import CODEC, INVALID, OUT_OF_ORDER, ZSTD_FROM_VERSION, only_batch, sequenced
from zoneproxy.boundary.work_size import scan_size
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import BatchHeader, Whole, check_produced
from zoneproxy.wire.compression import Codec, DecompressionLimits
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData

_ZSTD: Final = int(Codec.ZSTD)


@dataclass(slots=True)
class _Partition:
    """A partition of the request whose batch may be looked into."""

    place: Place
    of: TopicProduceData
    data: PartitionProduceData
    header: BatchHeader

    @property
    def topic(self) -> str:
        return self.of.name

    def sequenced(self, ctx: Context) -> Sequenced | None:
        """Where the batch stands, if its producer is idempotent."""
        return sequenced(self.of, self.data.index, self.header, ctx)


@dataclass(slots=True)
class _Scan:
    """One batch to be looked through, perhaps in another thread; keeps its result."""

    partition: _Partition
    crossing: Crossing
    plan: ControlPlan
    limits: DecompressionLimits
    result: BatchResult | None = None
    patience: Patience | None = None

    def __call__(self) -> None:
        p = self.partition
        assert p.data.records is not None
        batch = Whole(memoryview(p.data.records), p.header)
        crossing = replace(self.crossing, patience=self.patience) if self.patience else self.crossing
        with suppress(Later):
            self.result = treat_produce(batch, self.plan, self.limits, crossing)

    def grown(self) -> Grown | None:
        """What it has become, if that is longer."""
        data, partition = (self.result.data if self.result else None), self.partition
        if data is None or len(data) <= len(partition.data.records or b""):
            return None
        return Grown(
            partition.topic, partition.of.topic_id, partition.data.index, len(data), partition.header.records_count
        )

    @property
    def size(self) -> int:
        """How many bytes it goes through, at most, or could go through in the same time if it were faster."""
        return scan_size(self.partition.data.records or b"", self.limits, self.plan.slowness)


class ProduceRecordsInterceptor:
    """See the module."""

    apis = frozenset({ApiKey.PRODUCE})

    def __init__(self, plans: Plans, limits: DecompressionLimits) -> None:
        self._plans = plans
        self._limits = limits

    def request(self, message: ProduceRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        refused: dict[Place, Refusal] = {}
        holes = ctx.session.holes.count
        partitions = _acceptable(message, refused, ctx, holes > 0)
        scans = []
        controls, home, zone = ctx.snapshot.enforced, ctx.home, ctx.session.zone
        for partition in partitions:
            plan = self._plans.of(controls(home, zone, partition.of.name))
            if plan is not None:
                scans.append(_Scan(partition, _crossing(partition, ctx), plan, self._limits))
        if scans:
            return _after_scans(message, partitions, refused, scans, ctx)
        return _finish(message, partitions, refused, ctx) if holes else refuse(message, refused, ctx)


def _crossing(partition: _Partition, ctx: Context) -> Crossing:
    who = ctx.session.principal
    return Crossing(
        side="produce",
        topic=partition.topic,
        partition=partition.data.index,
        from_zone=ctx.home,
        to_zone=ctx.session.zone,
        principal=who.name,
        groups=ctx.snapshot.groups_of(who),
        digest=ctx.snapshot.digest,
        now=ctx.now,
        observe=ctx.observe,
    )


def _after_scans(
    message: ProduceRequest,
    partitions: list[_Partition],
    refused: dict[Place, Refusal],
    scans: list[_Scan],
    ctx: Context,
) -> Waiting[Outcome]:
    yield from look_through(scans)
    larger = [grown for scan in scans if (grown := scan.grown()) is not None]
    if larger and (unknown := unknown_limits(larger, ctx)):
        yield unknown
    edited = False
    for scan in scans:
        result = scan.result
        assert result is not None
        if is_awaited(result):
            ctx.facts += told_of(result)
            refused[scan.partition.place] = PRODUCE_LATER
            _note(scan.partition, ctx)
            continue
        ctx.facts += result.facts
        ctx.kept += result.kept
        grown = scan.grown()
        if result.error:
            refused[scan.partition.place] = _blocked(result)
            _note(scan.partition, ctx)
        elif grown is not None and not grown.fits(ctx):
            refused[scan.partition.place] = TOO_LARGE
            grown.tell(ctx)
            _note(scan.partition, ctx)
        elif result.data is not None:
            scan.partition.data.records = result.data
            edited = True
    outcome = _finish(message, partitions, refused, ctx)
    if not edited or not isinstance(outcome, Forward):
        return outcome
    then = final(larger, outcome.then) if larger and outcome.expects_reply else outcome.then
    return replace(outcome, edited=True, then=then)


# --- before anything is opened -------------------------------------------------------------------------------


def _acceptable(message: ProduceRequest, refused: dict[Place, Refusal], ctx: Context, holes: bool) -> list[_Partition]:
    """The partitions whose batches are what a producer may send now; the others go into ``refused``.

    ``holes``: there are some, whoever has them.
    """
    acceptable = []
    for t, topic in enumerate(message.topic_data):
        for p, data in enumerate(topic.partition_data):
            try:
                header = only_batch(data.records)
            except ProtocolError as error:
                refused[t, p] = INVALID
                _tell(error.reason, topic.name, data.index, 0, ctx)
                continue
            partition = _Partition((t, p), topic, data, header)
            refusal = (_out_of_order(partition, ctx) if holes else None) or _not_a_producers(partition, ctx)
            if refusal is None:
                acceptable.append(partition)
            else:
                refused[t, p] = refusal
    return acceptable


def _out_of_order(partition: _Partition, ctx: Context) -> Refusal | None:
    """A batch behind one that was blocked, see holes.py."""
    batch = partition.sequenced(ctx)
    if batch is None or not ctx.session.holes.out_of_order(batch):
        return None
    _tell("out_of_order", partition.topic, partition.data.index, partition.header.records_count, ctx)
    return OUT_OF_ORDER


def _not_a_producers(partition: _Partition, ctx: Context) -> Refusal | None:
    """A header that no producer may send, or a codec that there is not (yet)."""
    header = partition.header
    codec = header.codec
    if codec >= _ZSTD and (codec > _ZSTD or ctx.header.api_version < ZSTD_FROM_VERSION):
        reason, refusal = "codec", CODEC
    else:
        try:
            check_produced(header)
        except ProtocolError as error:
            reason, refusal = error.reason, INVALID
        else:
            return None
    _tell(reason, partition.topic, partition.data.index, 0, ctx)
    _note(partition, ctx)
    return refusal


def _tell(reason: str, topic: str, partition: int, records: int, ctx: Context) -> None:
    leave(ctx, Blocked("", "produce", reason, topic, partition, records))


# --- afterwards ----------------------------------------------------------------------------------------------


def _blocked(result: BatchResult) -> Refusal:
    """With a record error for each record Java would show InvalidRecordException: the number is in the text instead."""
    if result.error != ErrorCode.POLICY_VIOLATION:
        return Refusal(result.error)
    return Refusal(result.error, f"{result.blocked} record(s) of the batch may not be written here: {result.reason}")


def _finish(
    message: ProduceRequest, partitions: list[_Partition], refused: dict[Place, Refusal], ctx: Context
) -> Outcome:
    outcome = refuse(message, refused, ctx)
    if isinstance(outcome, Forward) and ctx.session.holes.count:
        for partition in partitions:
            batch = partition.sequenced(ctx)
            if batch is not None and partition.place not in refused:
                ctx.session.holes.fill(batch)
    return outcome


def _note(partition: _Partition, ctx: Context) -> None:
    batch = partition.sequenced(ctx)
    if batch is not None:
        ctx.session.holes.note(batch)
