from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy import naive
from zoneproxy.policy import snapshot as module
from zoneproxy.policy.acl import CLUSTER_NAME, SUPPORTED, Rule, literal
from zoneproxy.policy.flows import INTO_THE_TOPIC, OUT_OF_THE_TOPIC, Flow
from zoneproxy.policy.identities import Match
from zoneproxy.policy.model import (
    UNRESTRICTED,
    Action,
    Detect,
    Operation,
    PeerFacts,
    Principal,
    RedactField,
    RedactFinding,
    ResourceType,
    Transform,
    TransformKind,
    Zone,
)
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind
from zoneproxy.policy.snapshot import CACHED_NAME, RESERVED_TOPICS, Policy, PolicySnapshot

HOST = "192.0.2.1"
TOPIC, GROUP, CLUSTER = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.CLUSTER
ALICE = Principal("alice", "payments", frozenset({"everything"}))
BOB = Principal("bob", "analytics", frozenset({"everything"}))
ROOT = Principal("root", "payments", frozenset({UNRESTRICTED}))
NOBODY = Principal("nobody", "payments", frozenset({"everything", UNRESTRICTED}))
COMPLETED = literal("payments.completed")
CARDS = Detect("completed", ("PAYMENT_CARD",), 0.6, Action.BLOCK)
HASHED = RedactField("scores", "$.a", Transform(TransformKind.HASH, key="k1"))
FOUND = RedactFinding("scores", ("EMAIL",), 0.5, Transform(TransformKind.HASH, key="k2"))


def zone(name: str) -> Zone:
    return Zone(name, "internal", 1, "o", f"{name}-kafka", "1.3")


def allow(resource: ResourceType, pattern: Pattern = ANY, *operations: Operation) -> Rule:
    return Rule(True, frozenset(operations or {Operation.ALL}), resource, (pattern,))


def snapshot(*rules: Rule, flows: tuple[Flow, ...] | None = None) -> PolicySnapshot:
    everything = rules or tuple(allow(kind) for kind in ResourceType)
    return PolicySnapshot(
        Policy(
            zones=(zone("payments"), zone("analytics"), zone("lonely")),
            principals=((ALICE, (Match(subject=(("CN", "alice"),)),)), (BOB, ()), (ROOT, ())),
            roles={"everything": everything},
            flows=flows
            if flows is not None
            else (
                Flow("completed", "payments", "analytics", (COMPLETED,), (CARDS,)),
                Flow("scores", "analytics", "payments", (literal("scores"),), (HASHED, FOUND)),
            ),
            digest="d1",
        )
    )


def may(policy: PolicySnapshot, who: Principal, where: str, topic: str) -> set[str]:
    return {operation.name for operation in policy.topic_operations(who, where, topic, HOST)}


ALL_TOPIC = {operation.name for operation in SUPPORTED[TOPIC]}


# --- who -----------------------------------------------------------------------------------------------------


def test_who_is_who() -> None:
    policy = snapshot()
    assert policy.identify(PeerFacts(subject=(("CN", "alice"),))) is ALICE
    assert policy.identify(PeerFacts(subject=(("CN", "bob"),))) is None
    assert policy.principal("bob") is BOB
    assert policy.principal("nobody") is None
    assert policy.digest == "d1"
    assert set(policy.zones) == {"payments", "analytics", "lonely"}


def test_zones_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        snapshot().zones["x"] = zone("x")  # type: ignore[index]


def test_unrestricted_holds_at_home_only() -> None:
    policy = snapshot()
    assert policy.unrestricted(ROOT, "payments")
    assert not policy.unrestricted(ROOT, "analytics")
    assert not policy.unrestricted(ALICE, "payments")
    assert may(policy, ROOT, "payments", "anything") == ALL_TOPIC
    assert may(policy, ROOT, "analytics", COMPLETED.name) == set()


def test_whoever_the_policy_does_not_know_may_do_nothing() -> None:
    policy = snapshot()
    assert not policy.unrestricted(NOBODY, "payments")
    assert may(policy, NOBODY, "payments", "t") == set()
    assert not policy.topic_allowed(NOBODY, "payments", Operation.READ, "t", HOST)
    assert not policy.acl_allows(NOBODY, Operation.READ, TOPIC, "t", HOST)
    assert not policy.resource_allowed(NOBODY, "payments", Operation.READ, GROUP, "g", HOST)
    assert not policy.any_topic_allowed(NOBODY, "payments", Operation.WRITE, HOST)


def test_a_principal_is_what_this_policy_says_not_what_a_session_remembers() -> None:
    policy = snapshot()
    promoted = Principal("alice", "payments", frozenset({UNRESTRICTED}))
    moved = Principal("bob", "payments", frozenset({"everything"}))
    assert not policy.unrestricted(promoted, "payments")
    assert may(policy, moved, "payments", "orders") == set()


