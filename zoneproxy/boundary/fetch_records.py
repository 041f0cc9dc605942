"""Records on their way out: looked through where a control applies; rewritten, or taken out of their batches.

Offsets have gaps anyway, so a consumer may be given fewer records than there are. Which controls apply is decided
with the request: what the reply holds crosses from the listener's zone to the principal's home.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zoneproxy.boundary.batches import BatchResult, treat_fetch
from zoneproxy.boundary.cut import TopicKey
from zoneproxy.boundary.interceptor import GO_ON, Context, Eventually, Forward, Outcome, Waiting, Work
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.work_size import work_size
from zoneproxy.wire.buffer import ZERO_UUID
from zoneproxy.wire.compression import DecompressionLimits
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import FetchRequest
from zoneproxy.wire.messages.fetch_response import FetchResponse, PartitionData


@dataclass(slots=True)
class _Controlled:
    """A topic of the request to which controls apply."""

    topic: str
    plan: ControlPlan


@dataclass(slots=True)
class _Scan:
    """One fetched partition to be looked through, perhaps in another thread; keeps its result."""

    controlled: _Controlled
    data: PartitionData
    limits: DecompressionLimits
    result: BatchResult | None = None

    def __call__(self) -> None:
        assert self.data.records is not None
        c = self.controlled
        self.result = treat_fetch(self.data.records, c.plan, self.limits, c.topic, self.data.partition_index)


class FetchRecordsInterceptor:
    """See the module."""

    apis = frozenset({ApiKey.FETCH})

    def __init__(self, plans: Plans, limits: DecompressionLimits) -> None:
        self._plans = plans
        self._limits = limits

    def request(self, message: FetchRequest, ctx: Context) -> Outcome:
        """See the module."""
        controlled: dict[TopicKey, _Controlled] = {}
        for topic in message.topics:
            plan = self._plans.of(ctx.snapshot.controls(ctx.session.zone, ctx.home, topic.topic))
            if plan is not None:
                key = topic.topic if topic.topic_id == ZERO_UUID else topic.topic_id
                controlled[key] = _Controlled(topic.topic, plan)
        return Forward(_Fetched(controlled, self._limits).then) if controlled else GO_ON


class _Fetched:
    def __init__(self, controlled: Mapping[TopicKey, _Controlled], limits: DecompressionLimits) -> None:
        self._controlled = controlled
        self._limits = limits

    def then(self, response: FetchResponse, ctx: Context) -> Eventually[bool]:
        scans = []
        for topic in response.responses:
            key: TopicKey = topic.topic if topic.topic_id == ZERO_UUID else topic.topic_id
            controlled = self._controlled.get(key)
            if controlled is not None:
                scans += [_Scan(controlled, data, self._limits) for data in topic.partitions if data.records]
        return _after_scans(scans, ctx) if scans else False


def _after_scans(scans: list[_Scan], ctx: Context) -> Waiting[bool]:
    yield (Work(scans, sum(work_size(scan.data.records or b"", scan.limits) for scan in scans)),)
    edited = False
    for scan in scans:
        result = scan.result
        assert result is not None
        ctx.facts += result.facts
        if result.data is not None:
            scan.data.records = result.data
            edited = True
    return edited
