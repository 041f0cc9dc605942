from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from tests.policy import naive
from zoneproxy.policy import decisions as module
from zoneproxy.policy.acl import SUPPORTED_MASK, AclTable, Rule, literal, mask_of
from zoneproxy.policy.controls import Action, Detect, RedactField, RedactFinding
from zoneproxy.policy.decisions import CACHED_NAME, RESERVED_TOPICS, Decisions
from zoneproxy.policy.flows import OUT_OF_THE_TOPIC, Flow, FlowTable
from zoneproxy.policy.model import Operation, ResourceType, Zone
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind
from zoneproxy.policy.record_rules import Lineage
from zoneproxy.policy.rights import Rights
from zoneproxy.policy.transforms import Transform, TransformKind

HOST = "192.0.2.1"
TOPIC, GROUP, CLUSTER = ResourceType.TOPIC, ResourceType.GROUP, ResourceType.CLUSTER
EVERYWHERE = Detect("zone lonely", ("IBAN",), 0.5, Action.BLOCK)
ZONES = {
    "payments": Zone("payments", "restricted", 3, "o", "k1"),
    "analytics": Zone("analytics", "internal", 1, "o", "k2"),
    "lonely": Zone("lonely", "internal", 1, "o", "k3", beside_records=(EVERYWHERE,)),
}
CARDS = Detect("completed", ("PAYMENT_CARD",), 0.6, Action.BLOCK)
FLOWS = FlowTable(
    [
        Flow("completed", "payments", "analytics", (literal("completed"),), (CARDS,)),
        Flow("secret", "payments", "analytics", (literal("secret"),), min_tls="1.3"),
        Flow("guarded", "payments", "lonely", (ANY,), min_tls="1.3"),
    ]
)


def rights(zone: str, *rules: Rule, unrestricted: bool = False) -> Rights:
    everything = rules or tuple(Rule(True, frozenset({Operation.ALL}), kind, (ANY,)) for kind in ResourceType)
    return Rights(zone, frozenset(), AclTable(everything), unrestricted, ())


ALICE, BOB = rights("payments"), rights("analytics")
ROOT = rights("payments", Rule(False, frozenset({Operation.ALL}), TOPIC, (ANY,)), unrestricted=True)


def decisions() -> Decisions:
    return Decisions(ZONES, FLOWS)


def test_topics_at_home_and_elsewhere() -> None:
    made = decisions()
    out_of = mask_of(OUT_OF_THE_TOPIC | {Operation.DESCRIBE})
    assert made.topic(ALICE, "payments", "t", HOST, "1.3") == SUPPORTED_MASK[TOPIC]
    assert made.topic(BOB, "payments", "completed", HOST, "1.3") == out_of
    assert made.topic(BOB, "payments", "t", HOST, "1.3") == 0
    assert made.topic(ALICE, "gone", "t", HOST, "1.3") == 0
    assert made.topic(ROOT, "payments", "t", HOST, "1.3") == SUPPORTED_MASK[TOPIC]
    assert made.topic(ROOT, "analytics", "completed", HOST, "1.3") == 0
    assert {made.topic(who, "payments", topic, HOST, "1.3") for who in (ALICE, ROOT) for topic in RESERVED_TOPICS} == {
        0
    }


def test_a_flow_may_ask_for_a_better_connection() -> None:
    made = decisions()
    for _ in range(2):  # the second time from the cache
        assert made.topic(BOB, "payments", "secret", HOST, "1.2") == 0
        assert made.topic(BOB, "payments", "secret", HOST, "") == 0
        assert made.topic(BOB, "payments", "secret", HOST, "1.3") == mask_of(OUT_OF_THE_TOPIC | {Operation.DESCRIBE})
        assert made.topic(BOB, "payments", "completed", HOST, "") != 0
        assert not made.some_topic(ALICE, "lonely", Operation.WRITE, HOST, "1.2")
        assert made.some_topic(ALICE, "lonely", Operation.WRITE, HOST, "1.3")
        assert made.resource(ALICE, "lonely", GROUP, "g", HOST, "1.2") == 0
        assert made.resource(ALICE, "lonely", GROUP, "g", HOST, "1.3") == SUPPORTED_MASK[GROUP]


