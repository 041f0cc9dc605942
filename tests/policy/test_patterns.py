from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.policy.patterns import ANY, Pattern, PatternKind, PatternMap

WORDS = st.text("ab.", max_size=4)
PATTERNS = st.one_of(
    st.just(ANY),
    st.builds(Pattern, st.just(PatternKind.LITERAL), WORDS),
    st.builds(Pattern, st.just(PatternKind.PREFIX), WORDS.filter(bool)),
)
LITERAL_A = Pattern(PatternKind.LITERAL, "a")
PREFIX_A = Pattern(PatternKind.PREFIX, "a")


def numbered(patterns: list[Pattern]) -> PatternMap[list[int]]:
    table: PatternMap[list[int]] = PatternMap()
    for number, pattern in enumerate(patterns):
        table.at(pattern, list).append(number)
    return table


def test_the_three_kinds() -> None:
    assert LITERAL_A.matches("a")
    assert not LITERAL_A.matches("ab")
    assert PREFIX_A.matches("ab")
    assert not PREFIX_A.matches("ba")
    assert ANY.matches("")
    assert ANY.matches("anything")


def test_what_two_patterns_have_in_common() -> None:
    prefix_ab = Pattern(PatternKind.PREFIX, "ab")
    assert PREFIX_A.intersect(prefix_ab) == prefix_ab == prefix_ab.intersect(PREFIX_A)
    assert PREFIX_A.intersect(LITERAL_A) == LITERAL_A == LITERAL_A.intersect(ANY)
    assert ANY.intersect(ANY) == ANY
    assert LITERAL_A.intersect(Pattern(PatternKind.LITERAL, "b")) is None
    assert prefix_ab.intersect(LITERAL_A) is None


@given(PATTERNS, PATTERNS, WORDS)
def test_a_name_in_the_intersection_is_a_name_in_both(one: Pattern, other: Pattern, name: str) -> None:
    common = one.intersect(other)
    assert (common is not None and common.matches(name)) == (one.matches(name) and other.matches(name))


@given(st.lists(PATTERNS, max_size=8), WORDS)
def test_a_map_finds_what_asking_each_pattern_finds(patterns: list[Pattern], name: str) -> None:
    found = sorted(number for numbers in numbered(patterns).matching(name) for number in numbers)
    assert found == [number for number, pattern in enumerate(patterns) if pattern.matches(name)]


@given(st.lists(PATTERNS, max_size=8), PATTERNS)
def test_what_covers_a_pattern_matches_all_of_its_names(patterns: list[Pattern], inner: Pattern) -> None:
    covering = {number for numbers in numbered(patterns).covering(inner) for number in numbers}
    for number, pattern in enumerate(patterns):
        assert (number in covering) == (pattern.intersect(inner) == inner)


@given(st.lists(PATTERNS, max_size=8))
def test_all_items_are_listed_once(patterns: list[Pattern]) -> None:
    table = numbered(patterns)
    items = dict(table.items())
    assert set(items) == set(patterns)
    assert sorted(number for numbers in items.values() for number in numbers) == list(range(len(patterns)))
