from __future__ import annotations

import pytest

from zoneproxy.errors import ZoneproxyError
from zoneproxy.formats.document import DEFAULT_LIMITS, CannotChange, FormatLimits, Kind, Leaf, Malformed


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ((), b""),
        ((b"card",), b"card"),
        ((b"orders", 0, b"card", b"number"), b"orders.card.number"),
        ((3, 4), b""),
    ],
)
def test_the_name_of_a_leaf_is_that_of_its_path(path, name):
    assert Leaf(path, b"4111", Kind.TEXT).name == name


def test_a_name_does_not_name_itself():
    assert Leaf((b"cards", b"4111"), b"4111", Kind.NAME).name == b"cards"


def test_of_long_names_the_end_is_told():
    assert Leaf((b"x" * 1_000_000, b"ssn"), b"", Kind.TEXT).name == b"x" * 116 + b".ssn"
    assert Leaf((b"a", b"y" * 200), b"", Kind.TEXT).name == b"y" * 120
    assert Leaf((b"a",) * 500, b"", Kind.TEXT).name == b".".join([b"a"] * 60)


def test_leaves_have_no_tags_unless_a_schema_says_so():
    assert Leaf((), b"", Kind.OTHER).tags == frozenset()


def test_errors_tell_of_no_data():
    error = Malformed("deep")
    assert error.reason == "deep"
    assert str(error) == "deep"
    assert isinstance(error, ZoneproxyError)
    assert isinstance(CannotChange(), ZoneproxyError)


def test_limits_are_values():
    assert FormatLimits() == DEFAULT_LIMITS
    assert DEFAULT_LIMITS.depth == 512
