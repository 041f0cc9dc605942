"""A value while it is read."""

from __future__ import annotations

import pytest

from zoneproxy.formats.avro.scalars import StringType
from zoneproxy.formats.avro.walk import Walk
from zoneproxy.formats.document import DEFAULT_LIMITS, FormatLimits, Kind, Malformed
from zoneproxy.formats.lengths import OUTERMOST

WRITER = StringType()


def test_a_place_is_inside_of_the_length_that_is_open() -> None:
    walk = Walk(b"\x04abcd", DEFAULT_LIMITS)
    walk.leaf((), b"", Kind.TEXT, frozenset(), 0, 0, WRITER, None)
    before = walk.open(0, 1, 4)
    walk.open(1, 1, 2)
    walk.leaf((), b"", Kind.TEXT, frozenset(), 1, 2, WRITER, None)
    walk.close(before)
    walk.leaf((), b"", Kind.TEXT, frozenset(), 5, 5, WRITER, None)
    assert [place.inside for place in walk.places] == [OUTERMOST, 1, OUTERMOST]
    assert [length.inside for length in walk.lengths] == [OUTERMOST, 0]


def test_nothing_stands_behind_the_end() -> None:
    walk = Walk(b"abc", DEFAULT_LIMITS)
    assert walk.after(1, 2) == 3
    for size, reason in ((3, "truncated"), (-1, "length")):
        with pytest.raises(Malformed, match=reason):
            walk.after(1, size)
    with pytest.raises(Malformed, match="truncated"):
        walk.number(3)


def test_depth_is_counted_both_ways() -> None:
    walk = Walk(b"", FormatLimits(depth=1))
    walk.enter()
    walk.leave()
    walk.enter()
    with pytest.raises(Malformed, match="deep"):
        walk.enter()


def test_items_are_counted() -> None:
    walk = Walk(b"", FormatLimits(leaves=1))
    walk.item()
    with pytest.raises(Malformed, match="leaves"):
        walk.item()
