"""Records on their way out: looked through where a control applies; rewritten, or taken out of their batches.

Offsets have gaps anyway, so a consumer may be given fewer records than there are. Which controls apply is decided
with the request: what the reply holds crosses from the listener's zone to the principal's home.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from zoneproxy.boundary.awaited import FETCH_LATER, is_awaited, look_through, told_of
from zoneproxy.boundary.batches import BatchResult, treat_fetch
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.cut import TopicKey
from zoneproxy.boundary.fetch_cache import FetchCache
from zoneproxy.boundary.interceptor import Context, Eventually, Forward, Outcome, Waiting
from zoneproxy.boundary.patience import Later, Patience
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.work_size import scan_size
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import ZERO_UUID, Buffer
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import FetchRequest
from zoneproxy.wire.messages.fetch_response import FetchResponse
from zoneproxy.wire.messages.share_fetch_response import PartitionData as SharedPartition


class FetchedPartition(Protocol):
    """A partition in a reply of any API that hands out records."""

    partition_index: int
    error_code: int
    records: Buffer | None


@dataclass(slots=True)
class _Scan:
    """One fetched partition to be looked through, perhaps in another thread; keeps its result."""

    crossing: Crossing
    plan: ControlPlan
    data: FetchedPartition
    limits: DecompressionLimits
    cache: FetchCache
    result: BatchResult | None = None
    patience: Patience | None = None

    @property
    def size(self) -> int:
        """How many bytes it goes through, at most, or could go through in the same time if it were faster."""
        return scan_size(self.data.records or b"", self.limits, self.plan.slowness)

    def __call__(self) -> None:
        assert self.data.records is not None
        crossing = replace(self.crossing, patience=self.patience) if self.patience else self.crossing
        with suppress(Later):
            self.result = treat_fetch(self.data.records, self.plan, self.limits, crossing, self.cache)


class FetchedRecords:
    """Looks through what replies hold of topics that controls apply to."""

    def __init__(self, plans: Plans, limits: DecompressionLimits, cache: FetchCache) -> None:
        self._plans = plans
        self._limits = limits
        self._cache = cache

    def look_through(
        self, topics: Iterable[tuple[TopicKey, Sequence[FetchedPartition]]], ctx: Context
    ) -> Eventually[bool]:
        """Under the policy of the request; True if anything was changed.

        Raises ProtocolError (``reply_mismatch``) for a topic that was not decided on with the request.
        """
        scans = []
        for key, partitions in topics:
            name = ctx.names.get(key)
            if name is None:
                raise ProtocolError("reply_mismatch")
            plan = self._plans.of(ctx.snapshot.enforced(ctx.session.zone, ctx.home, name))
            if plan is not None:
                scans += [
                    _Scan(_crossing(name, data.partition_index, ctx), plan, data, self._limits, self._cache)
                    for data in partitions
                    if data.records
                ]
        return _after_scans(scans, ctx) if scans else False


class FetchRecordsInterceptor:
    """See the module."""

    apis = frozenset({ApiKey.FETCH})

    def __init__(self, records: FetchedRecords) -> None:
        self._records = records
        self._outcome = Forward(self._then)

    def request(self, message: FetchRequest, ctx: Context) -> Outcome:
        """In a session a request does not name what its reply may bring, so all is left to the reply."""
        return self._outcome

    def _then(self, response: FetchResponse, ctx: Context) -> Eventually[bool]:
        topics = [(t.topic if t.topic_id == ZERO_UUID else t.topic_id, t.partitions) for t in response.responses]
        return self._records.look_through(topics, ctx)


def _crossing(topic: str, partition: int, ctx: Context) -> Crossing:
    who = ctx.session.principal
    return Crossing(
        side="fetch",
        topic=topic,
        partition=partition,
        from_zone=ctx.session.zone,
        to_zone=ctx.home,
        principal=who.name,
        groups=ctx.snapshot.groups_of(who),
        digest=ctx.snapshot.digest,
        now=ctx.now,
        observe=ctx.observe,
    )


def _after_scans(scans: list[_Scan], ctx: Context) -> Waiting[bool]:
    yield from look_through(scans)
    edited = False
    for scan in scans:
        result = scan.result
        assert result is not None
        if is_awaited(result):
            ctx.facts += told_of(result)
            _hold_back(scan.data)
            edited = True
            continue
        ctx.facts += result.facts
        ctx.kept += result.kept
        if result.data is not None:
            scan.data.records = result.data
            edited = True
    return edited


def _hold_back(data: FetchedPartition) -> None:
    """None of the records, until it is known of which schemas they are."""
    data.records, data.error_code = b"", FETCH_LATER
    if isinstance(data, SharedPartition):
        data.acquired_records = []  # the broker hands them out again when their time is over
