from __future__ import annotations

import pytest

from zoneproxy.formats.document import FormatLimits, Kind, Leaf, Malformed
from zoneproxy.formats.leaves import Leaves, kind_of, outermost
from zoneproxy.transform.splice import Edit


def test_leaves_are_gathered():
    leaves = Leaves(b"..", FormatLimits())
    assert [leaves.add((b"a",), b"x", Kind.TEXT), leaves.add((b"b", 0), b"1", Kind.NUMBER)] == [0, 1]
    assert leaves == [Leaf((b"a",), b"x", Kind.TEXT), Leaf((b"b", 0), b"1", Kind.NUMBER)]


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (FormatLimits(leaves=2), "leaves"),
        (FormatLimits(size=25), "large"),
        (FormatLimits(size=15), "large"),
    ],
)
def test_too_much_is_malformed(limits, reason):
    def gather():
        leaves = Leaves(b"x" * 10, limits)
        for _ in range(3):
            leaves.add((b"a",), b"x", Kind.TEXT)

    with pytest.raises(Malformed, match=reason):
        gather()


def test_a_large_value_is_not_even_read():
    with pytest.raises(Malformed, match="large"):
        Leaves(b"x" * 10, FormatLimits(size=9))


def test_depth():
    leaves = Leaves(b"", FormatLimits(depth=3))
    leaves.enter(3)
    with pytest.raises(Malformed, match="deep"):
        leaves.enter(4)


def test_containers_count_even_if_they_say_nothing():
    leaves = Leaves(b"", FormatLimits(leaves=2))
    leaves.enter(1)
    leaves.enter(1)
    with pytest.raises(Malformed, match="leaves"):
        leaves.enter(1)


def test_text_is_utf_8():
    assert kind_of(b"abc") is kind_of("é".encode()) is Kind.TEXT
    assert kind_of("é".encode("latin-1")) is Kind.BYTES


def test_edits_within_others_are_left_out():
    inner, outer, behind = Edit(2, 3, b"x"), Edit(1, 5, b""), Edit(5, 6, b"y")
    assert outermost([behind, inner, outer]) == [outer, behind]
    assert outermost([]) == []
    with pytest.raises(AssertionError):
        outermost([Edit(1, 5, b""), Edit(4, 6, b"")])


def test_names_may_have_to_be_unique():
    leaves, strict = Leaves(b"", FormatLimits()), Leaves(b"", FormatLimits(unique_names=True))
    for gathered in (leaves, strict):
        gathered.add_name((b"a",), b"a")
        gathered.add_name((b"b", b"a"), b"a")
    assert leaves.add_name((b"a",), b"a") == 2
    assert leaves[2].kind is Kind.NAME
    with pytest.raises(Malformed, match="duplicate"):
        strict.add_name((b"a",), b"a")
