from __future__ import annotations

from zoneproxy.net.publishing.pace import Pace


def test_a_seconds_worth_at_once_and_then_as_many_as_time_goes_by() -> None:
    now = [100.0]
    pace = Pace(5, lambda: now[0])
    assert [pace.take() for _ in range(7)] == [True] * 5 + [False] * 2
    now[0] += 0.4
    assert [pace.take() for _ in range(3)] == [True, True, False]
    assert not pace.ready()
    now[0] += 0.2
    assert pace.ready()
    assert pace.ready()
    now[0] += 1000
    assert sum(pace.take() for _ in range(20)) == 5
