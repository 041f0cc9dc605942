from __future__ import annotations

import pytest

from zoneproxy.detect.detector import WINDOW
from zoneproxy.detect.patterns import compile_pattern
from zoneproxy.detect.runs import RUN, begins, parts

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


def test_numbers_begin_with_the_run_and_behind_separators():
    assert begins(b'"4111111111111111"', 12) == (1,)
    assert begins(b"x-12 4111-111111111111,", 12) == [2, 5, 10]
    assert begins(b"x12345", 12) == ()
    assert begins(b"", 12) == ()


def test_parts_begin_behind_what_may_be_a_length():
    assert parts(b"x2411111111111111", 12) == [(2, 2 + 25), (3, 3 + 26)]
    assert parts(b"5.411111111111111", 12) == [(2, 2 + 23), (3, 3 + 26)]
    assert parts(b"x7711111111111111", 12) == []
    assert parts(b"\x907711111111111111", 12) == [(2, 17)]
    assert parts(b"x2411", 12) == []


def test_what_is_too_long_to_tell():
    run = b"1" * WINDOW
    assert begins(run, 12) is None
    assert parts(run, 12) is None
