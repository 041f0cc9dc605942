"""How fast RE2 goes over a text on this machine while all of its cores are busy, as they are while the proxy works.

A core that shares its units with a busy neighbour does half of what it does alone, and looking through records is bound
by just that: so one figure of a quiet machine would say little about both.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from zoneproxy.detect.patterns import compile_pattern

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ONE_PATTERN = rb"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}"
REFERENCE = 704.0  # MB/s of CPU time on the machine that the bars were set on
_BYTES = 32_000_000
_TIMES = 3


def pattern_speed(payload: Path) -> float:
    """MB/s of CPU time for one pattern that matches nowhere, over the records that are measured with."""
    text = payload.read_bytes()
    text *= max(1, _BYTES // len(text))
    pattern = compile_pattern(ONE_PATTERN)
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range((os.cpu_count() or 1) - 1)]
    try:
        return max(len(text) / 1e6 / _seconds(lambda: pattern.search(text)) for _ in range(_TIMES))
    finally:
        for each in busy:
            each.kill()
            each.wait()


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
