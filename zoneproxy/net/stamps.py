"""What tells one content of a file from another, without reading it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

Stamp = tuple[int, int, int]

MISSING: Stamp = (0, 0, 0)


def stamp(name: str) -> Stamp:
    """Of one file: a rename changes the inode, a rewrite time or size. MISSING if it cannot be looked at."""
    try:
        stat = Path(name).stat()
    except OSError:
        return MISSING
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def stamps(names: Iterable[str]) -> tuple[Stamp, ...]:
    """Of several."""
    return tuple(map(stamp, names))
