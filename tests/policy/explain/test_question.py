from __future__ import annotations

from dataclasses import replace

from zoneproxy.policy.acl import Rule, literal
from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.model import Group, Operation, Principal, ResourceType, Zone
from zoneproxy.policy.snapshot import Policy, PolicySnapshot

SNAPSHOT = PolicySnapshot(
    Policy(
        zones=(Zone("z", "internal", 1, "o", "u"),),
        principals=((Principal("alice", "z"), ()),),
        roles={"r": (Rule(True, frozenset({Operation.READ}), ResourceType.TOPIC, (literal("t"),)),)},
        groups=(Group("g", frozenset({"r"})),),
    )
)


def test_questions_read_as_sentences() -> None:
    topic = Question("alice", "z", Operation.READ, ResourceType.TOPIC, "t")
    assert str(topic) == "User:alice read topic t in zone z"
    cluster = Question("alice", "z", Operation.ALTER_CONFIGS, ResourceType.CLUSTER, "kafka-cluster")
    assert str(cluster) == "User:alice alter_configs the cluster in zone z"
    transaction = Question("alice", "z", Operation.WRITE, ResourceType.TRANSACTIONAL_ID, "a b")
    assert str(transaction) == 'User:alice write transactional id "a b" in zone z'


def test_who_asks_comes_with_its_groups() -> None:
    alone = Question("alice", "z", Operation.READ, ResourceType.TOPIC, "t")
    with_group = Question("alice", "z", Operation.READ, ResourceType.TOPIC, "t", groups=frozenset({"g"}))
    assert not alone.answer(SNAPSHOT)
    assert with_group.answer(SNAPSHOT)


def test_nobody_gets_no() -> None:
    nobody = Question("nobody", "z", Operation.READ, ResourceType.TOPIC, "t")
    assert nobody.asker(SNAPSHOT) is None
    assert nobody.answer(SNAPSHOT) is False


def test_a_name_that_is_not_listed_may_be_made_by_a_rule() -> None:
    made = Derivation("staff", "z", "staff-", "sub", roles=frozenset({"r"}))
    other = Derivation("others", "z", "x-", "sub")
    snapshot = PolicySnapshot(replace(SNAPSHOT.policy, identities=((other, ()), (made, ()))))
    eve = Question("staff-eve", "z", Operation.READ, ResourceType.TOPIC, "t")
    assert eve.asker(snapshot) == made.named("staff-eve")
    assert eve.answer(snapshot)
    assert Question("staff-", "z", Operation.READ, ResourceType.TOPIC, "t").asker(snapshot) is None
    assert Question("eve", "z", Operation.READ, ResourceType.TOPIC, "t").asker(snapshot) is None
