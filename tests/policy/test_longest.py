"""The most exact pattern; asking each pattern in turn is the yardstick."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.policy.longest import LongestMatch
from zoneproxy.policy.patterns import ANY, Pattern, PatternKind

WORDS = st.text("ab.\U0001f600", max_size=5)
PATTERNS = st.one_of(
    st.just(ANY),
    st.builds(Pattern, st.just(PatternKind.LITERAL), WORDS),
    st.builds(Pattern, st.just(PatternKind.PREFIX), WORDS.filter(bool)),
)
NOTHING = Pattern(PatternKind.LITERAL, "nothing at all")


def prefix(name: str) -> Pattern:
    return Pattern(PatternKind.PREFIX, name)


def made(*patterns: Pattern) -> LongestMatch[Pattern]:
    return LongestMatch(((pattern, pattern) for pattern in patterns), NOTHING)


def test_literal_before_prefix_before_any() -> None:
    literal = Pattern(PatternKind.LITERAL, "orders")
    match = made(ANY, prefix("or"), prefix("order"), literal)

    assert match.of("orders") == literal
    assert match.of("orders-2") == prefix("order")
    assert match.of("orchids") == prefix("or")
    assert match.of("payments") == ANY


def test_what_nothing_matches() -> None:
    assert made().of("orders") == NOTHING
    assert made(prefix("p")).of("orders") == NOTHING
    assert made(prefix("orders.")).of("orders") == NOTHING


def test_a_longer_neighbour_leads_to_the_shorter_prefix_that_matches() -> None:
    match = made(prefix("a"), prefix("ab"), prefix("abc"), prefix("abcd"), prefix("b"))

    assert match.of("abce") == prefix("abc")
    assert match.of("abd") == prefix("ab")
    assert match.of("az") == prefix("a")
    assert match.of("abcde") == prefix("abcd")


@given(st.lists(PATTERNS, max_size=12), WORDS)
def test_as_if_each_pattern_were_asked(patterns: list[Pattern], name: str) -> None:
    matching = [pattern for pattern in patterns if pattern.matches(name)]
    exactness = {PatternKind.ANY: 0, PatternKind.PREFIX: 1, PatternKind.LITERAL: 2}
    expected = max(matching, key=lambda one: (exactness[one.kind], len(one.name)), default=NOTHING)

    assert made(*patterns).of(name) == expected
