"""What comes of a violation besides the client's answer: an event for the audit zone, a sealed copy for the source.

Both wait in bounded queues; nothing here waits. A record that was kept from its reader stays kept, whether or not there
is an event or a copy of it; what is lost is counted.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from zoneproxy.boundary.facts import Blocked, Fact, Found, Unscannable
from zoneproxy.net.publishing.outbox import Outgoing
from zoneproxy.wire.batch import HEADER_SIZE

if TYPE_CHECKING:
    from zoneproxy.audit.violations import Violations
    from zoneproxy.boundary.interceptor import Context
    from zoneproxy.boundary.kept import Kept
    from zoneproxy.keys.sealing import Seal
    from zoneproxy.net.observer import Connection, Observer
    from zoneproxy.net.publishing.publisher import Publisher
    from zoneproxy.wire.record import Header

MAX_REMEMBERED = 10_000  # fetched batches of which there is a copy: each consumer's fetch would make another one


@dataclass(frozen=True, slots=True)
class Events:
    """Where violation events go. ``actions``: of which there are any."""

    violations: Violations
    publisher: Publisher
    actions: Collection[str]


@dataclass(frozen=True, slots=True)
class Vault:
    """Where sealed copies of one zone's records go."""

    seal: Seal
    publisher: Publisher


class Reporter:
    """For all sessions of one process. ``vaults`` are by zone; ``events`` is None where no audit zone is configured."""

    def __init__(
        self, events: Events | None, vaults: Mapping[str, Vault], observer: Observer, clock: Callable[[], float]
    ) -> None:
        """``clock`` gives seconds since the epoch: a fetch may be answered long after it was asked."""
        self._events = events
        self._vaults = vaults
        self._observer = observer
        self._clock = clock
        self._copied: OrderedDict[tuple[str, str, int, bytes], None] = OrderedDict()

    def report(self, facts: Sequence[Fact], connection: Connection, ctx: Context) -> None:
        """Tell of one request or reply; takes what it left to be kept."""
        if self._events is not None:
            self._tell(facts, self._events, connection, ctx)
        kept, ctx.kept = ctx.kept, []
        for each in kept:
            self._keep(each, connection, ctx)

    def _tell(self, facts: Sequence[Fact], to: Events, connection: Connection, ctx: Context) -> None:
        wanted = [fact for fact in facts if _action(fact) in to.actions]
        if not wanted:
            return
        if reason := to.publisher.refusal():
            self._observer.publishing_lost(to.publisher.name, reason, to.violations.count(wanted))
            return
        now = self._clock()
        events = to.violations.of(wanted, connection, ctx, now)
        left_out = to.violations.count(wanted) - len(events)
        if left_out:
            self._observer.publishing_lost(to.publisher.name, "request", left_out)
        for event in events:
            to.publisher.put(Outgoing(event, int(now * 1000)))

    def _keep(self, kept: Kept, connection: Connection, ctx: Context) -> None:
        vault = self._vaults.get(kept.zone)
        if vault is None:  # it was there when the policy was loaded
            self._observer.publishing_lost(f"quarantine {kept.zone}", "no_quarantine", 1)
            return
        once = (kept.zone, kept.topic, kept.partition, bytes(kept.batch[:HEADER_SIZE]))
        if kept.side == "fetch" and once in self._copied:
            self._copied.move_to_end(once)
            return
        if reason := vault.publisher.refusal(len(kept.batch)):
            self._observer.publishing_lost(vault.publisher.name, reason, 1)
            return
        now = self._clock()
        why = _why(kept, ctx, now)
        sealed_with_it = {**why, "host": connection.host, "request": ctx.header.correlation_id}
        seal = partial(vault.seal.close, sealed_with_it)
        copy = Outgoing(bytes(kept.batch), int(now * 1000), _headers(why, vault.seal.id), seal)
        if vault.publisher.put(copy):
            self._copied[once] = None
            if len(self._copied) > MAX_REMEMBERED:
                self._copied.popitem(last=False)


def _action(fact: Fact) -> str:
    """The action that a fact tells of; what cannot be looked into is blocked."""
    if isinstance(fact, Found | Unscannable):
        return fact.action
    return "block" if isinstance(fact, Blocked) else ""


def _why(kept: Kept, ctx: Context, now: float) -> dict[str, object]:
    """What the copy is of, and why there is one: names and numbers, nothing of what was found."""
    return {
        "rules": list(kept.rules),
        "types": list(kept.types),
        "side": kept.side,
        "zone": kept.zone,
        "topic": kept.topic,
        "partition": kept.partition,
        "offset": kept.base_offset if kept.side == "fetch" else None,
        "records": kept.records,
        "principal": ctx.session.principal.name,
        "policy": ctx.snapshot.digest,
        "time": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"),
    }


def _headers(why: Mapping[str, object], key: str) -> tuple[Header, ...]:
    texts = {name: ",".join(value) if isinstance(value, list) else value for name, value in why.items()}
    named = [(name.encode(), str(text).encode(errors="replace")) for name, text in texts.items() if text is not None]
    return (*named, (b"key", key.encode()))
