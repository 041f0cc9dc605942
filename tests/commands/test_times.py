from __future__ import annotations

import time

import pytest
import typer

from zoneproxy.commands.times import moment, told


def test_times_are_utc_unless_they_say_otherwise() -> None:
    assert moment("2026-12-01T08:00:00Z") == moment("2026-12-01T08:00:00") == moment("2026-12-01T09:00:00+01:00")
    assert moment("1970-01-02") == 86_400


def test_no_time_is_now() -> None:
    before = time.time()
    assert before <= moment(None) <= time.time()


def test_what_is_no_time() -> None:
    with pytest.raises(typer.BadParameter, match="`tomorrow` is not a time"):
        moment("tomorrow")


def test_times_are_told_as_they_are_written() -> None:
    assert told(moment("2026-12-01T09:00:00+01:00")) == "2026-12-01T08:00:00Z"
