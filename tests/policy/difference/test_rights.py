from __future__ import annotations

from dataclasses import replace

from zoneproxy.policy.acl import Rule, literal
from zoneproxy.policy.difference.rights import addresses, patterns, plain, rights
from zoneproxy.policy.model import UNRESTRICTED, Operation, Origin, Principal, ResourceType, Zone
from zoneproxy.policy.snapshot import Policy, PolicySnapshot

READ = Rule(
    True, frozenset({Operation.READ}), ResourceType.TOPIC, (literal("b"), literal("a")), frozenset({"10.0.0.1"})
)
POLICY = Policy(
    zones=(Zone("z", "internal", 1, "o", "u"),),
    principals=(
        (Principal("alice", "z", frozenset({"r"})), ()),
        (Principal("bob", "z", frozenset({"same"})), ()),
        (Principal("root", "z", frozenset({UNRESTRICTED})), ()),
    ),
    roles={
        "r": (READ,),
        "same": (replace(READ, patterns=(literal("a"), literal("b")), origin=Origin("p", 1, 1)),),
    },
)


def test_rights_are_the_same_wherever_the_rules_were_written() -> None:
    snapshot = PolicySnapshot(POLICY)
    alice, bob, root = (rights(snapshot, snapshot.principal(name)) for name in ("alice", "bob", "root"))
    assert alice == bob != root
    assert root is not None
    assert root.unrestricted
    assert rights(snapshot, None) is None


def test_what_rules_name() -> None:
    rules = [plain(READ)]
    assert patterns(rules, ResourceType.TOPIC) == {literal("a"), literal("b")}
    assert patterns(rules, ResourceType.GROUP) == set()
    assert addresses(rules) == {"10.0.0.1"}
