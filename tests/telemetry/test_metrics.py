from __future__ import annotations

import re

from zoneproxy.telemetry.metrics import Metrics

UNITS = r"_(total|seconds|bytes|info|open|requests|up|brokers|state|in_force|refused)$"


def names(metrics: Metrics) -> set[str]:
    return {
        f"{family.name}_total" if family.type == "counter" else family.name for family in metrics.registry.collect()
    }


def test_names_carry_the_project_and_a_unit() -> None:
    ours = [name for name in names(Metrics("1.2.3")) if not name.startswith("process_")]
    assert len(ours) > 20
    for name in ours:
        assert name.startswith("zoneproxy_")
        assert re.search(UNITS, name), name


def test_no_metric_has_a_topic_or_a_peer_as_label() -> None:
    metrics = Metrics("1.2.3")
    labels = {label for metric in vars(metrics).values() for label in getattr(metric, "_labelnames", ())}
    assert not labels & {"topic", "client", "client_id", "principal", "host", "peer", "group"}


def test_the_processes_own_figures_are_there() -> None:
    assert "process_resident_memory_bytes" in names(Metrics("1"))


def test_reloads_are_zero_before_the_first() -> None:
    metrics = Metrics("1")
    for result in ("loaded", "refused"):
        assert metrics.registry.get_sample_value("zoneproxy_policy_reloads_total", {"result": result}) == 0


def test_one_policy_is_in_force() -> None:
    metrics = Metrics("1")
    metrics.policy_in_force("aaaa", now=1000.0)
    metrics.policy_in_force("bbbb", now=2000.0)
    value = metrics.registry.get_sample_value
    assert value("zoneproxy_policy_info", {"digest": "aaaa"}) is None
    assert value("zoneproxy_policy_info", {"digest": "bbbb"}) == 1
    assert value("zoneproxy_policy_loaded_timestamp_seconds") == 2000.0


def test_two_sets_do_not_share_anything() -> None:
    one, other = Metrics("1"), Metrics("1")
    one.connections.labels("payments").inc()
    assert other.registry.get_sample_value("zoneproxy_connections_total", {"zone": "payments"}) is None


def test_what_is_tried_out_is_named_as_long_as_it_is() -> None:
    metrics = Metrics("1")
    metrics.trying_out([("zone", "a"), ("flow", "f")])
    metrics.trying_out([("flow", "f")])
    value = metrics.registry.get_sample_value
    assert value("zoneproxy_tried_out_info", {"kind": "zone", "name": "a"}) is None
    assert value("zoneproxy_tried_out_info", {"kind": "flow", "name": "f"}) == 1
