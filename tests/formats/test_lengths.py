"""Edits within lengths within lengths."""

from __future__ import annotations

import pytest

from zoneproxy.formats.document import CannotChange
from zoneproxy.formats.lengths import OUTERMOST, Change, Length, spliced
from zoneproxy.formats.varints import unsigned
from zoneproxy.transform.splice import Edit

# [4: [2: ab] c]d
DATA = b"\x04\x02abcd"
LENGTHS = [Length(0, 1, 4, unsigned, OUTERMOST), Length(1, 2, 2, unsigned, 0)]


def change(start: int, end: int, text: bytes, inside: int, *, removal: bool = False) -> Change:
    return Change(Edit(start, end, text), inside, removal)


def test_nothing_changed_is_the_same() -> None:
    assert spliced(DATA, LENGTHS, []) == DATA


def test_every_length_around_an_edit_grows() -> None:
    assert spliced(DATA, LENGTHS, [change(2, 4, b"xyz", 1)]) == b"\x05\x03xyzcd"


def test_a_length_that_needs_another_byte_makes_those_around_it_longer_by_that() -> None:
    changed = spliced(DATA, LENGTHS, [change(2, 4, b"x" * 130, 1)])
    assert changed == unsigned(133) + unsigned(130) + b"x" * 130 + b"cd"


def test_an_edit_outside_leaves_the_lengths() -> None:
    assert spliced(DATA, LENGTHS, [change(5, 6, b"", OUTERMOST)]) == b"\x04\x02abc"


def test_edits_that_make_up_for_each_other_leave_the_length_around_them() -> None:
    changes = [change(4, 5, b"", 0), change(2, 3, b"xx", 1)]
    assert spliced(DATA, LENGTHS, changes) == b"\x04\x03xxbd"


def test_of_what_is_removed_nothing_else_needs_to_be_removed() -> None:
    changes = [change(1, 4, b"", 0, removal=True), change(2, 4, b"", 1, removal=True)]
    assert spliced(DATA, LENGTHS, changes) == b"\x01cd"


def test_two_removals_of_the_same_are_one() -> None:
    assert spliced(DATA, LENGTHS, [change(2, 4, b"", 1, removal=True)] * 2) == b"\x02\x00cd"


@pytest.mark.parametrize(
    ("outer", "inner"),
    [((2, 4, b"x"), (3, 4, b"y")), ((2, 4, b""), (2, 4, b"y")), ((1, 3, b""), (2, 4, b""))],
)
def test_what_cannot_both_be_done_is_not_done(outer: tuple[int, int, bytes], inner: tuple[int, int, bytes]) -> None:
    changes = [change(*outer, 1, removal=not outer[2]), change(*inner, 1, removal=not inner[2])]
    with pytest.raises(CannotChange):
        spliced(DATA, LENGTHS, changes)
