"""Looks at the policy files every few seconds, and has them read again when they have changed.

By looking, not by being told (inotify): that also works over network file systems and with Kubernetes, which replaces a
whole folder by moving one symbolic link.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from zoneproxy.app.files import POLICY_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

SETTLING_LOOKS = 5
"""A change is taken when it has stayed the same from one look to the next, or after so many looks in any case."""

Fingerprint = tuple[tuple[str, int, int, int], ...]


def fingerprint(directory: Path) -> Fingerprint:
    """What tells one state of the policy files from another: names, times, sizes, inodes. Reads no content."""
    found = []
    try:
        for path in directory.iterdir():
            if path.suffix in POLICY_SUFFIXES and path.name[0] != ".":
                status = path.stat()
                found.append((path.name, status.st_mtime_ns, status.st_size, status.st_ino))
    except OSError:
        return ()  # reading them will say what is wrong
    return tuple(sorted(found))


async def watch(
    look: Callable[[], Fingerprint],
    seen: Callable[[], Fingerprint],
    changed: Callable[[], Awaitable[object]],
    seconds: float,
) -> None:
    """Call ``changed`` whenever ``look`` gives something other than ``seen``; looks every ``seconds``, in a thread."""
    while True:
        await asyncio.sleep(seconds)
        found = await asyncio.to_thread(look)
        if found != seen():
            await _settle(look, found, seconds)
            await changed()


async def _settle(look: Callable[[], Fingerprint], found: Fingerprint, seconds: float) -> None:
    """Somebody may still be writing: several files, or an editor its one file in parts."""
    for _ in range(SETTLING_LOOKS):
        await asyncio.sleep(seconds)
        before, found = found, await asyncio.to_thread(look)
        if found == before:
            return
