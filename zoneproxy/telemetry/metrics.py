"""Every metric of zoneproxy, declared in this one file.

Names are ``zoneproxy_*`` with SI base units; ages are given as the time stamp of the event, as Prometheus advises
(``time() - zoneproxy_policy_loaded_timestamp_seconds``). Labels take values from the configuration, the policy and
small fixed sets only: never from a peer's bytes, so their number is bounded. There is no topic label.

A ``Metrics`` owns its registry. Nothing is registered globally, so two proxies in one process do not mix.
"""

from __future__ import annotations

import platform
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector, disable_created_metrics

from zoneproxy.telemetry.figures import RequestFigures

# Otherwise each counter has a second series, which nobody reads.
disable_created_metrics()  # type: ignore[no-untyped-call]  # prometheus_client leaves it unannotated

# A whole round trip: from the loopback's 100 us to a long poll of half a minute.
REQUEST_SECONDS = (0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

# What the proxy itself adds: tens of microseconds when it only looks at headers, milliseconds when it scans.
ADDED_SECONDS = (0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5)

# Of every request, by zone and API; see ``figures``.
REQUESTS = {
    "requests": "Requests from clients, by what was decided: forwarded, replied (answered here) or closed.",
    "request_bytes": "Bytes of requests read from clients.",
    "response_bytes": "Bytes of responses sent to clients.",
    "request_seconds": "From the last byte of a request until its response is written.",
    "added_seconds": "The part of request_seconds that the proxy itself took: all but waiting for the broker.",
}


class Metrics:
    """All metrics, by name. ``version`` goes into ``zoneproxy_build_info``."""

    def __init__(self, version: str) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"zoneproxy_{name}", text, labels, registry=registry)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"zoneproxy_{name}", text, labels, registry=registry)

        # --- client connections
        self.connections_open = gauge("connections_open", "Client sessions that are open now.", "zone")
        self.connections = counter("connections_total", "Client connections that got a session.", "zone")
        self.connections_refused = counter(
            "connections_refused_total", "Clients turned away before they had a session, by why.", "zone", "reason"
        )
        self.connections_closed = counter("connections_closed_total", "Sessions over, by why.", "zone", "reason")

        self.authentications = counter(
            "authentications_total",
            "SASL: accepted, renewed (KIP-368), or why refused.",
            *("zone", "mechanism", "result"),
        )
        self.credentials_loads = counter(
            "credentials_loads_total", "Credentials files read, at start and on change: loaded or refused.", "result"
        )
        self.signing_keys_loads = counter(
            "signing_keys_loads_total",
            "Answers of token providers for their signing keys: loaded, or why not.",
            *("provider", "result"),
        )
        self.signing_keys_loaded = gauge(
            "signing_keys_loaded_timestamp_seconds", "When a token provider last said its signing keys.", "provider"
        )
        self.schema_look_ups = counter(
            "schema_look_ups_total",
            "Questions to schema registries: loaded, not_found, invalid, or why there was no answer.",
            *("registry", "result"),
        )

        # --- requests
        self.requests = RequestFigures(REQUEST_SECONDS, ADDED_SECONDS, REQUESTS)
        registry.register(self.requests)
        self.in_flight = gauge("in_flight_requests", "Requests that wait for their response.", "zone")

        # --- decisions
        self.denials = counter("denials_total", "Resources refused, by why.", "zone", "api", "why")
        self.findings = counter(
            "findings_total",
            "Detector hits that a flow rule acted on.",
            "zone",
            "rule",
            "type",
            "place",
            "action",
            "mode",
        )
        self.transforms = counter("transforms_total", "Values rewritten.", "zone", "rule", "kind", "mode")
        self.blocked_batches = counter(
            "blocked_batches_total",
            "Record batches refused on produce, or taken out (whole or in part) on fetch.",
            *("zone", "side", "reason", "mode"),
        )
        self.blocked_records = counter(
            "blocked_records_total",
            "Records in refused batches, or taken out of fetched ones.",
            "zone",
            "side",
            "reason",
            "mode",
        )
        self.unscannable_records = counter(
            "unscannable_records_total",
            "Records of which a part cannot be looked into, where the policy asks for more than to block them.",
            *("zone", "rule", "reason", "place", "action", "mode"),
        )
        self.filtered_records = counter(
            "filtered_records_total", "Records that row filters kept from consumers.", "zone", "rule", "mode"
        )
        self.tried_out = gauge(
            "tried_out_info", "1: controls change nothing there; a zone, a listener or a flow says so.", "kind", "name"
        )
        self.scanned_bytes = counter("scanned_bytes_total", "Decompressed bytes of records looked through.", "zone")
        self.scanned_batches = counter("scanned_batches_total", "Record batches looked through.", "zone")
        self.cached_batches = counter(
            "cached_batches_total",
            "Fetched batches whose result was kept (hit), or is from then on (miss).",
            *("zone", "result"),
        )
        self.cached_bytes = gauge("cached_bytes", "Bytes that kept results of fetched batches take.")
        self.notices = counter("notices_total", "Oddities that changed no decision, by what.", "zone", "what")
        self.protocol_errors = counter(
            "protocol_errors_total", "Bytes of a peer that are not Kafka's protocol, by why.", "zone", "side", "reason"
        )
        self.internal_errors = counter(
            "internal_errors_total", "Faults of zoneproxy itself; each closed the connection it met.", "zone", "error"
        )

        # --- what stands behind and around
        self.upstream_up = gauge(
            "upstream_up", "1 while the zone's upstream answers on the control connection.", "zone", "upstream"
        )
        self.upstream_brokers = gauge("upstream_brokers", "Brokers the zone's upstream names.", "zone", "upstream")
        self.upstream_failures = counter(
            "upstream_failures_total", "Connections to brokers that failed or broke, by why.", "upstream", "reason"
        )
        self.published_records = counter(
            "published_records_total", "Records of the proxy's own that were written: events, sealed copies.", "sink"
        )
        self.lost_records = counter(
            "lost_records_total", "Records of the proxy's own that were not written, by why.", "sink", "reason"
        )
        self.publishing_up = gauge("publishing_up", "0 while the sink's topic cannot be written to.", "sink")
        self.accept_pauses = counter(
            "accept_pauses_total", "Times that the operating system gave no more sockets.", "listener", "reason"
        )
        self.certificate_expiry = gauge(
            "certificate_expiry_timestamp_seconds",
            "When the certificate in use by a listener or upstream ends.",
            "owner",
        )
        self.certificate_loads = counter(
            "certificate_loads_total", "TLS files read, at start and on change: loaded or refused.", "owner", "result"
        )
        self.policy = gauge("policy_info", "1 for the policy in force; the digest names it.", "digest")
        self.policy_loaded = gauge("policy_loaded_timestamp_seconds", "When the policy in force was loaded.")
        self.policy_reloads = counter("policy_reloads_total", "Reloads of the policy: loaded or refused.", "result")
        self.policy_refused = gauge("policy_refused", "1 while the policy files have problems and are not in force.")
        self.grants_in_force = gauge("grants_in_force", "Grants that are in force: ordinary or break_glass.", "kind")
        self.break_glass_requests = counter(
            "break_glass_requests_total", "Requests of who has a break-glass grant in force.", "zone"
        )
        self.admin_calls = counter("admin_calls_total", "Calls that change something, by outcome.", "call", "outcome")
        self.log_lines_suppressed = counter(
            "log_lines_suppressed_total", "Log lines left out because one peer or event caused too many.", "event"
        )
        self.build = gauge("build_info", "1; the labels say what runs.", "version", "python")

        self.build.labels(version, platform.python_version()).set(1)
        for result in ("loaded", "refused"):
            self.policy_reloads.labels(result)  # present from the start: an alarm on "refused" needs the zero

    def trying_out(self, what: Iterable[tuple[str, str]]) -> None:
        """Name what is only tried out from now on: kind and name of each."""
        self.tried_out.clear()
        for kind, name in what:
            self.tried_out.labels(kind, name).set(1)

    def policy_in_force(self, digest: str, now: float) -> None:
        """Name the policy that decides from now (seconds since the epoch) on."""
        self.policy.clear()
        self.policy.labels(digest).set(1)
        self.policy_loaded.set(now)
