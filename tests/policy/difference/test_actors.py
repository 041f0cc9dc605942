from __future__ import annotations

from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.difference.actors import actors, group_sets
from zoneproxy.policy.model import Grant, Group, Principal
from zoneproxy.policy.snapshot import Policy

ALICE, BOB = Principal("alice", "z"), Principal("bob", "z")
MADE = Derivation("staff", "z", "staff-", "sub")
GRANT = Grant("r", 0, 1, "why", principal="staff-eve")


def test_everybody_of_either_policy() -> None:
    old = Policy(principals=((ALICE, ()),))
    new = Policy(principals=((BOB, ()), (Principal("alice", "elsewhere"), ())))
    alice, bob = actors(old, new)
    assert (alice.name, alice.old, alice.new) == ("alice", ALICE, Principal("alice", "elsewhere"))
    assert (bob.name, bob.old, bob.new) == ("bob", None, BOB)
    within = alice.within(frozenset({"g"}))
    assert within.old is not None
    assert within.new is not None
    assert within.old.groups == within.new.groups == {"g"}
    assert bob.within(frozenset({"g"})).old is None


def test_somebody_for_each_rule_that_makes_names_and_those_that_grants_name() -> None:
    taken = Principal("staff-somebody", "z")
    policy = Policy(principals=((taken, ()),), identities=((MADE, ()),), grants=(GRANT,))
    listed, fresh, granted = actors(Policy(), policy)
    assert listed.name == "staff-somebody"
    assert fresh.name == "whoever `staff` names"
    assert fresh.old is None
    assert fresh.new == MADE.named("staff-somebody-else")
    assert granted.name == "staff-eve"
    assert granted.new == MADE.named("staff-eve")


def test_sets_of_groups_up_to_two() -> None:
    old, new = Policy(groups=(Group("a"), Group("b"))), Policy(groups=(Group("c"), Group("a")))
    assert [sorted(groups) for groups in group_sets(old, new)] == [
        [],
        ["a"],
        ["b"],
        ["c"],
        ["a", "b"],
        ["a", "c"],
        ["b", "c"],
    ]
