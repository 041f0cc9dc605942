from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from tests.policy import naive
from zoneproxy.policy.acl import CLUSTER_NAME, literal
from zoneproxy.policy.difference.atoms import Atom, atoms, hosts
from zoneproxy.policy.model import ResourceType
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind

TOPIC, GROUP = ResourceType.TOPIC, ResourceType.GROUP


def prefix(name: str) -> Pattern:
    return Pattern(PatternKind.PREFIX, name)


def told(kind: ResourceType, *patterns: Pattern) -> dict[str, str]:
    return {str(atom): atom.name for atom in atoms(kind, patterns)}


def test_one_name_out_of_each_set() -> None:
    assert told(TOPIC) == {"any other": "a"}
    assert told(TOPIC, ANY) == {"any other": "a"}
    assert told(TOPIC, literal("a"), prefix("b"), prefix("b.c"), literal("b"), literal("b.c.d")) == {
        "a": "a",
        "b": "b",
        "b.c.d": "b.c.d",
        "b*": "ba",
        "b.c*": "b.c",
        "any other": "c",
    }


def test_what_no_client_reaches_stands_for_nothing() -> None:
    assert told(TOPIC, prefix("__consumer_offsets"), prefix("."), literal("__transaction_state")) == {
        "__consumer_offsets*": "__consumer_offsetsa",
        ".*": ".a",
        "any other": "a",
    }
    assert told(GROUP, literal("__consumer_offsets"))["__consumer_offsets"] == "__consumer_offsets"


def test_a_set_may_be_empty() -> None:
    longest = "t" * 249
    assert list(told(TOPIC, prefix(longest), literal(longest))) == [longest, "any other"]
    every_character = [prefix(c) for c in string.ascii_letters + string.digits + "._-"]
    assert "any other" not in told(TOPIC, *every_character)
    assert told(GROUP, *every_character)["any other"] == "!"
    assert "a*" not in told(TOPIC, literal("a"), *(prefix(f"a{each.name}") for each in every_character), prefix("a"))


def test_there_is_one_cluster() -> None:
    assert atoms(ResourceType.CLUSTER, [ANY]) == (Atom(literal(CLUSTER_NAME), CLUSTER_NAME),)


@given(patterns=st.lists(naive.PATTERNS, max_size=6), name=st.text("abcd", min_size=1, max_size=4))
def test_every_name_is_in_a_set_with_one_that_the_same_patterns_match(patterns: list[Pattern], name: str) -> None:
    def matching(each: str) -> set[Pattern]:
        return {pattern for pattern in patterns if pattern.matches(each)}

    found = atoms(TOPIC, patterns)
    assert all(atom.pattern.matches(atom.name) for atom in found)
    alike = [atom for atom in found if atom.pattern.matches(name) and matching(atom.name) == matching(name)]
    assert alike
    assert len({atom.name for atom in found}) == len(found)


def test_addresses_and_one_that_nobody_names() -> None:
    assert hosts(["*"]) == ("192.0.2.1",)
    assert hosts(["10.0.0.1", "192.0.2.1", "*"]) == ("10.0.0.1", "192.0.2.1", "192.0.2.2")
