"""Tags beside a schema."""

from __future__ import annotations

import pytest

from zoneproxy.formats.schema import InvalidSchema
from zoneproxy.formats.tags import MAX_COMPARED, NO_PATTERNS, TagPatterns, matches, tags_of


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("a.User.ssn", "a.User.ssn", True),
        ("a.User.ssn", "a.User.ssn2", False),
        ("**.ssn", "a.b.User.ssn", True),
        ("*.ssn", "User.ssn", True),
        ("*.ssn", "a.User.ssn", False),
        ("a.*.ssn", "a.User.ssn", True),
        ("a.**", "a.User.ssn", True),
        ("**", "a", True),
        ("User.s?n", "User.ssn", True),
        ("User?ssn", "User.ssn", False),
        ("User.*n", "User.ssn", True),
        ("User.*n", "User.", False),
        ("", "", True),
        ("", "a", False),
    ],
)
def test_stars_stay_within_a_part_of_a_name_or_do_not(pattern: str, name: str, fits: bool) -> None:
    assert matches(pattern, name) is fits


def test_a_pattern_that_makes_others_try_everything_does_not() -> None:
    assert not matches("*a" * 50 + "!", "a" * 500)  # C(500, 50) ways, a number of 70 digits


def test_tags_of_all_patterns_that_fit_come_together() -> None:
    patterns = TagPatterns({"**.ssn": ["PII"], "User.*": ["private"], "**.card": ["PCI"]})
    assert patterns.of("User.ssn") == {"PII", "PRIVATE"}
    assert patterns.of("Order.id") == frozenset()
    assert NO_PATTERNS.of("User.ssn") == frozenset()


def test_tags_are_in_upper_case() -> None:
    assert tags_of(["pii", "Pci"]) == {"PII", "PCI"}


def test_there_is_an_end_to_comparing() -> None:
    patterns = TagPatterns({"*" * 99: ["X"]})
    for _ in range(MAX_COMPARED // (100 * 1000)):
        patterns.of("a" * 999)
    with pytest.raises(InvalidSchema, match="tags"):
        patterns.of("a")


def test_absurd_lengths_are_refused() -> None:
    with pytest.raises(InvalidSchema, match="tags"):
        TagPatterns({"*" * 1000: []})
    with pytest.raises(InvalidSchema, match="tags"):
        TagPatterns({"*": []}).of("a" * 2000)
