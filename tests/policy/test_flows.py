from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.policy import naive
from zoneproxy.policy.acl import operations_in
from zoneproxy.policy.controls import Action, Detect, RedactField
from zoneproxy.policy.flows import Flow, FlowTable
from zoneproxy.policy.model import Operation
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind
from zoneproxy.policy.transforms import Transform, TransformKind

CARDS = Detect("cards", ("PAYMENT_CARD",), 0.6, Action.BLOCK)
EMAIL = RedactField("mail", "$.email", Transform(TransformKind.REMOVE))
COMPLETED = Pattern(PatternKind.LITERAL, "payments.completed")
PAYMENTS = Pattern(PatternKind.PREFIX, "payments.")

TABLE = FlowTable(
    [
        Flow("all", "payments", "analytics", (PAYMENTS,), (CARDS,)),
        Flow("within", "payments", "payments", (ANY,), (EMAIL,)),
        Flow("completed", "payments", "analytics", (COMPLETED, PAYMENTS), (EMAIL, CARDS)),
        Flow("scores", "analytics", "payments", (Pattern(PatternKind.LITERAL, "scores"),)),
    ]
)

INTO = {"WRITE", "CREATE", "ALTER", "ALTER_CONFIGS", "DELETE"}
OUT_OF = {"READ", "DESCRIBE_CONFIGS"}


def permitted(home: str, zone: str, topic: str) -> set[str]:
    return {operation.name for operation in operations_in(TABLE.permitted(home, zone, topic))}


def test_reads_go_from_the_listeners_zone_to_the_home_zone() -> None:
    assert permitted("analytics", "payments", "payments.completed") == OUT_OF | {"DESCRIBE"}


def test_writes_go_from_the_home_zone_to_the_listeners_zone() -> None:
    assert permitted("payments", "analytics", "payments.completed") == INTO | {"DESCRIBE"}
    assert permitted("analytics", "payments", "scores") == INTO | {"DESCRIBE"}
    assert permitted("payments", "analytics", "scores") == OUT_OF | {"DESCRIBE"}


def test_no_rule_no_crossing() -> None:
    assert permitted("analytics", "payments", "orders") == set()
    assert permitted("payments", "elsewhere", "payments.completed") == set()


def test_rules_of_both_directions_together() -> None:
    flows = [Flow(f"{a}{b}", a, b, (ANY,)) for a, b in (("x", "y"), ("y", "x"))]
    assert operations_in(FlowTable(flows).permitted("x", "y", "t")) >= {Operation.READ, Operation.WRITE}


def test_all_matching_rules_in_the_order_they_were_written_each_once() -> None:
    assert [flow.name for flow in TABLE.matching("payments", "analytics", "payments.completed")] == ["all", "completed"]
    assert TABLE.matching("payments", "analytics", "orders") == []


def test_controls_are_united() -> None:
    assert TABLE.controls("payments", "analytics", "payments.completed") == (CARDS, EMAIL)
    assert TABLE.controls("payments", "payments", "anything") == (EMAIL,)
    assert TABLE.controls("analytics", "payments", "scores") == ()
    assert TABLE.controls("analytics", "analytics", "scores") == ()


def test_topics_that_an_operation_may_reach() -> None:
    assert set(TABLE.patterns("analytics", "payments", Operation.READ)) == {PAYMENTS, COMPLETED}
    assert TABLE.patterns("analytics", "payments", Operation.WRITE) == [Pattern(PatternKind.LITERAL, "scores")]
    assert len(TABLE.patterns("analytics", "payments", Operation.DESCRIBE)) == 3
    assert TABLE.patterns("nobody", "payments", Operation.READ) == []


def test_zones_that_any_rule_joins() -> None:
    assert TABLE.connects("payments", "analytics")
    assert TABLE.connects("analytics", "payments")
    assert not TABLE.connects("payments", "elsewhere")


def test_a_rule_may_ask_for_a_better_connection() -> None:
    table = FlowTable(
        [
            Flow("any", "x", "y", (COMPLETED,)),
            Flow("new", "x", "y", (PAYMENTS,), (EMAIL,), min_tls="1.3"),
            Flow("back", "y", "z", (ANY,), min_tls="1.2"),
        ]
    )
    assert table.by_tls
    assert not TABLE.by_tls
    assert [bool(table.permitted("x", "y", "payments.x", tls)) for tls in ("", "1.2", "1.3")] == [False, False, True]
    assert table.permitted("x", "y", COMPLETED.name, "")
    assert table.controls("x", "y", COMPLETED.name) == (EMAIL,)
    assert table.patterns("x", "y", Operation.WRITE, "1.2") == [COMPLETED]
    assert len(table.patterns("x", "y", Operation.WRITE, "1.3")) == 2
    assert [table.connects("z", "y", tls) for tls in ("", "1.2", "1.3")] == [False, True, True]
    assert table.connects("x", "y")


ZONES = st.sampled_from(["x", "y", "z"])
FLOWS = st.lists(
    st.builds(
        lambda number, a, b, topics: Flow(
            f"f{number}", a, b, tuple(topics), (RedactField(f"f{number}", "$.a", EMAIL.transform),)
        ),
        st.integers(0, 10**6),
        ZONES,
        ZONES,
        st.lists(naive.PATTERNS, min_size=1, max_size=3),
    ),
    max_size=8,
    unique_by=lambda flow: flow.name,
)


@given(FLOWS, ZONES, ZONES, st.sampled_from(naive.NAMES))
def test_equal_to_asking_each_rule(flows: list[Flow], home: str, zone: str, topic: str) -> None:
    def match(a: str, b: str) -> list[Flow]:
        return [f for f in flows if (f.from_zone, f.to_zone) == (a, b) and any(p.matches(topic) for p in f.topics)]

    table = FlowTable(flows)
    assert table.matching(home, zone, topic) == match(home, zone)
    assert table.controls(home, zone, topic) == tuple(c for f in match(home, zone) for c in f.controls)
    expected = (INTO if match(home, zone) else set()) | (OUT_OF if match(zone, home) else set())
    found = {operation.name for operation in operations_in(table.permitted(home, zone, topic))}
    assert found == expected | ({"DESCRIBE"} if expected else set())


def test_the_controls_between_two_zones_are_those_of_all_rules_in_both_directions() -> None:
    one, other, third = (Detect(name, ("EMAIL",), 0.5, Action.BLOCK) for name in "abc")
    table = FlowTable(
        [
            Flow("a", "payments", "analytics", (PAYMENTS,), (one,)),
            Flow("b", "analytics", "payments", (COMPLETED,), (other, one)),
            Flow("c", "payments", "payments", (ANY,), (third,)),
        ]
    )
    assert table.between("payments", "analytics") == table.between("analytics", "payments") == (one, other)
    assert table.between("payments", "payments") == (third,)
    assert table.between("analytics", "analytics") == ()
