from __future__ import annotations

from zoneproxy.policy.acl import Rule, literal
from zoneproxy.policy.difference.actors import Actor
from zoneproxy.policy.difference.decisions import decisions, space
from zoneproxy.policy.difference.rights import plain
from zoneproxy.policy.model import Operation, Principal, ResourceType, Zone
from zoneproxy.policy.snapshot import Policy, PolicySnapshot

ALICE = Principal("alice", "z", frozenset({"r"}))
ZONES = (Zone("z", "internal", 1, "o", "u"),)


def rule(*operations: Operation, kind: ResourceType = ResourceType.TOPIC, host: str = "*") -> Rule:
    return Rule(True, frozenset(operations), kind, (literal("t"),), frozenset({host}))


def snapshot(*rules: Rule, zones: tuple[Zone, ...] = ZONES) -> PolicySnapshot:
    return PolicySnapshot(Policy(zones=zones, principals=((ALICE, ()),), roles={"r": rules}))


def differ(old: PolicySnapshot, new: PolicySnapshot) -> set[tuple[str, str, str, bool]]:
    rules = frozenset(plain(each) for each in (*old.policy.roles["r"], *new.policy.roles["r"]))
    found = decisions(old, new, Actor("alice", ALICE, ALICE), space(rules, (), ()))
    return {(each.resource.name, each.operation.name, f"{each.atom} {each.host}", each.gained) for each in found}


def test_each_decision_that_is_different() -> None:
    old = snapshot(rule(Operation.READ))
    new = snapshot(rule(Operation.WRITE), rule(Operation.DELETE, kind=ResourceType.GROUP, host="10.0.0.1"))
    assert differ(old, new) == {
        ("TOPIC", "READ", "t 10.0.0.1", False),
        ("TOPIC", "READ", "t 192.0.2.1", False),
        ("TOPIC", "WRITE", "t 10.0.0.1", True),
        ("TOPIC", "WRITE", "t 192.0.2.1", True),
        ("GROUP", "DELETE", "t 10.0.0.1", True),
        ("GROUP", "DESCRIBE", "t 10.0.0.1", True),
    }
    assert differ(old, old) == set()


def test_a_zone_that_goes_takes_all_with_it() -> None:
    old = snapshot(rule(Operation.CREATE))
    gone = snapshot(rule(Operation.CREATE), zones=())
    assert differ(old, gone) == {("TOPIC", "CREATE", "t 192.0.2.1", False)}
    assert differ(gone, old) == {("TOPIC", "CREATE", "t 192.0.2.1", True)}


def test_a_space_holds_what_rules_and_flows_name() -> None:
    rules = frozenset({plain(rule(Operation.READ, host="10.0.0.1"))})
    made = space(rules, [literal("u")], {"", "1.3"})
    assert [str(atom) for atom in made.atoms[ResourceType.TOPIC]] == ["t", "u", "any other"]
    assert [str(atom) for atom in made.atoms[ResourceType.GROUP]] == ["any other"]
    assert made.hosts == ("10.0.0.1", "192.0.2.1")
    assert made.tls == ("", "1.3")
