"""What a process used: CPU seconds and resident memory, its children included."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator


def cpu_seconds(pid: int) -> float:
    """User and system time so far."""
    total = 0.0
    for process in _family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def resident_kib(pid: int) -> float:
    """Resident memory now."""
    total = 0
    for process in _family(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.memory_info().rss
    return total / 1024


def _family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


@dataclass(slots=True)
class Used:
    """CPU and wall-clock seconds between two moments."""

    cpu: float = 0.0
    wall: float = 0.0


@contextlib.contextmanager
def watching(pid: int | None) -> Iterator[Used]:
    """Fills in what the process used while the block ran; nothing for None."""
    used = Used()
    before = cpu_seconds(pid) if pid else 0.0
    begun = time.monotonic()
    yield used
    used.wall = time.monotonic() - begun
    used.cpu = (cpu_seconds(pid) if pid else 0.0) - before
