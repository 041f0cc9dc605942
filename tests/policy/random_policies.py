"""Small policies of every shape, for properties that must hold for all of them.

Few names, so that rules meet; two zones that flows may join and one that they may not; groups, grants, denials.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.policy import naive
from zoneproxy.policy.acl import CLUSTER_NAME
from zoneproxy.policy.controls import Action, Detect, RedactField
from zoneproxy.policy.derivation import Derivation
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.flows import Flow
from zoneproxy.policy.model import UNRESTRICTED, Grant, Group, Operation, Principal, ResourceType, Zone
from zoneproxy.policy.snapshot import Policy
from zoneproxy.policy.transforms import Transform, TransformKind

ZONES = tuple(Zone(name, "internal", 1, "o", f"{name}-kafka", "1.3") for name in ("one", "two", "three"))
NAMES = ("a", "ab", "abc", "b", "__consumer_offsets")
ROLES = ("r1", "r2", "r3")
CONTROLS = (
    Detect("f", ("EMAIL",), 0.5, Action.BLOCK),
    RedactField("f", "$.a", Transform(TransformKind.HASH, key="k")),
)
WHO = ("alice", "x-carol")
START, END = 1000.0, 2000.0


def roles() -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from((*ROLES, UNRESTRICTED)), max_size=2)


@st.composite
def principals(draw: st.DrawFn, name: str) -> Principal:
    return Principal(name, draw(st.sampled_from(ZONES)).name, draw(roles()))


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
    granted, holder = draw(st.sampled_from((*ROLES, UNRESTRICTED))), draw(st.sampled_from(WHO))
    return Policy(
        zones=ZONES,
        principals=tuple((draw(principals(name)), ()) for name in ("alice", "bob")),
        roles={role: tuple(draw(st.lists(naive.rules(), max_size=4))) for role in ROLES},
        flows=tuple(draw(flows(f"flow {number}")) for number in range(draw(st.integers(0, 3)))),
        identities=((Derivation("made", draw(st.sampled_from(ZONES)).name, "x-", "sub", roles=draw(roles())), ()),),
        groups=(
            Group("g", draw(roles()), draw(st.sampled_from((None, "one")))),
            Group("h", draw(roles())),
        )[: draw(st.integers(0, 2))],
        members={"bob": frozenset({"g"})} if draw(st.booleans()) else {},
        grants=(
            Grant(granted, START, END, "why", principal=holder),
            Grant(draw(st.sampled_from(ROLES)), START, END, "why", group="g"),
        )[: draw(st.integers(0, 2))],
    )


@st.composite
def questions(draw: st.DrawFn) -> Question:
    resource = draw(st.sampled_from(ResourceType))
    return Question(
        principal=draw(st.sampled_from(("alice", "bob", "nobody", "x-carol", "x-dave"))),
        zone=draw(st.sampled_from(("one", "two", "three", "four"))),
        operation=draw(st.sampled_from(Operation)),
        resource=resource,
        name=CLUSTER_NAME if resource is ResourceType.CLUSTER else draw(st.sampled_from(NAMES)),
        host=draw(st.sampled_from((*naive.HOSTS, "10.0.0.9"))),
        groups=draw(st.frozensets(st.sampled_from(("g", "h", "unknown")), max_size=3)),
        tls=draw(st.sampled_from(("", "1.2", "1.3"))),
    )
