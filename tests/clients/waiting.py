"""Waiting for what comes true sooner or later, with an end."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def until(wanted: Callable[[], object], describe: Callable[[], object] = lambda: "", seconds: float = 45) -> None:
    """Wait until ``wanted`` gives something true. Raises AssertionError with ``describe()`` when time is up."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while not wanted():
        assert time.monotonic() < end, f"not within {seconds} s: {describe()}"
        pause.wait(0.02)