def test_at_home_no_flow_matters() -> None:
    assert decisions().topic(ALICE, "payments", "secret", HOST, "") == SUPPORTED_MASK[TOPIC]


def test_other_resources() -> None:
    made = decisions()
    assert made.resource(ALICE, "payments", CLUSTER, "kafka-cluster", HOST, "") == SUPPORTED_MASK[CLUSTER]
    assert made.resource(BOB, "payments", CLUSTER, "kafka-cluster", HOST, "") == 0
    assert made.resource(BOB, "payments", GROUP, "g", HOST, "") == SUPPORTED_MASK[GROUP]
    assert made.resource(BOB, "lonely", GROUP, "g", HOST, "") == 0
    assert made.resource(ROOT, "payments", GROUP, "g", HOST, "") == SUPPORTED_MASK[GROUP]
    assert made.resource(ALICE, "gone", GROUP, "g", HOST, "") == 0


def test_some_topic() -> None:
    made = decisions()
    assert made.some_topic(ALICE, "payments", Operation.READ, HOST, "")
    assert made.some_topic(ROOT, "payments", Operation.READ, HOST, "")
    assert not made.some_topic(ROOT, "payments", Operation.CLUSTER_ACTION, HOST, "")
    assert made.some_topic(BOB, "payments", Operation.READ, HOST, "")
    assert not made.some_topic(BOB, "payments", Operation.WRITE, HOST, "")
    assert not made.some_topic(ALICE, "gone", Operation.READ, HOST, "")


def test_controls_hold_whatever_the_connection_is_like() -> None:
    assert decisions().controls("payments", "analytics", "completed") == (CARDS,)
    assert decisions().controls("analytics", "payments", "completed") == ()


# --- caches --------------------------------------------------------------------------------------------------


def ask_everything(made: Decisions, names: list[str], hosts: tuple[str, ...], *people: Rights) -> list[object]:
    answers: list[object] = []
    for name, host, who in itertools.product(names, hosts, people):
        answers.append(made.topic(who, "payments", name, host, ""))
        answers.append(made.resource(who, "payments", GROUP, name, host, ""))
        answers.append(made.some_topic(who, "payments", Operation.WRITE, host, ""))
        answers.append(made.controls("payments", "analytics", name))
    return answers


def cached(made: Decisions) -> list[int]:
    return [len(each) for each in (made._topics, made._resources, made._some_topic, made._controls)]


def test_answers_stay_the_same_and_caches_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CACHED_DECISIONS", 10)
    by_host = Rule(False, frozenset({Operation.READ}), TOPIC, (ANY,), frozenset({naive.HOSTS[1]}))
    everything = tuple(Rule(True, frozenset({Operation.ALL}), kind, (ANY,)) for kind in ResourceType)
    made, carol = decisions(), rights("payments", *everything, by_host)
    names = [f"t{number}" for number in range(30)] + ["completed"]
    first = ask_everything(made, names, naive.HOSTS, carol, BOB, ROOT)
    assert ask_everything(made, names, naive.HOSTS, carol, BOB, ROOT) == first
    assert all(0 < size <= 10 for size in cached(made))
    assert made.topic(carol, "payments", "t1", naive.HOSTS[0], "") >> Operation.READ & 1
    assert not made.topic(carol, "payments", "t1", naive.HOSTS[1], "") >> Operation.READ & 1


def test_long_names_are_not_kept() -> None:
    made = decisions()
    ask_everything(made, ["x" * (CACHED_NAME + 1)], (HOST,), ALICE, BOB)
    assert [cached(made)[index] for index in (0, 1, 3)] == [0, 0, 0]


def test_hosts_and_versions_do_not_fill_the_cache_where_no_rule_has_one() -> None:
    made = Decisions(ZONES, FlowTable([]))
    for tls in ("", "1.2", "1.3"):
        made.topic(ALICE, "payments", "t", HOST, tls)
    ask_everything(made, ["t"], tuple(f"10.0.0.{number}" for number in range(50)), ALICE, BOB)
    assert max(cached(made)) <= 2


