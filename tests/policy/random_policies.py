"""Small policies of every shape, for properties that must hold for all of them.

Few names, so that rules meet; two zones that flows may join and one that they may not; groups, grants, denials.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.policy import naive
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.flows import Flow
from zoneproxy.policy.model import (
    UNRESTRICTED,
    Action,
    Detect,
    Grant,
    Group,
    Operation,
    Principal,
    RedactField,
    ResourceType,
    Transform,
    TransformKind,
    Zone,
)
from zoneproxy.policy.snapshot import Policy

ZONES = tuple(Zone(name, "internal", 1, "o", f"{name}-kafka", "1.3") for name in ("one", "two", "three"))
NAMES = ("a", "ab", "abc", "b", "__consumer_offsets")
ROLES = ("r1", "r2", "r3")
CONTROLS = (
    Detect("f", ("EMAIL",), 0.5, Action.BLOCK),
    RedactField("f", "$.a", Transform(TransformKind.HASH, key="k")),
)
START, END = 1000.0, 2000.0


@st.composite
def principals(draw: st.DrawFn, name: str) -> Principal:
    roles = draw(st.frozensets(st.sampled_from((*ROLES, UNRESTRICTED)), max_size=2))
    return Principal(name, draw(st.sampled_from(ZONES)).name, roles)


@st.composite
def flows(draw: st.DrawFn, name: str) -> Flow:
    return Flow(
        name,
        draw(st.sampled_from(("one", "two"))),
        draw(st.sampled_from(("one", "two"))),
        tuple(draw(st.lists(naive.PATTERNS, min_size=1, max_size=2))),
        tuple(draw(st.lists(st.sampled_from(CONTROLS), max_size=2, unique=True))),
        min_tls=draw(st.sampled_from(("", "", "1.3"))),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    return Policy(
        zones=ZONES,
        principals=tuple((draw(principals(name)), ()) for name in ("alice", "bob")),
        roles={role: tuple(draw(st.lists(naive.rules(), max_size=4))) for role in ROLES},
        flows=tuple(draw(flows(f"flow {number}")) for number in range(draw(st.integers(0, 3)))),
        groups=(Group("g", frozenset({draw(st.sampled_from(ROLES))}), draw(st.sampled_from((None, "one")))),),
        members={"bob": frozenset({"g"})} if draw(st.booleans()) else {},
        grants=(
            Grant(draw(st.sampled_from((*ROLES, UNRESTRICTED))), START, END, "why", principal="alice"),
            Grant(draw(st.sampled_from(ROLES)), START, END, "why", group="g"),
        )[: draw(st.integers(0, 2))],
    )


def questions() -> st.SearchStrategy[Question]:
    return st.builds(
        Question,
        principal=st.sampled_from(("alice", "bob", "nobody")),
        zone=st.sampled_from(("one", "two", "three", "four")),
        operation=st.sampled_from(Operation),
        resource=st.sampled_from(ResourceType),
        name=st.sampled_from(NAMES),
        host=st.sampled_from((*naive.HOSTS, "10.0.0.9")),
        groups=st.sampled_from((frozenset(), frozenset({"g"}), frozenset({"unknown"}))),
        tls=st.sampled_from(("", "1.2", "1.3")),
    )
