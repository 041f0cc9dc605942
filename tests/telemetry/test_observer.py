from __future__ import annotations

import io
import json
from typing import Any

import pytest

from zoneproxy.boundary.facts import (
    Blocked,
    CacheUsed,
    Denied,
    Filtered,
    Found,
    GlassBroken,
    Noticed,
    Scanned,
    Transformed,
    Unscannable,
)
from zoneproxy.net.observer import Connection, Observer
from zoneproxy.telemetry.health import Health, ZoneHealth
from zoneproxy.telemetry.log import make_logger
from zoneproxy.telemetry.metrics import Metrics
from zoneproxy.telemetry.observer import TelemetryObserver, api_name
from zoneproxy.wire.messages.api_keys import ApiKey


class Rig:
    """An observer, and what can be seen of it from outside."""

    def __init__(self) -> None:
        self.now = 0.0
        self.metrics = Metrics("1")
        self.health = Health(zones={"payments": ZoneHealth("payments-kafka")})
        self._out = io.StringIO()
        self.observer = TelemetryObserver(
            self.metrics, make_logger("debug", "json", self._out), self.health, clock=lambda: self.now
        )

    def value(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(f"zoneproxy_{name}", labels)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._out.getvalue().splitlines()]


@pytest.fixture
def rig() -> Rig:
    return Rig()


CONNECTION = Connection(number=7, listener="payments", zone="payments", host="10.0.0.9", node=2, principal="alice")


def test_it_is_what_the_sockets_expect(rig: Rig) -> None:
    observer: Observer = rig.observer
    assert isinstance(observer, TelemetryObserver)


def test_requests_bytes_and_seconds_are_counted_by_zone_and_api(rig: Rig) -> None:
    rig.observer.request_decided(CONNECTION, ApiKey.PRODUCE, 120, "forwarded")
    rig.observer.request_decided(CONNECTION, ApiKey.PRODUCE, 30, "replied")
    rig.observer.request_answered(CONNECTION, ApiKey.PRODUCE, 60, 0.2, 0.0002)
    labels = {"zone": "payments", "api": "produce"}
    assert rig.value("requests_total", decision="forwarded", **labels) == 1
    assert rig.value("requests_total", decision="replied", **labels) == 1
    assert rig.value("requests_total", decision="closed", **labels) == 0
    assert rig.value("request_bytes_total", **labels) == 150
    assert rig.value("response_bytes_total", **labels) == 60
    assert rig.value("request_seconds_bucket", le="0.25", **labels) == 1
    assert rig.value("request_seconds_bucket", le="0.1", **labels) == 0
    assert rig.value("added_seconds_bucket", le="0.00025", **labels) == 1
    assert rig.value("added_seconds_sum", **labels) == pytest.approx(0.0002)


def test_unknown_apis_share_one_label(rig: Rig) -> None:
    for key in range(2000, 2100):
        rig.observer.request_decided(CONNECTION, key, 10, "closed")
    assert rig.value("requests_total", zone="payments", api="unknown", decision="closed") == 100
    assert api_name(ApiKey.API_VERSIONS) == "api_versions"


def test_connections_open_and_close(rig: Rig) -> None:
    rig.observer.connection_opened(CONNECTION)
    rig.observer.connection_opened(CONNECTION)
    rig.observer.connection_closed(CONNECTION, "idle", 12.3456)
    assert rig.value("connections_total", zone="payments") == 2
    assert rig.value("connections_open", zone="payments") == 1
    assert rig.value("connections_closed_total", zone="payments", reason="idle") == 1
    closed = rig.lines[-1]
    assert (closed["event"], closed["level"], closed["seconds"]) == ("connection closed", "debug", 12.346)
    assert (closed["connection"], closed["principal"], closed["node"]) == (7, "alice", 2)


