from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zoneproxy.detect.detector import Detector, NextSpan
from zoneproxy.detect.patterns import compile_pattern
from zoneproxy.detect.payment_card import PAYMENT_CARD
from zoneproxy.detect.phone import PHONE
from zoneproxy.detect.stretches import next_run, phone_numbers

PIECES = [*"0123456789", *" .()-/+x#e_a\u00e9,", ")---", "-- ", "1" * 6, "+1", "(20", " ext. 4", "4111", "-222", ". "]
TEXT = st.lists(st.sampled_from(PIECES), max_size=60).map("".join).map(str.encode)


def pattern_of(detector: Detector) -> NextSpan:
    return compile_pattern(detector.stretch, longest=True).next_span


def all_of(next_span: NextSpan, text: bytes, pos: int) -> Iterator[tuple[int, int]]:
    while pos <= len(text) and (span := next_span(text, pos)) is not None:
        yield span
        pos = span[1]


@pytest.mark.parametrize("detector", [PAYMENT_CARD, PHONE], ids=["PAYMENT_CARD", "PHONE"])
@settings(max_examples=300)
@given(text=TEXT, pos=st.integers(0, 20))
@example(text=b"4111-1111 1111.1111, +49 (0) 151 5214182x1 (303) 867-5309#2, 1 (303) 867-5309 1234567e", pos=0)
@example(text=b"9(663)---00.993150890()9.", pos=0)
@example(text=b"+1234567", pos=0)
@example(text=b"+(123 456 7890 123 456 7, +12.3.45", pos=0)
def test_the_same_stretches_are_found_as_with_the_pattern(detector, text, pos):
    by_pattern = pattern_of(detector)
    assert detector.quicker is not None
    assert list(all_of(detector.quicker(by_pattern), text, pos)) == list(all_of(by_pattern, text, pos))


def test_a_run_ends_with_a_digit():
    text = b"no 1234-5678.9012 - 3"
    assert next_run(text, 0) == (3, 17)
    assert next_run(text, 4) is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (b'"order 12345": 12, 2026-"05"', []),
        (b'"id": 4005550100, "a1234567"', []),
        (b'"+1 303 867 5309", +49151', []),
        (b"12 3456,4005550100 1 +1 303 867 5309 x1", [0, 8, 21]),
    ],
)
def test_the_pattern_is_asked_only_where_it_may_match_more(text, asked):
    by_pattern, begins = pattern_of(PHONE), []

    def ask(text: bytes, pos: int) -> tuple[int, int] | None:
        begins.append(pos)
        return by_pattern(text, pos)

    list(all_of(phone_numbers(ask), text, 0))
    assert begins == asked
