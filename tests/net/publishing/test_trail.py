from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.keys.test_sealing import KEY, private, public
from zoneproxy.config.load import parse_config
from zoneproxy.config.model import Config
from zoneproxy.errors import InvalidConfiguration
from zoneproxy.net.observer import NullObserver
from zoneproxy.net.publishing.trail import load_seals, make_trail
from zoneproxy.policy.decisions import RESERVED_TOPICS
from zoneproxy.policy.model import Zone

EXECUTOR: Any = object()
BASE = """
listeners:
  - name: a
    zone: a
    advertised_host: localhost
    ports: {bootstrap: 9092, first: 9100}
    plaintext: {accept: "clients are neither encrypted nor identified", principal: tester}
upstreams:
  one: {bootstrap: ["k:1"], plaintext: {accept: "the way to this upstream is not encrypted"}}
  two: {bootstrap: ["k:2"], plaintext: {accept: "the way to this upstream is not encrypted"}}
"""
ZONES = {
    "a": Zone("a", "internal", 0, "o", "one"),
    "b": Zone("b", "internal", 0, "o", "two", namespace="b."),
}


def config(text: str = "") -> Config:
    return parse_config(BASE + text, "z.yaml")


def made(text: str, seals: dict[str, Any]) -> Any:
    upstreams: Any = {
        name: SimpleNamespace(cluster=name, diallers=SimpleNamespace(own=f"{name}'s own")) for name in ("one", "two")
    }
    return make_trail(config(text), ZONES, upstreams, seals, NullObserver(), lambda: 1.0, EXECUTOR)


def test_without_configuration_there_is_none() -> None:
    assert made("", {}) is None


def test_events_go_to_the_audit_upstream() -> None:
    trail = made("audit: {upstream: two, create_topic: true, max_events_per_second: 7}", {})
    (publisher,) = trail.publishers
    to = publisher._to
    assert (to.name, to.topic, to.create, to.per_second) == ("violations", "security.violations", True, 7)
    assert (publisher._cluster, publisher._dialler) == ("two", "two's own")


def test_copies_go_to_the_upstream_and_into_the_namespace_of_their_zone() -> None:
    seals = {zone: object() for zone in ("a", "b", "gone")}
    trail = made(
        "quarantine: {a: {public_key: k}, b: {public_key: k, create_topic: true}, gone: {public_key: k}}", seals
    )
    found = [(each._to.name, each._to.topic, each._to.create, each._cluster) for each in trail.publishers]
    assert found == [
        ("quarantine a", "security.quarantine", False, "one"),
        ("quarantine b", "b.security.quarantine", True, "two"),
    ]


def test_no_client_reaches_these_topics() -> None:
    assert {"security.violations", "security.quarantine"} <= RESERVED_TOPICS


def test_keys_are_read_and_all_that_is_wrong_is_told(tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(public(KEY))
    (tmp_path / "bad").write_bytes(private(KEY))
    text = "quarantine: {a: {public_key: %s}, b: {public_key: %s}}"
    seals = load_seals(config(text % (tmp_path / "good", tmp_path / "good")))
    assert set(seals) == {"a", "b"}
    with pytest.raises(InvalidConfiguration) as caught:
        load_seals(config(text % (tmp_path / "bad", tmp_path / "missing")))
    assert ["zone `a`" in p.message or "zone `b`" in p.message for p in caught.value.problems] == [True, True]
