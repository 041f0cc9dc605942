"""Times as people write them on a command line."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Annotated

import typer

AtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME", help="When, as in 2026-12-01T08:00:00Z (no zone means UTC). [default: now]"),
]


def moment(written: str | None) -> float:
    """Seconds since the epoch. Raises typer.BadParameter for what is not a time of ISO 8601."""
    if written is None:
        return time.time()
    try:
        read = datetime.fromisoformat(written)
    except ValueError as error:
        message = f"`{written}` is not a time; write it as in 2026-12-01T08:00:00Z"
        raise typer.BadParameter(message, param_hint="--at") from error
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def told(seconds: float) -> str:
    """Seconds since the epoch, as people write them."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
