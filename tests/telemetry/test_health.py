from __future__ import annotations

from zoneproxy.telemetry.health import Health, ZoneHealth


def healthy() -> Health:
    zones = {"payments": ZoneHealth("payments-kafka", up=True, brokers=3), "analytics": ZoneHealth("analytics-kafka")}
    return Health(policy_digest="ab12", listeners_bound=True, zones=zones)


def test_ready_when_policy_listeners_and_one_zone_are_there() -> None:
    assert healthy().ready


def test_not_ready_without_any_one_of_them() -> None:
    assert not Health().ready
    for change in ({"policy_digest": ""}, {"listeners_bound": False}, {"draining": True}, {"zones": {}}):
        health = healthy()
        for name, value in change.items():
            setattr(health, name, value)
        assert not health.ready, change


def test_an_upstreams_state_is_that_of_each_zone_it_serves() -> None:
    health = healthy()
    health.zones["audit"] = ZoneHealth("analytics-kafka")
    assert health.upstream_state("analytics-kafka", up=True, brokers=5) == ["analytics", "audit"]
    assert health.zones["audit"].up
    assert health.zones["analytics"].brokers == 5
    assert health.upstream_state("unknown", up=True, brokers=1) == []


def test_the_body_names_every_zone_and_no_address() -> None:
    assert healthy().body() == {
        "ready": True,
        "policy": "ab12",
        "listeners_bound": True,
        "draining": False,
        "zones": {
            "payments": {"upstream": "payments-kafka", "state": "up", "brokers": 3},
            "analytics": {"upstream": "analytics-kafka", "state": "down", "brokers": 0},
        },
    }
