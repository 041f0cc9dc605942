from __future__ import annotations

from dataclasses import replace

from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.explain.holding import is_for, told, way
from zoneproxy.policy.model import Grant, Group, Origin, Principal, Zone
from zoneproxy.policy.snapshot import Policy, PolicySnapshot

ALICE = Principal("alice", "z", frozenset({"own"}))
MADE = Derivation("staff", "z", "staff-", "sub", roles=frozenset({"made"}))
SNAPSHOT = PolicySnapshot(
    Policy(
        zones=(Zone("z", "internal", 1, "o", "u"),),
        principals=((ALICE, ()),),
        identities=((MADE, ()),),
        groups=(Group("crew", frozenset({"of-crew"})), Group("others", frozenset({"of-others"}))),
        grants=(
            Grant("granted", 1000.0, 2000.0, "R-1", principal="alice", origin=Origin("g.yaml", 3, 1)),
            Grant("loud", 1000.0, 2000.0, "R-2", group="crew", break_glass=True),
        ),
    )
).at(1500.0)
IN_CREW = replace(ALICE, groups=frozenset({"crew"}))


def test_ways_to_a_role() -> None:
    assert way(SNAPSHOT, ALICE, "own") == ""
    assert way(SNAPSHOT, MADE.named("staff-eve"), "made") == ", through the identity rule staff"
    assert way(SNAPSHOT, IN_CREW, "of-crew") == ", through group crew"
    assert way(SNAPSHOT, ALICE, "granted") == ", by the grant at g.yaml:3 (R-1) until 1970-01-01T00:33:20Z"
    assert way(SNAPSHOT, IN_CREW, "loud") == ", by the break-glass grant (R-2) until 1970-01-01T00:33:20Z"


def test_whom_a_grant_is_for() -> None:
    granted, loud = SNAPSHOT.grants
    assert is_for(granted, ALICE, frozenset())
    assert not is_for(granted, Principal("bob", "z"), frozenset({"crew"}))
    assert is_for(loud, ALICE, frozenset({"crew"}))
    assert not is_for(loud, ALICE, frozenset({"others"}))


def test_times() -> None:
    assert told(0.0) == "1970-01-01T00:00:00Z"
