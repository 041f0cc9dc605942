"""Batches with records of schemas that nobody has told yet: registries are asked, and the batches tried once more.

If there is no answer, nothing of such a batch goes on, and its client is told to come again: with codes that clients
take for a passing state of a cluster.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from zoneproxy.boundary.batch_result import BatchResult
from zoneproxy.boundary.cut import Refusal
from zoneproxy.boundary.facts import Blocked, Fact, Noticed, SchemaWanted
from zoneproxy.boundary.interceptor import Schemas, Waiting, Work
from zoneproxy.boundary.patience import Patience
from zoneproxy.boundary.work_size import INLINE
from zoneproxy.formats.book import UNKNOWN_SCHEMA
from zoneproxy.wire.error_codes import ErrorCode

# All clients send such a batch again after a while, and know that it was not stored (after REQUEST_TIMED_OUT
# librdkafka would not), and do nothing else besides.
PRODUCE_LATER = Refusal(ErrorCode.NOT_ENOUGH_REPLICAS, "the schema of a record is not known yet")
# All consumers ask who leads the partition, and fetch from the same offset again.
FETCH_LATER = ErrorCode.NOT_LEADER_OR_FOLLOWER
AWAITED = "schema_awaited"


class Scan(Protocol):
    """A job that looks through records, and keeps what came of it.

    None came if the ``patience`` with it was over before.
    """

    result: BatchResult | None
    patience: Patience | None

    def __call__(self) -> None:
        """Look through them."""
        ...

    @property
    def size(self) -> int:
        """How many bytes that are, at most."""
        ...


def look_through(scans: Sequence[Scan]) -> Waiting[None]:
    """Run ``scans``, and those that lack schemas once more when their registries were asked."""
    yield from _run(scans)
    lacking = [scan for scan in scans if any(_wanted(scan.result))]
    if lacking:
        every = (wanted for scan in lacking for wanted in _wanted(scan.result))
        yield (Schemas(frozenset((wanted.registry, wanted.schema) for wanted in every)),)
        yield from _run(lacking)


def is_awaited(result: BatchResult) -> bool:
    """Whether it is for the lack of schemas alone that records may not go on."""
    blocked = [fact for fact in result.facts if isinstance(fact, Blocked) and fact.mode == "enforced"]
    lacking = any(wanted.mode == "enforced" for wanted in _wanted(result))
    return lacking and all(fact.reason == UNKNOWN_SCHEMA for fact in blocked)


def told_of(result: BatchResult) -> list[Fact]:
    """What is told of a batch that is awaited: nothing became of it yet."""
    tried = [fact for fact in result.facts if getattr(fact, "mode", "enforced") != "enforced"]
    return [Noticed(AWAITED), *tried]


def _wanted(result: BatchResult | None) -> list[SchemaWanted]:
    return [fact for fact in result.facts if isinstance(fact, SchemaWanted)] if result else []


def _run(scans: Sequence[Scan]) -> Waiting[None]:
    """At once if that takes no time, as it mostly does; what turns out to take some, off the event loop."""
    size = sum(scan.size for scan in scans)
    patience = Patience() if size < INLINE else None
    for scan in scans:
        scan.patience, scan.result = patience, None
    yield (Work(scans, size),)
    left = [scan for scan in scans if scan.result is None]
    if left:
        for scan in left:
            scan.patience = None
        yield (Work(left, max(size, INLINE)),)
