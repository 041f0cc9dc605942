from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Histogram

from zoneproxy.telemetry.figures import Distribution, RequestFigures

BOUNDS = (0.1, 1.0, 10.0)
HELP = dict.fromkeys(("requests", "request_bytes", "response_bytes", "request_seconds", "added_seconds"), "Help.")


@given(st.lists(st.floats(0, 20) | st.sampled_from(BOUNDS)))
def test_a_distribution_counts_as_prometheus_does(values: list[float]) -> None:
    registry = CollectorRegistry()
    oracle = Histogram("x", "Help.", buckets=BOUNDS, registry=registry)
    ours = Distribution(BOUNDS)
    for value in values:
        oracle.observe(value)
        ours.add(value)
    for bound, count in ours.buckets():
        assert registry.get_sample_value("x_bucket", {"le": bound}) == count
    assert registry.get_sample_value("x_sum") == ours.total


def test_figures_are_read_as_they_are_now() -> None:
    registry = CollectorRegistry()
    requests = RequestFigures(BOUNDS, BOUNDS, HELP)
    registry.register(requests)
    figures = requests.of("payments", "fetch")
    assert requests.of("payments", "fetch") is figures
    assert requests.of("analytics", "fetch") is not figures
    figures.decided["closed"] += 2
    figures.request_bytes += 100
    figures.response_bytes += 50
    figures.seconds.add(0.5)
    figures.added_seconds.add(0.01)
    labels = {"zone": "payments", "api": "fetch"}
    value = registry.get_sample_value
    assert value("zoneproxy_requests_total", {**labels, "decision": "closed"}) == 2
    assert value("zoneproxy_request_bytes_total", labels) == 100
    assert value("zoneproxy_response_bytes_total", labels) == 50
    assert value("zoneproxy_request_seconds_count", labels) == 1
    assert value("zoneproxy_request_seconds_bucket", {**labels, "le": "0.1"}) == 0
    assert value("zoneproxy_added_seconds_sum", labels) == 0.01


def test_the_registry_knows_the_names_before_there_is_a_value() -> None:
    requests = RequestFigures(BOUNDS, BOUNDS, HELP)
    requests.of("payments", "fetch").request_bytes += 1
    described = list(requests.describe())
    assert {metric.name for metric in described} == {f"zoneproxy_{name}" for name in HELP}
    assert not any(metric.samples for metric in described)
