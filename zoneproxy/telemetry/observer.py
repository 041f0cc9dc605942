"""Turns what the sockets tell (``net.observer.Observer``) into metrics, log lines and health.

The calls made for every request add to plain numbers only. What a peer can cause at will (a denial, a
refused connection, broken bytes) is counted always and logged at a limited rate.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from zoneproxy.boundary.facts import (
    Blocked,
    CacheUsed,
    Denied,
    Fact,
    Filtered,
    Found,
    GlassBroken,
    Noticed,
    Scanned,
    Transformed,
    Unscannable,
)
from zoneproxy.telemetry.log import RateLimit
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from zoneproxy.net.observer import Connection, Decision, Side
    from zoneproxy.telemetry.figures import ApiFigures
    from zoneproxy.telemetry.health import Health
    from zoneproxy.telemetry.log import Logger
    from zoneproxy.telemetry.metrics import Metrics

UNKNOWN = "unknown"


def api_name(api_key: int) -> str:
    """Kafka's name of an API as a label; ``unknown`` for a key outside our table."""
    try:
        return ApiKey(api_key).name.lower()
    except ValueError:
        return UNKNOWN


class TelemetryObserver:
    """Counts into ``metrics``, logs to ``logger``, keeps ``health``. ``clock`` gives seconds, for rate limits only."""

    def __init__(
        self, metrics: Metrics, logger: Logger, health: Health, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._metrics = metrics
        self._log = logger
        self._health = health
        self._per_peer = RateLimit(clock)
        self._per_event = RateLimit(clock, burst=100, interval=0.1)  # many peers together are noise, too
        self._figures: dict[tuple[str, int], ApiFigures] = {}

    # --- every request

    def request_decided(self, connection: Connection, api_key: int, size: int, decision: Decision) -> None:
        """Count a request."""
        figures = self._figures.get((connection.zone, api_key)) or self._of(connection.zone, api_key)
        figures.decided[decision] += 1
        figures.request_bytes += size

    def request_answered(
        self, connection: Connection, api_key: int, size: int, seconds: float, added_seconds: float
    ) -> None:
        """Count its response and how long it took."""
        figures = self._figures.get((connection.zone, api_key)) or self._of(connection.zone, api_key)
        figures.response_bytes += size
        figures.seconds.add(seconds)
        figures.added_seconds.add(added_seconds)

    def _of(self, zone: str, api_key: int) -> ApiFigures:
        figures = self._metrics.requests.of(zone, api_name(api_key))
        if api_name(api_key) != UNKNOWN:  # of unknown ones there may be any number
            self._figures[zone, api_key] = figures
        return figures

    # --- connections

    def connection_refused(self, listener: str, zone: str, host: str, reason: str) -> None:
        """Count and say it, so many times for each host."""
        self._metrics.connections_refused.labels(zone, reason).inc()
        self._say("connection refused", (host, reason), listener=listener, zone=zone, host=host, reason=reason)

    def authentication(self, connection: Connection, mechanism: str, result: str) -> None:
        """Count it; say who was refused, so many times for each host."""
        self._metrics.authentications.labels(connection.zone, mechanism, result).inc()
        if result in ("accepted", "renewed"):
            self._log.debug("authentication", mechanism=mechanism, result=result, **_names(connection))
        else:
            key = (connection.host, mechanism, result)
            self._say("authentication refused", key, mechanism=mechanism, reason=result, **_names(connection))

    def connection_opened(self, connection: Connection) -> None:
        """Count it."""
        self._metrics.connections.labels(connection.zone).inc()
        self._metrics.connections_open.labels(connection.zone).inc()
        self._log.debug("connection opened", **_names(connection))

    def connection_closed(self, connection: Connection, reason: str, seconds: float) -> None:
        """Count it."""
        self._metrics.connections_open.labels(connection.zone).dec()
        self._metrics.connections_closed.labels(connection.zone, reason).inc()
        self._log.debug("connection closed", reason=reason, seconds=round(seconds, 3), **_names(connection))

    def protocol_error(self, connection: Connection, side: Side, reason: str) -> None:
        """Count and say it, so many times for each host."""
        self._metrics.protocol_errors.labels(connection.zone, side, reason).inc()
        self._say("protocol error", (connection.host, reason), side=side, reason=reason, **_names(connection))

    def chain_error(self, connection: Connection, api_key: int, error: str) -> None:
        """Count and say it: a fault of ours is never too much noise, but one peer's worth of it is enough."""
        self._metrics.internal_errors.labels(connection.zone, error).inc()
        suppressed = self._allowed("internal error", connection.host, error)
        if suppressed is not None:
            api = api_name(api_key)
            self._log.error("internal error", api=api, error=error, suppressed=suppressed, **_names(connection))

    def accept_paused(self, listener: str, reason: str) -> None:
        """Count and say it."""
        self._metrics.accept_pauses.labels(listener, reason).inc()
        self._say("accepting paused", (listener, reason), listener=listener, reason=reason)

    # --- decisions

    def facts(self, connection: Connection, api_key: int, facts: Sequence[Fact]) -> None:
        """Count each fact; say what was refused."""
        for fact in facts:
            self._fact(connection, api_key, fact)

    def _fact(self, connection: Connection, api_key: int, fact: Fact) -> None:
        metrics, zone = self._metrics, connection.zone
        match fact:
            case Scanned():
                metrics.scanned_bytes.labels(zone).inc(fact.bytes)
                metrics.scanned_batches.labels(zone).inc(fact.batches)
            case Found() | Blocked() | Unscannable():
                self._about_data(connection, fact)
            case Transformed():
                metrics.transforms.labels(zone, fact.rule, fact.kind, fact.mode).inc(fact.count)
            case CacheUsed():
                metrics.cached_batches.labels(zone, "hit").inc(fact.hits)
                metrics.cached_batches.labels(zone, "miss").inc(fact.misses)
                metrics.cached_bytes.set(fact.size)
            case Noticed():
                metrics.notices.labels(zone, fact.what).inc()
            case Filtered():
                metrics.filtered_records.labels(zone, fact.rule, fact.mode).inc(fact.records)
            case Denied():
                self._denied(connection, api_key, fact)
            case GlassBroken():
                self._broke_glass(connection, api_key, fact)

    def _about_data(self, connection: Connection, fact: Found | Blocked | Unscannable) -> None:
        match fact:
            case Found():
                self._found(connection, fact)
            case Blocked():
                self._blocked(connection, fact)
            case Unscannable():
                self._unscannable(connection, fact)

    def _found(self, connection: Connection, fact: Found) -> None:
        labels = (connection.zone, fact.rule, fact.type, fact.place, fact.action, fact.mode)
        self._metrics.findings.labels(*labels).inc(fact.count)
        self._say_at(
            logging.INFO if fact.action == "redact" else logging.WARNING,  # it is what the rule is for
            "data found",
            (connection.principal or connection.host, fact.topic, fact.rule, fact.type, fact.action, fact.mode),
            rule=fact.rule,
            type=fact.type,
            place=fact.place,
            action=fact.action,
            confidence=round(fact.confidence, 3),
            mode=fact.mode,
            topic=fact.topic,
            partition=fact.partition,
            count=fact.count,
            **_names(connection),
        )

    def _blocked(self, connection: Connection, fact: Blocked) -> None:
        labels = (connection.zone, fact.side, fact.reason, fact.mode)
        self._metrics.blocked_batches.labels(*labels).inc()
        self._metrics.blocked_records.labels(*labels).inc(fact.records)
        self._say(
            "records blocked",
            (connection.principal or connection.host, fact.topic, fact.reason, fact.mode),
            rule=fact.rule,
            side=fact.side,
            reason=fact.reason,
            mode=fact.mode,
            topic=fact.topic,
            partition=fact.partition,
            records=fact.records,
            **_names(connection),
        )

    def _unscannable(self, connection: Connection, fact: Unscannable) -> None:
        labels = (connection.zone, fact.rule, fact.reason, fact.place, fact.action, fact.mode)
        self._metrics.unscannable_records.labels(*labels).inc(fact.count)
        if fact.action != "allow":
            self._say(
                "data cannot be looked into",
                (connection.principal or connection.host, fact.topic, fact.rule, fact.reason, fact.action, fact.mode),
                rule=fact.rule,
                reason=fact.reason,
                place=fact.place,
                action=fact.action,
                mode=fact.mode,
                topic=fact.topic,
                partition=fact.partition,
                count=fact.count,
                **_names(connection),
            )

    def _denied(self, connection: Connection, api_key: int, fact: Denied) -> None:
        self._metrics.denials.labels(connection.zone, api_name(api_key), fact.why).inc()
        self._say(
            "denied",
            (connection.principal or connection.host, fact.why),
            api=fact.api,
            operation=fact.operation,
            resource_type=fact.resource_type,
            resource=fact.resource,
            why=fact.why,
            error=fact.error,
            **_names(connection),
        )

    def _broke_glass(self, connection: Connection, api_key: int, fact: GlassBroken) -> None:
        """Count each request; say the first ones, then one in a while."""
        self._metrics.break_glass_requests.labels(connection.zone).inc()
        self._say(
            "break-glass grant in use",
            (connection.principal or connection.host, fact.role),
            role=fact.role,
            reason=fact.reason,
            api=api_name(api_key),
            **_names(connection),
        )

    # --- upstreams and certificates

    def upstream_state(self, upstream: str, up: bool, brokers: int, reason: str) -> None:
        """Keep health and metrics; say it."""
        for zone in self._health.upstream_state(upstream, up, brokers):
            self._metrics.upstream_up.labels(zone, upstream).set(up)
            self._metrics.upstream_brokers.labels(zone, upstream).set(brokers)
        if up:
            self._log.info("upstream up", upstream=upstream, brokers=brokers)
        else:
            self._log.warning("upstream down", upstream=upstream, reason=reason)

    def upstream_failure(self, upstream: str, reason: str) -> None:
        """Count and say it."""
        self._metrics.upstream_failures.labels(upstream, reason).inc()
        self._say("upstream connection failed", (upstream, reason), upstream=upstream, reason=reason)

    def certificate_loaded(self, owner: str, expires: float) -> None:
        """Note until when it is good."""
        self._metrics.certificate_expiry.labels(owner).set(expires)
        self._metrics.certificate_loads.labels(owner, "loaded").inc()
        self._log.info("certificate loaded", owner=owner, expires=datetime.fromtimestamp(expires, UTC).isoformat())

    def certificate_refused(self, owner: str, reason: str) -> None:
        """The files were changed into something unusable: somebody must look."""
        self._metrics.certificate_loads.labels(owner, "refused").inc()
        self._log.error("certificate refused, the one before stays in use", owner=owner, reason=reason)

    # --- records of the proxy's own

    def published(self, sink: str, records: int, size: int) -> None:
        """Count them."""
        self._metrics.published_records.labels(sink).inc(records)

    def publishing_lost(self, sink: str, reason: str, records: int) -> None:
        """Count them and say it: what is not in the trail was seen all the same."""
        self._metrics.lost_records.labels(sink, reason).inc(records)
        self._say("records lost", (sink, reason), sink=sink, reason=reason, records=records)

    def publishing_state(self, sink: str, failing: str) -> None:
        """Keep the metric and say it."""
        self._metrics.publishing_up.labels(sink).set(not failing)
        if failing:
            self._say("records cannot be written", (sink, failing), sink=sink, reason=failing)
        else:
            self._log.info("records can be written", sink=sink)

    # --- credentials and signing keys

    def credentials_loaded(self, users: int) -> None:
        """Count it and say it."""
        self._metrics.credentials_loads.labels("loaded").inc()
        self._log.info("credentials loaded", users=users)

    def credentials_refused(self, problems: int) -> None:
        """The file was changed into something unusable: somebody must look."""
        self._metrics.credentials_loads.labels("refused").inc()
        self._log.error("credentials refused, the ones before stay in use", problems=problems)

    def signing_keys_loaded(self, provider: str) -> None:
        """Count it and note when."""
        self._metrics.signing_keys_loads.labels(provider, "loaded").inc()
        self._metrics.signing_keys_loaded.labels(provider).set_to_current_time()
        self._log.debug("signing keys loaded", provider=provider)

    def signing_keys_refused(self, provider: str, reason: str) -> None:
        """Count it and say it: without fresh keys nobody with a token gets in, in the end."""
        self._metrics.signing_keys_loads.labels(provider, reason).inc()
        self._say("signing keys not loaded", (provider, reason), provider=provider, reason=reason)

    def schema_looked_up(self, registry: str, result: str) -> None:
        """Count it; say what went wrong, as records are held up by that."""
        self._metrics.schema_look_ups.labels(registry, result).inc()
        if result != "loaded":
            self._say("schema not loaded", (registry, result), registry=registry, reason=result)

    # --- log lines at a limited rate

    def _say(self, event: str, key: tuple[str, ...], **values: object) -> None:
        self._say_at(logging.WARNING, event, key, **values)

    def _say_at(self, level: int, event: str, key: tuple[str, ...], **values: object) -> None:
        suppressed = self._allowed(event, *key)
        if suppressed is None:
            return
        if suppressed:
            values["suppressed"] = suppressed
        self._log.log(level, event, **values)

    def _allowed(self, event: str, *key: str) -> int | None:
        suppressed = self._per_peer.allow(event, *key)
        if suppressed is not None and self._per_event.allow(event) is not None:
            return suppressed
        self._metrics.log_lines_suppressed.labels(event).inc()
        return None


def _names(connection: Connection) -> dict[str, object]:
    """How a log line names a connection."""
    return {
        "connection": connection.number,
        "listener": connection.listener,
        "zone": connection.zone,
        "node": connection.node,
        "host": connection.host,
        "principal": connection.principal,
    }
