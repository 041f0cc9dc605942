from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy import naive
from zoneproxy.policy.acl import CLUSTER_NAME, SUPPORTED, Rule, literal
from zoneproxy.policy.controls import Action, Detect, RedactField, RedactFinding
from zoneproxy.policy.flows import INTO_THE_TOPIC, OUT_OF_THE_TOPIC, Flow
from zoneproxy.policy.identities import Match
from zoneproxy.policy.model import UNRESTRICTED, Grant, Group, Operation, PeerFacts, Principal, ResourceType, Zone
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind
from zoneproxy.policy.snapshot import RESERVED_TOPICS, Policy, PolicySnapshot
from zoneproxy.policy.transforms import Transform, TransformKind

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


# --- groups and grants ---------------------------------------------------------------------------------------


def with_grants(*grants: Grant) -> PolicySnapshot:
    return PolicySnapshot(
        Policy(
            zones=(zone("payments"), zone("analytics")),
            principals=((GUEST, ()),),
            roles={"everything": (allow(TOPIC),)},
            groups=(Group("readers", frozenset({"everything"})),),
            members={"guest": frozenset({"readers"})} if not grants else {},
            grants=grants,
        )
    )


GUEST = Principal("guest", "payments")


def test_groups_give_roles() -> None:
    policy = with_grants()
    assert may(policy, GUEST, "payments", "t") == ALL_TOPIC
    assert policy.groups_of(GUEST) == {"readers"}
    assert policy.roles_of(GUEST) == {"everything"}
    assert policy.roles_of(NOBODY) == set()


def test_grants_hold_from_their_beginning_until_their_end_and_not_before_anybody_asked_at_when() -> None:
    policy = with_grants(Grant("everything", 10, 20, "INC-1", principal="guest"))
    allowed = {now: bool(may(policy.at(now), GUEST, "payments", "t")) for now in (9.9, 10.0, 19.9, 20.0)}
    assert allowed == {9.9: False, 10.0: True, 19.9: True, 20.0: False}
    assert may(policy, GUEST, "payments", "t") == set()
    assert may(policy.at(15).at(25), GUEST, "payments", "t") == set()
    assert may(policy.at(25).at(15), GUEST, "payments", "t") == ALL_TOPIC
    assert [len(policy.at(now).grants) for now in (0, 15, 25)] == [0, 1, 0]


def test_between_two_changes_there_is_one_snapshot() -> None:
    policy = with_grants(Grant("everything", 10, 20, "INC-1", group="readers"))
    proved = Principal("guest", "payments", groups=frozenset({"readers"}))
    assert policy.at(0) is policy
    assert policy.at(10) is policy.at(19)
    assert policy.at(10) is not policy.at(20)
    assert (policy.at(10).since, policy.at(10).until) == (10, 20)
    assert policy.at(12).digest == policy.digest
    assert policy.at(12).roles_of(proved) == {"everything"}


def test_broken_glass_is_told_of_whom_it_concerns() -> None:
    glass = Grant(UNRESTRICTED, 10, 20, "INC-1", principal="guest", break_glass=True)
    policy = with_grants(glass)
    assert [policy.at(now).glass_is_broken for now in (0, 15, 25)] == [False, True, False]
    assert policy.at(15).break_glass(GUEST) == (glass,)
    assert policy.at(15).break_glass(NOBODY) == policy.at(25).break_glass(GUEST) == ()
    assert policy.at(15).unrestricted(GUEST, "payments")
    assert not policy.at(20).unrestricted(GUEST, "payments")


def test_a_flow_may_ask_for_a_better_connection() -> None:
    policy = snapshot(flows=(Flow("f", "payments", "analytics", (ANY,), min_tls="1.3"),))
    for tls, allowed in (("", False), ("1.2", False), ("1.3", True)):
        assert policy.topic_allowed(BOB, "payments", Operation.READ, "t", HOST, tls) is allowed
        assert policy.resource_allowed(BOB, "payments", Operation.READ, TOPIC, "t", HOST, tls) is allowed
        assert policy.resource_allowed(BOB, "payments", Operation.READ, GROUP, "t", HOST, tls) is allowed
        assert policy.any_topic_allowed(BOB, "payments", Operation.READ, HOST, tls) is allowed
        assert bool(policy.topic_operations(BOB, "payments", "t", HOST, tls)) is allowed
    assert not policy.topic_allowed(BOB, "payments", Operation.READ, "t", HOST)


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


def test_describing_every_topic_that_begins_so() -> None:
    policy = snapshot(allow(TOPIC, Pattern(PatternKind.PREFIX, "payments."), Operation.READ))
    assert policy.every_topic_allowed(ALICE, "payments", Operation.DESCRIBE, "payments.eu", HOST)
    assert not policy.every_topic_allowed(ALICE, "payments", Operation.DESCRIBE, "", HOST)
    assert not policy.every_topic_allowed(NOBODY, "payments", Operation.DESCRIBE, "payments.", HOST)


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


@pytest.mark.parametrize("kind", ResourceType)
def test_everything_that_may_be_done_to_a_resource(kind: ResourceType) -> None:
    policy = snapshot()
    name = CLUSTER_NAME if kind is CLUSTER else "payments.completed"
    for who in (ALICE, BOB, Principal("nobody", "payments")):
        assert policy.resource_operations(who, "payments", kind, name, HOST) == {
            operation
            for operation in Operation
            if policy.resource_allowed(who, "payments", operation, kind, name, HOST)
        }
    assert policy.resource_operations(ALICE, "payments", kind, name, HOST) == SUPPORTED[kind]


def test_what_is_no_record_is_looked_through_with_what_both_zones_rules_look_for() -> None:
    field = RedactField("field", "$.a", Transform(TransformKind.MASK))
    flows = (Flow("out", "payments", "analytics", (COMPLETED,), (CARDS, field)),)
    made = snapshot(flows=flows)
    assert made.controls_beside_records("payments", "analytics") == (CARDS,)
    assert made.controls_beside_records("analytics", "payments") == (CARDS,)
    assert made.controls_beside_records("payments", "payments") == ()
