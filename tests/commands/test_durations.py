from __future__ import annotations

import pytest
import typer

from zoneproxy.commands.durations import instant


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-12-01T08:00:00Z", "2026-12-01T08:00:00Z"),
        ("2026-12-01T08:00:00+02:00", "2026-12-01T06:00:00Z"),
        ("0m", "1970-01-01T00:00:00Z"),
        ("90m", "1970-01-01T01:30:00Z"),
        ("4h", "1970-01-01T04:00:00Z"),
        ("2d", "1970-01-03T00:00:00Z"),
    ],
)
def test_moments_and_durations(written: str, moment: str) -> None:
    assert instant(written, 0.0, "--until") == moment


@pytest.mark.parametrize("written", ["", "tomorrow", "2026-12-01", "2026-12-01T08:00:00", "4", "4w", "-1h", "1.5h"])
def test_what_is_neither(written: str) -> None:
    with pytest.raises(typer.BadParameter, match="how long: 90m"):
        instant(written, 0.0, "--until")
