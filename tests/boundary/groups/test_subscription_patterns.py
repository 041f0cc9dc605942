from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zoneproxy.boundary.groups.subscription_patterns import ANYTHING, DEEPEST, LONGEST, MOST, literal_prefixes


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        ("open", "open"),
        ("^open.*", "open"),
        (r"open\..*", "open."),
        (r"^open\.a-b_C9\.x+", "open.a-b_C9.x"),
        ("open.", "open"),
        ("opens?", "open"),
        ("opens*", "open"),
        ("opens{0}", "open"),
        (r"open\.?x", "open"),
        ("opens+", "opens"),
        ("open[ab]", "open"),
        ("open[.]a[.].*", "open.a."),
        ("open[.]?a", "open"),
        ("open[.a]", "open"),
        ("open(a|b)", "open"),
        ("(open)", "open"),
        ("(^open[.].*)", "open."),
        ("(?:(^open))", "open"),
        (r"open\d", "open"),
        (r"open[^|(]x", "open"),
    ],
)
def test_what_a_pattern_surely_begins_with(pattern: str, prefix: str) -> None:
    assert literal_prefixes(pattern) == {prefix}


@pytest.mark.parametrize(
    ("pattern", "prefixes"),
    [
        ("(^one[.].*)|(^two[.].*)", {"one.", "two."}),
        ("one|two", {"one", "two"}),
        ("(one|(two|three))|four", {"one", "two", "three", "four"}),
        (r"one\|a|two", {"one", "two"}),
        ("one[|]a", {"one"}),
    ],
)
def test_alternatives_each_have_their_own(pattern: str, prefixes: set[str]) -> None:
    assert literal_prefixes(pattern) == prefixes


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "^",
        ".*",
        "*",
        "|",
        "open|",
        "open|.*",
        "(open)*",
        "(open)?x",
        "(open)(.*)",
        "(?i)open",
        "open(?i)",
        "(?P<name>open)",
        r"\Qopen|\E.*",
        "open[[:alpha:]|]",
        r"open[\]|]",
        "open[]|]",
        "open[^](]|.*",
        "open[^](?:]|.*",
        "open[^^]",
        "open[",
        "open\\",
        "é.*",
        "(",
        "(open",
        ")open",
        "()",
        "(" * 2000,
        "(" * 2000 + "a" + ")" * 1999,
        "a" * (LONGEST + 1),
        "|".join(f"a{n}" for n in range(MOST + 1)),
    ],
    ids=lambda pattern: pattern[:20],
)
def test_what_is_not_understood_may_begin_with_anything(pattern: str) -> None:
    assert literal_prefixes(pattern) == ANYTHING


def test_groups_around_groups_are_opened_as_deep_as_clients_nest_them() -> None:
    assert literal_prefixes("(" * DEEPEST + "open" + ")" * DEEPEST) == {"open"}
    assert literal_prefixes("(" * (DEEPEST + 1) + "open" + ")" * (DEEPEST + 1)) == ANYTHING


PIECES = ("a", "b", "-", r"\.", "[.]", ".", "a?", "b*", "a{0,1}", "b+", "[ab]", "(a|b)", "(?:ab)", "(", ")", "|", r"\d")


@settings(max_examples=300)
@given(st.lists(st.sampled_from((*PIECES, "^", "$")), max_size=6).map("".join), st.text("ab.-1", max_size=4))
def test_every_match_begins_so(pattern: str, name: str) -> None:
    try:
        found = re.fullmatch(pattern, name)
    except re.error:
        return
    if found:
        assert name.startswith(tuple(literal_prefixes(pattern)))
