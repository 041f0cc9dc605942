from __future__ import annotations

import pytest

from zoneproxy.app import pattern_speed
from zoneproxy.app.pattern_speed import is_slow


@pytest.fixture(autouse=True)
def _measure_anew() -> None:
    is_slow.cache_clear()


def test_a_plain_pattern_is_taken() -> None:
    assert not is_slow("EMP-[0-9]{6}")


@pytest.mark.parametrize(("times", "slow"), [(24.9, False), (25.1, True)])
def test_it_is_a_ratio(monkeypatch: pytest.MonkeyPatch, times: float, slow: bool) -> None:
    """Whatever the machine: the clock is the test's."""
    readings = iter([0.0, times, 0.0, times, 0.0, times, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    monkeypatch.setattr(pattern_speed.time, "thread_time", lambda: next(readings))
    assert is_slow("EMP-[0-9]{6}") is slow


def test_the_fastest_way_through_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = iter([0.0, 900.0, 0.0, 1.0, 0.0, 900.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0])
    monkeypatch.setattr(pattern_speed.time, "thread_time", lambda: next(readings))
    assert not is_slow("EMP-[0-9]{6}")


def test_the_sample_is_the_same_everywhere() -> None:
    sample = pattern_speed._sample()
    assert sample == pattern_speed._sample.__wrapped__()
    assert 150_000 < len(sample) < 250_000