def test_every_fact_is_counted(rig: Rig) -> None:
    rig.observer.facts(
        CONNECTION,
        ApiKey.PRODUCE,
        [
            Scanned(bytes=5000, batches=2),
            CacheUsed(hits=3, misses=2, size=4096),
            Found("cards", "PAYMENT_CARD", "value", "block", 0.9, "orders", 0, count=4),
            Transformed("emails", "mask", "orders", 0, count=3),
            Noticed("trailing_bytes"),
            Blocked("cards", "produce", "finding", "orders", 0, records=5),
            Unscannable("cards", "dense", "value", "alert", "orders", 0, count=2),
            Unscannable("cards", "dense", "value", "allow", "orders", 0, count=1),
            Filtered("own region", "orders", 0, records=7),
            Denied("Produce", "WRITE", "TOPIC", "secret", 29, "flow"),
        ],
    )
    zone = {"zone": "payments"}
    assert rig.value("scanned_bytes_total", **zone) == 5000
    assert rig.value("cached_batches_total", result="hit", **zone) == 3
    assert rig.value("cached_batches_total", result="miss", **zone) == 2
    assert rig.value("cached_bytes") == 4096
    assert rig.value("scanned_batches_total", **zone) == 2
    found = {"rule": "cards", "type": "PAYMENT_CARD", "place": "value", "action": "block", "mode": "enforced"}
    assert rig.value("findings_total", **zone, **found) == 4
    assert rig.value("transforms_total", **zone, rule="emails", kind="mask", mode="enforced") == 3
    assert rig.value("notices_total", **zone, what="trailing_bytes") == 1
    assert rig.value("blocked_batches_total", **zone, side="produce", reason="finding", mode="enforced") == 1
    assert rig.value("blocked_records_total", **zone, side="produce", reason="finding", mode="enforced") == 5
    unread = {"rule": "cards", "reason": "dense", "place": "value", "mode": "enforced"}
    assert rig.value("unscannable_records_total", **zone, **unread, action="alert") == 2
    assert rig.value("unscannable_records_total", **zone, **unread, action="allow") == 1
    assert rig.value("filtered_records_total", **zone, rule="own region", mode="enforced") == 7
    assert rig.value("denials_total", **zone, api="produce", why="flow") == 1
    said = ["data found", "records blocked", "data cannot be looked into", "denied"]
    assert [line["event"] for line in rig.lines] == said
    assert rig.lines[3]["resource"] == "secret"


def test_what_is_only_observed_is_counted_by_itself(rig: Rig) -> None:
    facts = [
        Found("cards", "PAYMENT_CARD", "value", "block", 0.98765, "orders", 0, mode="observed"),
        Blocked("cards", "produce", "finding", "orders", 0, records=5, mode="observed"),
    ]
    rig.observer.facts(CONNECTION, ApiKey.PRODUCE, facts)
    blocked = {"zone": "payments", "side": "produce", "reason": "finding"}
    assert rig.value("blocked_records_total", **blocked, mode="observed") == 5
    assert rig.value("blocked_records_total", **blocked, mode="enforced") is None
    assert [line["mode"] for line in rig.lines] == ["observed", "observed"]
    assert rig.lines[0]["confidence"] == 0.988


@pytest.mark.parametrize(("action", "level"), [("redact", "info"), ("alert", "warning"), ("quarantine", "warning")])
def test_redaction_is_everyday_life(rig: Rig, action: str, level: str) -> None:
    rig.observer.facts(CONNECTION, ApiKey.FETCH, [Found("cards", "PAYMENT_CARD", "value", action, 0.9, "orders", 0)])
    (line,) = rig.lines
    assert (line["event"], line["level"], line["action"]) == ("data found", level, action)


def test_one_peer_cannot_fill_the_log(rig: Rig) -> None:
    denied = Denied("Produce", "WRITE", "TOPIC", "secret\r\nforged", 29, "flow")
    for _ in range(1000):
        rig.observer.facts(CONNECTION, ApiKey.PRODUCE, [denied])
    assert len(rig.lines) == 5
    assert rig.value("denials_total", zone="payments", api="produce", why="flow") == 1000
    assert rig.value("log_lines_suppressed_total", event="denied") == 995
    rig.now += 10
    rig.observer.facts(CONNECTION, ApiKey.PRODUCE, [denied])
    assert rig.lines[-1]["suppressed"] == 995
    assert rig.lines[-1]["resource"] == r"secret\r\nforged"


def test_many_peers_together_cannot_either(rig: Rig) -> None:
    for number in range(1000):
        rig.observer.connection_refused("payments", "payments", f"10.0.{number // 250}.{number % 250}", "tls")
    assert len(rig.lines) == 100
    assert rig.value("connections_refused_total", zone="payments", reason="tls") == 1000


def test_broken_bytes_are_counted_and_named(rig: Rig) -> None:
    rig.observer.protocol_error(CONNECTION, "client", "truncated")
    assert rig.value("protocol_errors_total", zone="payments", side="client", reason="truncated") == 1
    assert rig.lines[0]["event"] == "protocol error"
    assert rig.lines[0]["reason"] == "truncated"


def test_a_fault_of_ours_is_an_error_in_the_log_at_a_limited_rate(rig: Rig) -> None:
    for _ in range(10):
        rig.observer.chain_error(CONNECTION, ApiKey.FETCH, "KeyError")
    assert rig.value("internal_errors_total", zone="payments", error="KeyError") == 10
    assert len(rig.lines) == 5
    assert (rig.lines[0]["level"], rig.lines[0]["api"], rig.lines[0]["error"]) == ("error", "fetch", "KeyError")