def test_every_topic_with_a_prefix() -> None:
    made = decisions()
    pay = rights("payments", Rule(True, frozenset({Operation.READ}), TOPIC, (Pattern(PatternKind.PREFIX, "pay."),)))
    assert made.every_topic(ALICE, "payments", Operation.DESCRIBE, "", HOST, "")
    assert made.every_topic(pay, "payments", Operation.DESCRIBE, "pay.x", HOST, "")
    assert not made.every_topic(pay, "payments", Operation.DESCRIBE, "pa", HOST, "")
    assert not made.every_topic(ALICE, "gone", Operation.DESCRIBE, "", HOST, "")
    assert made.every_topic(ROOT, "payments", Operation.DESCRIBE, "", HOST, "")
    assert not made.every_topic(ROOT, "payments", Operation.CLUSTER_ACTION, "", HOST, "")


def test_every_topic_of_another_zone_takes_a_flow_for_all_of_them() -> None:
    made = decisions()
    assert made.every_topic(ALICE, "lonely", Operation.WRITE, "", HOST, "1.3")
    assert made.every_topic(ALICE, "lonely", Operation.WRITE, "any.", HOST, "1.3")
    assert not made.every_topic(ALICE, "lonely", Operation.WRITE, "", HOST, "1.2")
    assert not made.every_topic(BOB, "payments", Operation.READ, "completed", HOST, "1.3")


def test_what_is_no_record_gets_the_detectors_of_every_rule_between_the_zones_and_of_the_zones() -> None:
    masked = RedactFinding("back", ("EMAIL",), 0.5, Transform(TransformKind.MASK))
    field = RedactField("completed", "$.a", Transform(TransformKind.MASK))
    flows = FlowTable(
        [
            Flow("completed", "payments", "lonely", (literal("completed"),), (CARDS, field)),
            Flow("more", "payments", "lonely", (literal("more"),), (CARDS, replace(CARDS, on_error=Action.ALLOW))),
            Flow("back", "lonely", "payments", (ANY,), (masked,)),
            Flow("others", "payments", "analytics", (ANY,), (EVERYWHERE,)),
        ]
    )
    made = Decisions(ZONES, flows)
    both_ways = (EVERYWHERE, CARDS, masked)
    assert made.controls_beside_records("payments", "lonely") == both_ways
    assert made.controls_beside_records("lonely", "payments") == both_ways
    assert made.controls_beside_records("lonely", "lonely") == (EVERYWHERE,)
    assert made.controls_beside_records("payments", "payments") == ()
    assert made.controls_beside_records("nowhere", "payments") == ()


RING = (("payments", ("k",)),)
GUARD = Lineage("", add=False, ring=RING)


def test_once_any_flow_has_lineage_all_records_that_cross_are_looked_at() -> None:
    lined = Lineage("lined", key="k", ring=RING)
    flows = FlowTable(
        [
            Flow("lined", "payments", "analytics", (literal("lined"),), (lined,)),
            Flow("completed", "payments", "analytics", (literal("completed"),), (CARDS,)),
            Flow("plain", "analytics", "payments", (ANY,)),
            Flow("tried", "payments", "lonely", (ANY,), (replace(lined, dry_run=True),)),
            Flow("within", "payments", "payments", (literal("t"),), (CARDS,)),
        ]
    )
    made = Decisions(ZONES, flows)
    for _ in range(2):  # remembered, the second time
        assert made.enforced("payments", "analytics", "lined") == (lined,)
        assert made.enforced("payments", "analytics", "completed") == (CARDS, GUARD)
        assert made.enforced("analytics", "payments", "t") == (GUARD,)
        assert made.enforced("payments", "lonely", "t") == (replace(lined, dry_run=True), GUARD)
        assert made.enforced("payments", "payments", "t") == (CARDS, GUARD)
        assert made.enforced("payments", "payments", "u") == ()
    assert made.controls("payments", "analytics", "completed") == (CARDS,)
    assert made.enforced("payments", "analytics", "completed") is made.enforced("payments", "analytics", "completed")


def test_without_lineage_the_controls_are_all_that_is_done() -> None:
    made = decisions()
    assert made.enforced("payments", "analytics", "completed") is made.controls("payments", "analytics", "completed")
    assert Decisions(ZONES, FlowTable([])).enforced("payments", "analytics", "t") == ()
