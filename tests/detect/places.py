"""What stage 1 points at."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from zoneproxy.detect.stage_one import Place


class Points(Protocol):
    """Stage 1, or a scanner in front of it."""

    def next_place(self, payload: bytes, pos: int) -> Place | None: ...


def places(scanner: Points, payload: bytes) -> Iterator[Place]:
    """All places in ``payload``."""
    place = scanner.next_place(payload, 0)
    while place is not None:
        yield place
        place = scanner.next_place(payload, place.at + 1)
