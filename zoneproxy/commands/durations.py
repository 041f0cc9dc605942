"""Ends of grants as people write them on a command line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import typer

_DURATION = re.compile(r"([0-9]{1,5})([mhd])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def instant(written: str, now: float, option: str) -> str:
    """A moment in UTC as policies write it: from one with its zone, or from ``90m``, ``4h``, ``2d`` after ``now``.

    Raises typer.BadParameter, naming ``option``.
    """
    found = _read(written, now)
    if found is None or found.tzinfo is None:
        message = f"`{written}` is no moment; write it as in 2026-12-01T08:00:00Z, or how long: 90m, 4h, 2d"
        raise typer.BadParameter(message, param_hint=option)
    return found.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _read(written: str, now: float) -> datetime | None:
    if duration := _DURATION.fullmatch(written):
        return datetime.fromtimestamp(now, UTC) + timedelta(**{_UNITS[duration[2]]: int(duration[1])})
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None
