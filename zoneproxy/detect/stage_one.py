"""Stage 1: candidates in a whole decompressed batch, record framing and all.

One pattern of all shapes runs over the batch. Mostly it stops nowhere; where it does, the detectors whose shapes match
there take a closer look, which refutes most look-alikes (order numbers, hexadecimal ids) in a few microseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from zoneproxy.detect import escapes
from zoneproxy.detect.detector import WINDOW, Detector, MayBe, Number, always
from zoneproxy.detect.openings import Openings
from zoneproxy.detect.patterns import PatternSet, compile_pattern
from zoneproxy.detect.runs import RUN, is_within, look
from zoneproxy.wire.buffer import Buffer


class Place(NamedTuple):
    """Where there may be something. ``joined``: only if a key, value or header begins right there."""

    at: int
    joined: bool


class Later(Exception):
    """There is more to be looked at closely than whoever asks has time for."""


class Stops:
    """How many times stage 1 may take a closer look, which takes tens of microseconds each time.

    In some bytes that hold nothing at all it does so every ten of them.
    """

    __slots__ = ("_left",)

    def __init__(self, most: int) -> None:
        self._left = most

    def one_more(self) -> None:
        """Raises Later where there were enough."""
        self._left -= 1
        if self._left < 0:
            raise Later


class StageOne:
    """The shapes of some detectors; what several of them have in common is looked for once."""

    def __init__(self, detectors: Sequence[Detector]) -> None:
        closer: dict[bytes, list[MayBe]] = {escapes.SHAPE: [always]}
        self._numbers: list[Number] = []
        for detector in detectors:
            for shape in detector.shapes:
                looks = closer.setdefault(shape, [])
                if shape != RUN or detector.number is None:
                    looks.append(detector.may_be)
                else:
                    self._numbers.append(detector.number)
        certain = [shape for shape, looks in closer.items() if always in looks]
        run = list(closer).index(RUN) if self._numbers else None
        self.shapes = compile_pattern(*closer)
        self._which = PatternSet(list(closer), at_start=True)
        self._closer = list(closer.values())
        self._certain = compile_pattern(*certain)
        self._certain_openings = Openings(certain)
        self._run = run
        self._openings = Openings(list(closer))

    def next_place(self, payload: Buffer, pos: int, stops: Stops | None = None) -> Place | None:
        """The next suspicious place, from ``pos`` on. Raises Later after so many ``stops``."""
        while (start := self.shapes.next_start(payload, pos)) >= 0:
            if stops is not None:
                stops.one_more()
            joined = self._look(payload, start)
            if joined is not None:
                return Place(start, joined)
            pos = start + 1
        return None

    def next(self, payload: Buffer, pos: int, stops: Stops | None = None) -> int | None:
        """Where the next thing begins, from ``pos`` on, that is suspicious wherever in a value it stands.

        Raises Later after so many ``stops``.
        """
        while (start := self.shapes.next_start(payload, pos)) >= 0:
            if stops is not None:
                stops.one_more()
            if self._look(payload, start) is False:
                return start
            pos = start + 1
        return None

    def _look(self, payload: Buffer, start: int) -> bool | None:
        """None: there is nothing at ``start``, for all shapes that match there. True: only at the start of a part."""
        part = payload[start : start + WINDOW]
        window = part if isinstance(part, bytes) else part.tobytes() if isinstance(part, memoryview) else bytes(part)
        # Something matches here, and mostly nothing else begins as it does: of most stops, as a run of digits does.
        kinds: Sequence[int] = self._openings.kinds(window)
        is_told = len(kinds) == 1  # and then it was no other that matched
        if not is_told:
            kinds = self._which.matching(window)
        for kind in kinds:
            for may_be in self._closer[kind]:
                if may_be(window):
                    return False
        # Within a run that was looked at as a whole, another shape can match, and that of runs as if it began there.
        found = look(window, self._numbers) if self._run in kinds and not (start and is_within(window)) else None
        # A shape that nothing refutes may be longer than the window, as a password can be.
        if found is False or is_told or len(window) < WINDOW or self._certain_openings.exclude(window):
            return found
        return False if self._certain.matches_at(payload, start) else found