def test_an_upstreams_state_is_health_metric_and_line(rig: Rig) -> None:
    rig.observer.upstream_state("payments-kafka", True, 3, "")
    labels = {"zone": "payments", "upstream": "payments-kafka"}
    assert rig.health.zones["payments"].up
    assert rig.value("upstream_up", **labels) == 1
    assert rig.value("upstream_brokers", **labels) == 3
    rig.observer.upstream_state("payments-kafka", False, 0, "refused")
    assert not rig.health.zones["payments"].up
    assert rig.value("upstream_up", **labels) == 0
    assert [line["event"] for line in rig.lines] == ["upstream up", "upstream down"]
    assert rig.lines[1]["reason"] == "refused"


def test_failures_towards_brokers_are_counted(rig: Rig) -> None:
    rig.observer.upstream_failure("payments-kafka", "refused")
    assert rig.value("upstream_failures_total", upstream="payments-kafka", reason="refused") == 1
    assert rig.lines[0]["event"] == "upstream connection failed"


def test_certificates_say_when_they_end(rig: Rig) -> None:
    rig.observer.certificate_loaded("payments", 1_800_000_000.0)
    rig.observer.certificate_refused("payments", "key mismatch")
    assert rig.value("certificate_expiry_timestamp_seconds", owner="payments") == 1_800_000_000
    assert rig.value("certificate_loads_total", owner="payments", result="loaded") == 1
    assert rig.value("certificate_loads_total", owner="payments", result="refused") == 1
    assert rig.lines[0]["expires"] == "2027-01-15T08:00:00+00:00"
    assert rig.lines[1]["level"] == "error"


def test_pauses_of_accepting_are_counted(rig: Rig) -> None:
    rig.observer.accept_paused("payments", "files")
    assert rig.value("accept_pauses_total", listener="payments", reason="files") == 1
    assert rig.lines[0]["event"] == "accepting paused"


def test_records_of_the_proxys_own_are_counted_and_their_loss_is_told(rig: Rig) -> None:
    rig.observer.published("violations", 3, 900)
    rig.observer.publishing_state("violations", "no_topic")
    rig.observer.publishing_lost("violations", "full", 2)
    assert rig.value("published_records_total", sink="violations") == 3
    assert rig.value("publishing_up", sink="violations") == 0
    assert rig.value("lost_records_total", sink="violations", reason="full") == 2
    rig.observer.publishing_state("violations", "")
    assert rig.value("publishing_up", sink="violations") == 1
    events = [line["event"] for line in rig.lines]
    assert events == ["records cannot be written", "records lost", "records can be written"]


def test_whoever_broke_the_glass_is_counted_always_and_told_first_and_then_in_a_while(rig: Rig) -> None:
    fact = GlassBroken("unrestricted", "fire")
    for _ in range(50):
        rig.observer.facts(CONNECTION, ApiKey.FETCH, [fact])
    assert rig.value("break_glass_requests_total", zone=CONNECTION.zone) == 50
    lines = [line for line in rig.lines if line["event"] == "break-glass grant in use"]
    assert 0 < len(lines) < 10
    assert (lines[0]["level"], lines[0]["role"], lines[0]["reason"]) == ("warning", "unrestricted", "fire")


def test_authentication_is_counted_and_refusals_are_told(rig: Rig) -> None:
    rig.observer.authentication(CONNECTION, "PLAIN", "accepted")
    rig.observer.authentication(CONNECTION, "PLAIN", "password")
    assert rig.value("authentications_total", zone=CONNECTION.zone, mechanism="PLAIN", result="accepted") == 1
    assert rig.value("authentications_total", zone=CONNECTION.zone, mechanism="PLAIN", result="password") == 1
    (line,) = [line for line in rig.lines if line["event"] == "authentication refused"]
    assert (line["mechanism"], line["reason"], line["host"]) == ("PLAIN", "password", CONNECTION.host)


def test_schemas_are_told(rig: Rig) -> None:
    rig.observer.schema_looked_up("main", "loaded")
    rig.observer.schema_looked_up("main", "timeout")
    assert rig.value("schema_look_ups_total", registry="main", result="loaded") == 1
    assert rig.value("schema_look_ups_total", registry="main", result="timeout") == 1
    assert [line["reason"] for line in rig.lines if line["event"] == "schema not loaded"] == ["timeout"]


def test_credentials_and_signing_keys_are_told(rig: Rig) -> None:
    rig.observer.credentials_loaded(3)
    rig.observer.credentials_refused(2)
    rig.observer.signing_keys_loaded("main")
    rig.observer.signing_keys_refused("main", "timeout")
    assert rig.value("credentials_loads_total", result="loaded") == 1
    assert rig.value("credentials_loads_total", result="refused") == 1
    assert rig.value("signing_keys_loads_total", provider="main", result="loaded") == 1
    assert rig.value("signing_keys_loads_total", provider="main", result="timeout") == 1
    assert rig.value("signing_keys_loaded_timestamp_seconds", provider="main") > 1_700_000_000
    assert [line["event"] for line in rig.lines if line["level"] == "error"] == [
        "credentials refused, the ones before stay in use"
    ]
