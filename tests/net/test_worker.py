from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.net.harness import ALICE, Policy
from zoneproxy.boundary.node_versions import NodeVersions
from zoneproxy.config.model import Limits
from zoneproxy.net.observer import Connection
from zoneproxy.net.worker import Bounds, Route
from zoneproxy.policy.model import PeerFacts


def test_the_bounds_are_what_the_operator_set() -> None:
    assert Bounds.of(Limits()) == Bounds()
    limits = Limits(max_frame_bytes=1_000_000, idle_timeout_seconds=7, max_connections=3, drain_timeout_seconds=1)
    assert Bounds.of(limits) == Bounds(max_frame=1_000_000, idle=7, max_connections=3, drain=1)


def route(plaintext: str | None) -> Route:
    nothing: Any = None
    return Route("l", "z", nothing, "u", nothing, nothing, nothing, nothing, plaintext)


def test_a_tls_client_is_who_its_certificate_says() -> None:
    policy: Any = Policy(alice=ALICE)
    assert route(None).identify(policy, PeerFacts(subject=(("CN", "alice"),))) is ALICE
    assert route(None).identify(policy, PeerFacts(subject=(("CN", "mallory"),))) is None
    assert route(None).identify(policy, None) is None


def test_a_plaintext_client_is_who_the_configuration_says() -> None:
    policy: Any = Policy(alice=ALICE)
    assert route("alice").identify(policy, None) is ALICE
    assert route("bob").identify(policy, PeerFacts(subject=(("CN", "alice"),))) is None


def test_what_a_connection_is_decided_by_comes_from_its_listener_and_its_broker() -> None:
    connection, versions = Connection(1, "l", "z", "10.0.0.1", None), NodeVersions({3: (0, 13)})
    facts = route(None).facts(ALICE, connection, versions)
    assert (facts.principal, facts.zone, facts.listener, facts.host) == (ALICE, "z", "l", "10.0.0.1")
    assert facts.versions is versions


def test_a_listener_may_try_controls_out() -> None:
    connection, versions = Connection(1, "l", "z", "10.0.0.1", None), NodeVersions({})
    assert not route(None).facts(ALICE, connection, versions).observe
    assert replace(route(None), observe=True).facts(ALICE, connection, versions).observe
