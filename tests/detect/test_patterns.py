from __future__ import annotations

import pytest

from zoneproxy.detect.patterns import LARGE, PatternSet, compile_pattern

PATTERN = compile_pattern(b"[0-9]{3}", b"a(b|c)+\xff")


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_alternatives_over_any_buffer(kind):
    text = kind(b"x\n123 abcb\xff 12")
    assert [(match.start(), match.end()) for match in PATTERN.finditer(text)] == [(2, 5), (6, 11)]
    match = PATTERN.search(text, 3)
    assert match
    assert match.start() == 6
    assert PATTERN.search(text, 7) is None


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_the_fast_ways_say_the_same(kind):
    text = kind(b"x\n123 abcb\xff 12")
    for pos in range(len(text) + 1):
        match = PATTERN.search(text, pos)
        assert PATTERN.next_span(text, pos) == (match and (match.start(), match.end()))
        assert PATTERN.next_start(text, pos) == (match.start() if match else -1)
        assert PATTERN.matches_at(text, pos) == (PATTERN.match(text, pos) is not None)


def test_which_patterns_match():
    patterns = PatternSet([b"a+", b"b+", b"[0-9]$"])
    assert sorted(patterns.matching(b"xbay")) == [0, 1]
    assert list(patterns.matching(b"")) == []
    assert list(patterns.matching(b"7")) == [2]


def test_which_patterns_match_in_a_large_text():
    patterns = PatternSet([b"a+", b"^b+", b"[0-9]$", b"c"])
    assert sorted(patterns.matching(b"bxa" + b"." * LARGE + b"7")) == [0, 1, 2]
    assert sorted(PatternSet([b"a", b"b"], at_start=True).matching(b"b" + b"a" * LARGE)) == [1]


def test_time_is_linear_in_the_text():
    """A backtracking engine would not come back from this."""
    nested = compile_pattern(rb"(?:a*)*b")
    assert nested.search(b"a" * 100_000) is None
