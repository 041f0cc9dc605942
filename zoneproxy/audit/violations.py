"""Violation events: what a request's facts say of data that may not cross, or is not to go unseen.

One event for each kind of thing (rule, type, place, action) in a batch, however many records it is about: the first of
them are named, and ``count`` says how many there were. An event is in the form of CloudEvents 1.0 (JSON). It has names
out of the policy, numbers and the topic's name in it, and no text of the client's own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from zoneproxy.boundary.facts import Blocked, Fact, Found, RecordAt, Unscannable
from zoneproxy.boundary.tally import FINDING
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from zoneproxy.boundary.interceptor import Context
    from zoneproxy.net.observer import Connection

TYPE = "zoneproxy.violation"
SOURCE = "zoneproxy"
MAX_EVENTS = 64  # of one request; the rest is counted

_FETCHES = frozenset({ApiKey.FETCH, ApiKey.SHARE_FETCH, ApiKey.OFFSET_FETCH, ApiKey.DESCRIBE_GROUPS})
_STOPS = frozenset({"block", "quarantine"})
_NOT_THEIRS = frozenset({"out_of_order"})  # what follows from a violation is none


@dataclass(slots=True)
class Violations:
    """Makes events. ``instance`` tells this process from all others: ids are to be unique."""

    instance: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def of(self, facts: Sequence[Fact], connection: Connection, ctx: Context, now: float) -> list[bytes]:
        """The events of one request's facts, at most MAX_EVENTS. ``now`` (seconds) is when they became known."""
        told = list(_told(facts))
        if not told:
            return []
        about = _about(connection, ctx)
        return [self._event(about | data, now) for data in told[:MAX_EVENTS]]

    def count(self, facts: Sequence[Fact]) -> int:
        """How many events there are to be."""
        return sum(1 for _ in _told(facts))

    def _event(self, data: Mapping[str, object], now: float) -> bytes:
        event = {
            "specversion": "1.0",
            "id": f"{self.instance}-{next(self._numbers)}",
            "source": SOURCE,
            "type": TYPE,
            "time": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"),
            "datacontenttype": "application/json",
            "data": data,
        }
        return json.dumps(event, separators=(",", ":")).encode()


def _told(facts: Sequence[Fact]) -> Iterator[dict[str, object]]:
    """What each event is about."""
    stopped = {(fact.rule, fact.topic, fact.partition) for fact in facts if isinstance(fact, Found) and _stops(fact)}
    kept = {_gone(fact) for fact in facts if isinstance(fact, Unscannable) and fact.action in _STOPS}
    for fact in facts:
        if isinstance(fact, Found):
            yield _found(fact)
        elif isinstance(fact, Unscannable):
            if fact.action != "allow":  # nobody is to hear of it
                yield _unscannable(fact)
        elif isinstance(fact, Blocked) and fact.reason not in _NOT_THEIRS:
            of_finding = fact.reason == FINDING and (fact.rule, fact.topic, fact.partition) in stopped
            if of_finding or _gone(fact) in kept:
                continue  # said already
            yield _blocked(fact)


def _gone(fact: Blocked | Unscannable) -> tuple[object, ...]:
    return fact.rule, fact.reason, fact.topic, fact.partition, fact.mode


def _stops(fact: Found) -> bool:
    return fact.action in _STOPS


def _found(fact: Found) -> dict[str, object]:
    return {
        "violation": "finding",
        "rule": fact.rule,
        "finding": fact.type,
        "place": fact.place,
        "confidence": round(fact.confidence, 3),
        "action": fact.action,
        "mode": fact.mode,
        **_place(fact.topic, fact.partition, fact.count, fact.at),
    }


def _unscannable(fact: Unscannable) -> dict[str, object]:
    return {
        "violation": "unscannable",
        "rule": fact.rule,
        "reason": fact.reason,
        "place": fact.place,
        "action": fact.action,
        "mode": fact.mode,
        **_place(fact.topic, fact.partition, fact.count, fact.at),
    }


def _blocked(fact: Blocked) -> dict[str, object]:
    return {
        "violation": "blocked",
        "rule": fact.rule or None,
        "reason": fact.reason,
        "action": "block",
        "mode": fact.mode,
        **_place(fact.topic, fact.partition, fact.records, fact.at),
    }


def _place(topic: str, partition: int, count: int, at: Iterable[RecordAt]) -> dict[str, object]:
    """Where; what is no record has neither topic nor partition."""
    where = {"topic": topic, "partition": partition} if topic else {}
    return {**where, "count": count, "records": [_record(record) for record in at]}


def _record(at: RecordAt) -> dict[str, object]:
    number = {"index": at.index} if at.offset is None else {"offset": at.offset}
    return {**number, "timestamp": at.timestamp}


def _about(connection: Connection, ctx: Context) -> dict[str, object]:
    zone, home = ctx.session.zone, ctx.home
    fetches = ctx.header.api_key in _FETCHES
    return {
        "side": "fetch" if fetches else "produce",
        "from_zone": zone if fetches else home,
        "to_zone": home if fetches else zone,
        "principal": ctx.session.principal.name,
        "policy": ctx.snapshot.digest,
        "listener": connection.listener,
        "host": connection.host,
        "connection": connection.number,
        "request": ctx.header.correlation_id,
        "api": ApiKey(ctx.header.api_key).name.lower(),
    }
