from __future__ import annotations

import pytest

from zoneproxy.detect.detector import WINDOW, Number
from zoneproxy.detect.patterns import compile_pattern
from zoneproxy.detect.runs import RUN, is_within, look, may_end

PATTERN = compile_pattern(RUN)


@pytest.mark.parametrize(
    "text",
    [
        *(b"500000000000", b"4000000000000", b"18000000000000", b"97000000000000"),
        *(b"1 630407400599", b"2026-01-02 4111", b"1 2 3 4 5 6 7 8 9 0 1 2", b"\x8017000000000000", b"5.630407400599"),
    ],
)
@pytest.mark.parametrize("before", [b"", b"x", b"x-", b"x ", b"x.", b"\x80"])
def test_long_runs_are_pointed_at_once(text, before):
    starts = [match.start() for match in PATTERN.finditer(before + text + b"x")]
    assert len(starts) == 1
    assert len(before) - 2 <= starts[0] <= len(before)


@pytest.mark.parametrize("text", [b"1790000000000", b"9783161484100", b"17900000000", b"2026-01-02T10:20", b"12.34567"])
def test_times_and_short_runs_are_passed_over(text):
    assert not PATTERN.search(b'":' + text + b",")


def asked(window: bytes) -> list[tuple[int, int]]:
    """Where numbers may begin, and end, and whether that is all."""
    places: list[tuple[int, int]] = []
    assert look(window, [Number(12, lambda _window, begin, end: bool(places.append((begin, end))))]) is None
    return places


def test_numbers_begin_with_the_run_and_behind_separators():
    assert asked(b'"9111111111111111"') == [(1, 17)]
    assert asked(b"x-17 9111-111111111111,") == [(2, 22), (5, 22), (10, 22), (5, 21)]
    assert asked(b"x12345") == []
    assert asked(b"") == []


def test_parts_begin_behind_what_may_be_a_length():
    assert asked(b"x2411111111111111") == [(1, 17), (2, 17), (3, 17)]
    assert asked(b"5.411111111111111") == [(0, 17), (2, 17), (3, 17)]
    assert asked(b"x7711111111111111") == [(1, 17)]
    assert asked(b"\x907711111111111111") == [(1, 17), (2, 17)]


def test_what_a_run_may_be():
    at_first = Number(12, lambda _window, begin, _end: begin == 1)
    inside = Number(12, lambda _window, begin, _end: begin == 2)
    window = b"x2411111111111111"
    assert look(window, [inside, at_first]) is False
    assert look(window, [inside]) is True
    assert look(window, []) is None
    others = [Number(12, at_first.begins, first=b"13"), Number(12, inside.begins, first=b"1")]
    assert look(window, others) is None
    assert look(b"1" * WINDOW, []) is False
    behind_a_blank = Number(12, lambda _window, begin, _end: begin == 4)
    assert look(b"x17 4111111111111", [behind_a_blank]) is False


@pytest.mark.parametrize(
    "text", [b"x411111111111111", b"\x90711111111111111", b"5.411111111111111", b"x-411111111111111"]
)
def test_runs_are_not_within_one(text):
    window = text[PATTERN.search(text).start() :]
    assert not is_within(window)
    assert is_within(text[2:].lstrip(b".-"))


def test_a_number_goes_on_with_any_digit_but_a_length():
    for window, may in ((b"17", False), (b"18", True), (b"1 ", True), (b"1.", True), (b"1-", True), (b"1", True)):
        assert may_end(window, 1, len(window)) is may
    assert may_end(b"17", 1, 1)
