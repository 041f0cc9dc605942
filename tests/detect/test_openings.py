from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.detect.packs.samples import samples_of
from zoneproxy.detect import openings as module
from zoneproxy.detect.catalogue import DETECTORS
from zoneproxy.detect.openings import DEPTH, Openings, openings
from zoneproxy.detect.patterns import compile_pattern

ANYTHING = {()}
SHAPES = sorted({shape for detector in DETECTORS.values() for shape in detector.shapes})
ALL_OPENINGS = Openings(SHAPES)


def begins(pattern: bytes) -> list[list[bytes]]:
    """How it may begin, with the bytes written out."""
    return sorted([bytes(b for b in range(256) if each >> b & 1) for each in opening] for opening in openings(pattern))


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (b"ab", [[b"a", b"b"]]),
        (b"a|bc", [[b"a"], [b"b", b"c"]]),
        (b"[a-c]\\.", [[b"abc", b"."]]),
        (b"(?i:a)b", [[b"Aa", b"b"]]),
        (b"(?i:(?:a|b))c", [[b"Aa", b"c"], [b"Bb", b"c"]]),
        (b"(a)\\x41", [[b"a", b"A"]]),
        (b"a?b", [[b"a", b"b"], [b"b"]]),
        (b"a??b", [[b"a", b"b"], [b"b"]]),
        (b"a{2}b", [[b"a", b"a", b"b"]]),
        (b"a{1,2}b", [[b"a", b"a", b"b"], [b"a", b"b"]]),
        (b"^\\ba$", [[b"a"]]),
        (b"a{99}", [[b"a"] * DEPTH]),
        (b"(?:a?){99}", [[b"a"] * count for count in range(DEPTH + 1)]),
        (b"a+b", sorted([[b"a"] * DEPTH, *([b"a"] * count + [b"b"] for count in range(1, DEPTH))])),
        (b"a{4,}b", [[b"a"] * 4 + [b"b"], [b"a"] * 5 + [b"b"], [b"a"] * 6]),
        (b"[[:digit:]][]a]\\d", [[b"0123456789", b"]a", b"0123456789"]]),
    ],
)
def test_how_a_pattern_begins(pattern, expected):
    assert begins(pattern) == sorted(expected)


@pytest.mark.parametrize(
    "pattern", [b"(?s)a", b"(?:a", b"a)", b"a{,3}b", b"\\Qa\\E", b"\\pLa", b"*", b"(?P<n>a)", b"\\Ca"]
)
def test_what_is_not_understood_may_be_anything(pattern):
    assert openings(pattern) == ANYTHING


def test_all_shapes_of_the_catalogue_are_understood():
    assert not [shape for shape in SHAPES if openings(shape) & ANYTHING]


@pytest.mark.parametrize("type_", DETECTORS)
def test_no_sample_is_excluded(type_):
    for shape in DETECTORS[type_].shapes:
        pattern, found = compile_pattern(shape), Openings([shape])
        for sample in samples_of(type_):
            for before in ("", '"', " ", "x", "\x80"):
                text = (before + sample).encode("latin-1", errors="ignore")
                assert not any(found.exclude(text[match.start() :]) for match in pattern.finditer(text))


@given(st.sampled_from(SHAPES).flatmap(lambda shape: st.tuples(st.just(shape), st.from_regex(re.compile(shape)))))
def test_no_match_of_a_shape_is_excluded(made):
    shape, text = made
    span = compile_pattern(shape).next_span(text)
    assert span is None or not Openings([shape]).exclude(text[span[0] :])


def test_several_patterns():
    found = Openings([b"ab", b"[0-9]{3}x"])
    assert not any(map(found.exclude, (b"ab", b"abc", b"123x", b"1", b"")))
    assert all(map(found.exclude, (b"ac", b"b", b"123y", b"12a", b"x")))
    assert Openings([]).exclude(b"")
    assert not Openings([b"ab", b""]).exclude(b"x")


def test_which_patterns_are_left():
    found = Openings([b"abc", b"abd", b"[0-9]", b"1|"])
    assert found.kinds(b"x") == [3]
    assert found.kinds(b"a") == [0, 1, 3]
    assert found.kinds(b"abc") == [0, 3]
    assert found.kinds(b"12") == [2, 3]
    assert Openings([b"abc", b"abd"]).kinds(b"abd") == [1]
    assert Openings([b"abc", b"abd"]).kinds(b"x") == []
    assert Openings([b"abc", b"x"]).kinds(b"axx") == [0]  # which it does not match: the other one does even less


@given(st.sampled_from(SHAPES).flatmap(lambda shape: st.tuples(st.just(shape), st.from_regex(re.compile(shape)))))
def test_what_matches_is_left(made):
    shape, text = made
    span = compile_pattern(shape).next_span(text)
    assert span is None or SHAPES.index(shape) in ALL_OPENINGS.kinds(text[span[0] :])


def test_too_many_are_put_together(monkeypatch):
    monkeypatch.setattr(module, "_MOST", 2)
    openings.cache_clear()
    assert begins(b"ab|cd|e") == [[b"ac", b"bd"], [b"e"]]
    openings.cache_clear()


def test_where_there_are_too_many_states_nothing_is_excluded(monkeypatch):
    monkeypatch.setattr(module, "MAX_STATES", 3)
    found = Openings([b"abc"])
    assert not found.exclude(b"axx")
    assert found.exclude(b"xbc")