# --- topics --------------------------------------------------------------------------------------------------


def test_at_home_access_rules_decide_alone() -> None:
    assert may(snapshot(), ALICE, "payments", "anything") == ALL_TOPIC
    assert may(snapshot(allow(TOPIC, COMPLETED, Operation.READ)), ALICE, "payments", COMPLETED.name) == {
        "READ",
        "DESCRIBE",
    }


def test_elsewhere_a_flow_must_allow_it_too() -> None:
    policy = snapshot()
    out_of = {operation.name for operation in OUT_OF_THE_TOPIC} | {"DESCRIBE"}
    into = {operation.name for operation in INTO_THE_TOPIC} | {"DESCRIBE"}
    assert may(policy, BOB, "payments", COMPLETED.name) == out_of
    assert may(policy, BOB, "payments", "scores") == into
    assert may(policy, BOB, "payments", "orders") == set()
    assert may(policy, ALICE, "analytics", COMPLETED.name) == into
    assert may(policy, ALICE, "lonely", COMPLETED.name) == set()
    assert policy.topic_allowed(BOB, "payments", Operation.READ, COMPLETED.name, HOST)
    assert not policy.topic_allowed(BOB, "payments", Operation.WRITE, COMPLETED.name, HOST)


def test_a_flow_alone_is_not_enough() -> None:
    assert may(snapshot(allow(GROUP)), BOB, "payments", COMPLETED.name) == set()


def test_a_zone_that_is_not_there_is_closed() -> None:
    flow = Flow("f", "payments", "gone", (ANY,))
    policy = snapshot(flows=(flow,))
    assert may(policy, ALICE, "gone", "t") == set()
    assert not policy.any_topic_allowed(ALICE, "gone", Operation.WRITE, HOST)
    assert not policy.resource_allowed(ALICE, "gone", Operation.READ, GROUP, "g", HOST)


@pytest.mark.parametrize("topic", sorted(RESERVED_TOPICS))
def test_nobody_reaches_reserved_topics(topic: str) -> None:
    policy = snapshot(flows=(Flow("all", "payments", "analytics", (ANY,)),))
    for who, where in itertools.product((ALICE, BOB, ROOT), ("payments", "analytics")):
        assert may(policy, who, where, topic) == set()


# --- other resources -----------------------------------------------------------------------------------------


def test_resources_at_home() -> None:
    policy = snapshot(allow(GROUP, literal("g"), Operation.READ))
    assert policy.resource_allowed(ALICE, "payments", Operation.READ, GROUP, "g", HOST)
    assert not policy.resource_allowed(ALICE, "payments", Operation.DELETE, GROUP, "g", HOST)
    assert policy.acl_allows(ALICE, Operation.READ, GROUP, "g", HOST)
    assert not policy.acl_allows(ROOT, Operation.READ, GROUP, "g", HOST)
    assert policy.resource_allowed(ROOT, "payments", Operation.READ, GROUP, "g", HOST)
    assert not policy.resource_allowed(ROOT, "payments", Operation.WRITE, GROUP, "g", HOST)
    assert not policy.resource_allowed(ROOT, "analytics", Operation.READ, GROUP, "g", HOST)


def test_topics_are_resources_too() -> None:
    policy = snapshot()
    for topic in (COMPLETED.name, "orders"):
        expected = policy.topic_allowed(BOB, "payments", Operation.READ, topic, HOST)
        assert policy.resource_allowed(BOB, "payments", Operation.READ, TOPIC, topic, HOST) == expected


def test_groups_of_another_zone_need_some_flow_between_the_two() -> None:
    policy = snapshot()
    assert policy.resource_allowed(BOB, "payments", Operation.READ, GROUP, "g", HOST)
    assert not policy.resource_allowed(BOB, "lonely", Operation.READ, GROUP, "g", HOST)


def test_the_cluster_of_another_zone_is_out_of_reach() -> None:
    policy = snapshot()
    assert policy.resource_allowed(BOB, "analytics", Operation.CREATE, CLUSTER, CLUSTER_NAME, HOST)
    assert not policy.resource_allowed(BOB, "payments", Operation.CREATE, CLUSTER, CLUSTER_NAME, HOST)


# --- any topic -----------------------------------------------------------------------------------------------


