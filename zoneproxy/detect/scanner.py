"""The two stages behind one door: candidates in a batch (``stage_one.py``), findings in a value.

Whatever ``scan`` finds in a part of a record, ``next_candidate`` or ``may_be_joined`` has pointed at in the batch.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Final

from zoneproxy.detect.allowed import allowed_by
from zoneproxy.detect.catalogue import DETECTORS
from zoneproxy.detect.context import NO_WORDS, Contexts, Words, words
from zoneproxy.detect.custom import detector_of
from zoneproxy.detect.detector import Detector, Finding, Hit, NextSpan, finding_of
from zoneproxy.detect.escapes import BACKSLASH, Plain
from zoneproxy.detect.patterns import LARGE, PatternSet, compile_pattern
from zoneproxy.detect.stage_one import Place, StageOne, Stops
from zoneproxy.detect.stretches import IS_COMPILED
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.definitions import NO_DEFINITIONS, Definitions
from zoneproxy.wire.buffer import Buffer

Attributed = tuple[Hit, Detector]

MAX_HITS = 65_536  # in one value: 500 bytes of memory each, for perhaps 7 of the value


class Scanner:
    """Looks for the data of some types. Compiled once, used by many threads."""

    def __init__(self, types: Collection[str], definitions: Definitions = NO_DEFINITIONS) -> None:
        """Raises KeyError: a type that no detector finds."""
        known = DETECTORS | {custom.name: detector_of(custom) for custom in definitions.detectors}
        self._detectors = tuple(known[type_] for type_ in sorted(set(types)))
        self._allowed = allowed_by(definitions)
        self._stage_one = StageOne(self._detectors)
        # What all long numbers have for a shape is in most values: of these, which one there may be.
        self._which = PatternSet([d.stretch if d.number else b"|".join(d.shapes) for d in self._detectors])
        self._next_stretch = [_next_span(detector.stretch) for detector in self._detectors]
        self._quicker = [
            detector.quicker(by_pattern) if detector.quicker and IS_COMPILED else by_pattern
            for detector, by_pattern in zip(self._detectors, self._next_stretch, strict=True)
        ]

    @staticmethod
    @lru_cache(maxsize=256)
    def of(types: frozenset[str], definitions: Definitions = NO_DEFINITIONS) -> Scanner:
        """The one scanner for ``types``: its patterns keep megabytes of states. Raises KeyError as Scanner does."""
        return Scanner(types, definitions)

    def suspicious(self, payload: Buffer) -> bool:
        """Stage 1 in one word: False says that ``scan`` finds nothing in any part of the records in ``payload``.

        The first place is enough: to list them all takes a second for what is suspicious once and stops at every byte.
        """
        return self.next_place(payload, 0) is not None

    def next_place(self, payload: Buffer, pos: int, stops: Stops | None = None) -> Place | None:
        """Where, from the beginning of a record on, the next thing begins that ``scan`` should see.

        If it is *joined*, only if a part of a record begins as ``may_be_joined`` says. Raises Later after so many
        ``stops``.
        """
        return self._stage_one.next_place(payload, pos, stops)

    def next_candidate(self, payload: Buffer, pos: int, stops: Stops | None = None) -> int | None:
        """Where, from the first candidate or the end of a record on, the next thing begins that ``scan`` should see.

        If ``payload`` is suspicious, there may also be something where ``may_be_joined`` says so. Raises Later after so
        many ``stops``.
        """
        return self._stage_one.next(payload, pos, stops)

    def scan(self, value: bytes, name: bytes = b"") -> list[Finding]:
        """Stage 2: what is in ``value``, by position; findings of different types may overlap.

        ``name`` is what the value is called, if it has a name outside of itself. Offsets are of ``value`` as it is;
        what is found behind JSON escapes spans whole escapes. Raises ProtocolError (``dense``) for so many hits or
        escapes that they would take far more memory than the value.
        """
        if BACKSLASH not in value:
            return _scored(value, self._hits(value, name), name)
        plain = Plain(value)
        found = [
            (Hit(*plain.source_span(hit.start, hit.end), hit.valid), detector)
            for hit, detector in self._hits(plain.text, name)
        ]
        return _scored(value, found + _apart_from(found, self._hits(value, name)), name)

    def _hits(self, text: bytes, name: bytes) -> list[Attributed]:
        """All hits, those of one detector apart from one another. A name may hold the word that a shape asks for."""
        found: list[Attributed] = []
        for index in self._which.matching(b"\n".join((name, text)) if name else text):
            self._add_hits(index, text, found)
        return found

    def _add_hits(self, index: int, text: bytes, found: list[Attributed]) -> None:
        detector, size = self._detectors[index], len(text)
        # RE2 lets other threads run, and what is quicker does not.
        next_span = (self._quicker if size <= LARGE else self._next_stretch)[index]
        hits, allowed, end, pos = detector.hits, self._allowed, 0, 0
        while pos < size and (span := next_span(text, pos)) is not None:
            start, pos = span
            for hit in hits(text, start, pos):
                if hit.start < end or (allowed and allowed.covers(detector.type, text[hit.start : hit.end])):
                    continue
                found.append((hit, detector))
                end = hit.end
                if len(found) > MAX_HITS:
                    raise ProtocolError("dense")


def _next_span(stretch: bytes) -> NextSpan:
    """As that of a pattern; what stands for itself needs none."""
    if re.escape(stretch) != stretch:
        return compile_pattern(stretch, longest=True).next_span

    def find(text: bytes, pos: int) -> tuple[int, int] | None:
        start = text.find(stretch, pos)
        return None if start < 0 else (start, start + len(stretch))

    return find


def may_be_joined(part: bytes) -> bool:
    """Whether a key, value or header, not empty, may begin with what stage 1 misses for the length before it."""
    return part[0] in _JOINED and len(part) >= _SHORTEST_JOINED


_JOINED: Final = frozenset(b"0123456789.")
_SHORTEST_JOINED: Final = 12


def _apart_from(found: Iterable[Attributed], others: Iterable[Attributed]) -> list[Attributed]:
    """Those of ``others`` that overlap none of ``found``."""
    spans = sorted((hit.start, hit.end) for hit, _ in found)
    starts = [start for start, _ in spans]
    reached = [0, *accumulate((end for _, end in spans), max)]
    return [(hit, detector) for hit, detector in others if reached[bisect_left(starts, hit.end)] <= hit.start]


def _scored(value: bytes, found: list[Attributed], name: bytes) -> list[Finding]:
    if not found:
        return []
    if len(found) > 1:
        found.sort(key=_position)
    called = words(name) if name and b'"' not in name else NO_WORDS
    contexts = Contexts(value)
    findings = []
    for hit, detector in found:
        around = contexts.at(hit.start)
        if called:
            around.append(called)
        prefix = value[hit.start] > _DIGITS_END and _PREFIX.match(value, hit.start, hit.end)
        if prefix:  # ``MRN-1234567`` says itself what it is
            around.append(words(prefix.group()))
        confidence = _confidence(detector, hit, around)
        if confidence > 0:
            findings.append(finding_of((detector.type, hit.start, hit.end, confidence)))
    return findings


_DIGITS_END: Final = 0x39
_PREFIX: Final = re.compile(rb"[A-Za-z]{2,8}(?=[\- :#])")


def _position(found: Attributed) -> tuple[int, int, str]:
    """By type where they are in one place: which of them a change goes by must not depend on what stands around."""
    return found[0].start, found[0].end, found[1].type


def _confidence(detector: Detector, hit: Hit, around: Sequence[Words]) -> float:
    confidence = detector.confidence
    if _is_among(detector.words, around):
        return confidence.valid_in_context if hit.valid else confidence.alone_in_context
    sure = confidence.valid if hit.valid else confidence.alone
    if detector.against and _is_among(detector.against, around):
        return min(sure, confidence.against)
    return sure


def _is_among(words: Words, around: Sequence[Words]) -> bool:
    for some in around:  # noqa: SIM110 -- what a generator would take is most of it
        if not words.isdisjoint(some):
            return True
    return False
