"""Stage 1: candidates in a whole decompressed batch, record framing and all.

One pattern of all shapes runs over the batch. Mostly it stops nowhere; where it does, the detectors whose shapes match
there take a closer look, which refutes most look-alikes (order numbers, hexadecimal ids) in a few microseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import groupby
from typing import NamedTuple

from zoneproxy.detect import escapes
from zoneproxy.detect.detector import WINDOW, Detector, always
from zoneproxy.detect.patterns import Pattern, PatternSet, compile_pattern
from zoneproxy.wire.buffer import Buffer


class Place(NamedTuple):
    """Where there may be something. ``joined``: only if a key, value or header begins right there."""

    at: int
    joined: bool


class Suspicion(NamedTuple):
    """There may be something in a payload.

    ``first`` is the first place that is suspicious wherever in a value it stands, None if there is none. ``places``
    are all of them in order, None if they are too many to be listed.
    """

    first: int | None
    places: tuple[Place, ...] | None


FEW = 8  # detectors; with more, one pattern for numbers of all kinds has too many states, and two passes are faster
MAX_PLACES = 128  # of one payload; with more, looking at each costs as much as looking at everything


class StageOne:
    """The shapes of some detectors."""

    def __init__(self, detectors: Sequence[Detector]) -> None:
        joined = list(dict.fromkeys(detector.joined for detector in detectors if detector.joined))
        shapes = [*(detector.shape for detector in detectors), escapes.SHAPE]
        self._shapes = compile_pattern(*dict.fromkeys(shapes))
        if len(detectors) > FEW and joined:
            self._passes: tuple[Pattern, ...] = (self._shapes, compile_pattern(*joined))
        else:
            self._passes = (compile_pattern(*shapes, *joined),)
        self._which = PatternSet([*shapes, *joined], at_start=True)
        self._closer = [*(detector.may_be for detector in detectors), always]
        self._first_joined = len(shapes)

    def suspicion(self, payload: Buffer) -> Suspicion | None:
        """None: nothing is in ``payload``."""
        first: int | None = None
        places: list[Place] = []
        for start in self._starts(payload):
            kinds = self._kinds(payload, start)
            if kinds is None and first is None:
                first = start
            if kinds is None or any(kind >= self._first_joined for kind in kinds):
                places.append(Place(start, kinds is not None))
                if len(places) > MAX_PLACES:
                    return Suspicion(self.next(payload, start) if first is None else first, None)
        return Suspicion(first, tuple(places)) if places else None

    def _starts(self, payload: Buffer) -> Iterator[int]:
        """Where anything matches, in order."""
        starts = [_starts_of(pattern, payload) for pattern in self._passes]
        return starts[0] if len(starts) == 1 else (start for start, _ in groupby(merge(*starts)))

    def next(self, payload: Buffer, pos: int) -> int | None:
        """Where the next thing begins, from ``pos`` on, that is suspicious wherever in a value it stands."""
        while match := self._shapes.search(payload, pos):
            if self._kinds(payload, match.start()) is None:
                return match.start()
            pos = match.start() + 1
        return None

    def _kinds(self, payload: Buffer, start: int) -> Sequence[int] | None:
        """The shapes that match at ``start``; None if one of them may be something."""
        window = bytes(payload[start : start + WINDOW])
        kinds = self._which.matching(window)
        for kind in kinds:
            if kind < self._first_joined and self._closer[kind](window):
                return None
        return kinds


def _starts_of(pattern: Pattern, payload: Buffer) -> Iterator[int]:
    pos = 0
    while match := pattern.search(payload, pos):
        yield match.start()
        pos = match.start() + 1
