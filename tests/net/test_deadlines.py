from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from zoneproxy.net.deadlines import Deadlines
from zoneproxy.net.worker import Bounds

BOUNDS = Bounds(handshake=10, idle=600, stall=60, close=5)


def link(*, partial: bool = False, unsent: int = 0, writable: bool = True) -> Any:
    return SimpleNamespace(reader=SimpleNamespace(partial=partial), unsent=unsent, writable=writable)


QUIET = link()


def test_nothing_is_overdue_at_first() -> None:
    assert Deadlines(BOUNDS, 100.0).overdue(100.0, QUIET, None) is None


def test_a_first_request_that_has_begun_must_be_whole_in_time() -> None:
    deadlines = Deadlines(BOUNDS, 100.0)
    assert deadlines.overdue(110.0, link(partial=True), None) is None
    assert deadlines.overdue(110.1, link(partial=True), None) == "slow"
    deadlines.first = False
    assert deadlines.overdue(110.1, link(partial=True), None) is None


def test_bytes_from_either_side_are_activity() -> None:
    deadlines = Deadlines(BOUNDS, 0.0)
    deadlines.touched = True
    assert deadlines.overdue(600.5, QUIET, QUIET) is None
    assert deadlines.overdue(1200.5, QUIET, QUIET) is None
    assert deadlines.overdue(1200.6, QUIET, QUIET) == "idle"


def test_a_side_that_takes_nothing_is_stalled() -> None:
    deadlines = Deadlines(BOUNDS, 0.0)
    full = link(unsent=5_000_000, writable=False)
    assert deadlines.overdue(1.0, full, QUIET) is None
    assert deadlines.overdue(61.0, full, QUIET) is None
    assert deadlines.overdue(61.1, full, QUIET) == "stalled"
    assert deadlines.overdue(61.1, QUIET, full) == "stalled"


def test_a_side_that_takes_a_little_is_not() -> None:
    deadlines = Deadlines(BOUNDS, 0.0)
    for minute in range(1, 9):
        slow = link(unsent=5_000_000 - minute, writable=False)
        assert deadlines.overdue(60.0 * minute, QUIET, slow) is None


def test_what_waits_below_the_mark_is_no_stall() -> None:
    deadlines = Deadlines(BOUNDS, 0.0)
    assert deadlines.overdue(1.0, link(unsent=100), None) is None
    assert deadlines.overdue(100.0, link(unsent=100), None) is None


def test_closing_has_a_deadline_of_its_own() -> None:
    deadlines = Deadlines(BOUNDS, 0.0)
    deadlines.close(1000.0)
    assert deadlines.closing
    assert deadlines.overdue(1005.0, QUIET, None) is None
    assert deadlines.overdue(1005.1, QUIET, None) == "close"
