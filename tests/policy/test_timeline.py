from __future__ import annotations

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.policy.model import Grant
from zoneproxy.policy.timeline import Timeline


def grant(since: float, until: float) -> Grant:
    return Grant("r", since, until, "why", principal="alice")


def test_without_grants_there_is_one_piece() -> None:
    line = Timeline([])
    assert line.piece(5) == (-inf, inf)
    assert line.in_force(5) == ()
    assert line.moments() == (-inf,)


def test_grants_begin_at_their_first_moment_and_end_before_their_last() -> None:
    first, second = grant(-inf, 20), grant(10, 30)
    line = Timeline([first, second])
    assert [line.piece(now) for now in (9.9, 10, 19.9, 20, 30, 1e12)] == [
        (-inf, 10),
        (10, 20),
        (10, 20),
        (20, 30),
        (30, inf),
        (30, inf),
    ]
    assert [line.in_force(now) for now in (9.9, 10, 20, 30)] == [(first,), (first, second), (second,), ()]
    assert line.moments() == (-inf, 10, 20, 30)


TIMES = st.one_of(st.integers(-5, 5).map(float), st.just(-inf))
MOMENTS = st.one_of(TIMES, st.just(inf))


@given(st.lists(st.builds(grant, MOMENTS, MOMENTS), max_size=5), TIMES, TIMES)
def test_within_a_piece_nothing_changes(grants: list[Grant], one: float, other: float) -> None:
    line = Timeline(grants)
    since, until = line.piece(one)
    assert since <= one < until
    if since <= other < until:
        assert line.in_force(one) == line.in_force(other)
        assert line.piece(other) == (since, until)
    assert any(since == moment for moment in line.moments())
