from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.boundary.groups.subscription_patterns import literal_prefix


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        ("", ""),
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
        ("open|other", ""),
        ("open(a|b)", ""),
        ("(?i)open", ""),
        (r"\Qopen\E", ""),
        (r"open\d", "open"),
        (".*", ""),
        ("*", ""),
        ("é.*", ""),
    ],
)
def test_what_a_pattern_surely_begins_with(pattern: str, prefix: str) -> None:
    assert literal_prefix(pattern) == prefix


PIECES = ("a", "b", "-", r"\.", "[.]", ".", "a?", "b*", "a{0,1}", "b+", "[ab]", "(a|b)", "(ab)?", "|", r"\d", "^", "$")


@given(st.lists(st.sampled_from(PIECES), max_size=4).map("".join), st.text("ab.-1", max_size=4))
def test_every_match_begins_so(pattern: str, name: str) -> None:
    if re.fullmatch(pattern, name):
        assert name.startswith(literal_prefix(pattern))