def test_writing_to_some_topic() -> None:
    write = allow(TOPIC, Pattern(PatternKind.PREFIX, "payments."), Operation.WRITE)
    policy = snapshot(write)
    assert policy.any_topic_allowed(ALICE, "payments", Operation.WRITE, HOST)
    assert policy.any_topic_allowed(ALICE, "analytics", Operation.WRITE, HOST)
    assert not policy.any_topic_allowed(ALICE, "payments", Operation.READ, HOST)
    assert not policy.any_topic_allowed(ALICE, "lonely", Operation.WRITE, HOST)
    assert not policy.any_topic_allowed(BOB, "payments", Operation.WRITE, HOST)  # its flow is for "scores"
    assert policy.any_topic_allowed(ROOT, "payments", Operation.WRITE, HOST)
    assert not policy.any_topic_allowed(ROOT, "payments", Operation.CLUSTER_ACTION, HOST)


@settings(max_examples=60)
@given(
    st.lists(naive.rules((TOPIC,)), max_size=4),
    st.lists(naive.PATTERNS, max_size=3),
    st.lists(naive.PATTERNS, max_size=3),
)
def test_every_decision_is_access_rules_and_flows(rules: list[Rule], out: list[Pattern], back: list[Pattern]) -> None:
    flows = (Flow("out", "payments", "analytics", tuple(out)), Flow("back", "analytics", "payments", tuple(back)))
    policy = snapshot(*(rules or [allow(GROUP)]), flows=flows)
    host = naive.HOSTS[0]
    for topic, operation in itertools.product(naive.NAMES, SUPPORTED[TOPIC]):
        by_acl = naive.allowed(rules, operation, TOPIC, topic, host)
        into, out_of = any(p.matches(topic) for p in out), any(p.matches(topic) for p in back)
        by_flow = (operation not in OUT_OF_THE_TOPIC and into) or (operation not in INTO_THE_TOPIC and out_of)
        assert policy.topic_allowed(ALICE, "analytics", operation, topic, host) == (by_acl and by_flow)
        assert policy.topic_allowed(ALICE, "payments", operation, topic, host) == by_acl
        assert policy.topic_allowed(ALICE, "lonely", operation, topic, host) is False
        if by_acl and by_flow:
            assert policy.any_topic_allowed(ALICE, "analytics", operation, host)


# --- controls ------------------------------------------------------------------------------------------------


def test_controls_by_direction() -> None:
    policy = snapshot()
    assert policy.controls("payments", "analytics", COMPLETED.name) == (CARDS,)
    assert policy.controls("analytics", "payments", COMPLETED.name) == ()
    assert policy.controls("analytics", "payments", "scores") == (HASHED, FOUND)
    assert policy.controls("payments", "payments", "scores") == ()


def test_the_keys_that_controls_ask_for() -> None:
    assert snapshot().keys_used() == {"k1", "k2"}


# --- caches --------------------------------------------------------------------------------------------------


def ask_everything(policy: PolicySnapshot, topics: list[str], hosts: tuple[str, ...]) -> list[bool]:
    answers = []
    for topic, host, who in itertools.product(topics, hosts, (ALICE, BOB, ROOT)):
        answers.append(policy.topic_allowed(who, "payments", Operation.READ, topic, host))
        answers.append(policy.acl_allows(who, Operation.READ, GROUP, topic, host))
        answers.append(policy.any_topic_allowed(who, "payments", Operation.WRITE, host))
        answers.append(bool(policy.controls("payments", "analytics", topic)))
    return answers


def cached(policy: PolicySnapshot) -> list[int]:
    return [len(each) for each in (policy._topics, policy._resources, policy._some_topic, policy._controls)]


def test_answers_stay_the_same_and_caches_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CACHED_DECISIONS", 10)
    by_host = Rule(False, frozenset({Operation.READ}), TOPIC, (ANY,), frozenset({naive.HOSTS[1]}))
    policy = snapshot(allow(TOPIC), allow(GROUP), by_host)
    topics = [f"t{number}" for number in range(30)] + [COMPLETED.name]
    first = ask_everything(policy, topics, naive.HOSTS)
    assert ask_everything(policy, topics, naive.HOSTS) == first
    assert all(0 < size <= 10 for size in cached(policy))
    assert policy.topic_allowed(ALICE, "payments", Operation.READ, "t1", naive.HOSTS[0])
    assert not policy.topic_allowed(ALICE, "payments", Operation.READ, "t1", naive.HOSTS[1])


def test_long_names_are_not_kept() -> None:
    policy = snapshot()
    ask_everything(policy, ["x" * (CACHED_NAME + 1)], (HOST,))
    assert [cached(policy)[index] for index in (0, 1, 3)] == [0, 0, 0]


def test_hosts_do_not_fill_the_cache_where_no_rule_has_one() -> None:
    policy = snapshot()
    ask_everything(policy, ["t"], tuple(f"10.0.0.{number}" for number in range(50)))
    assert max(cached(policy)) <= 3
