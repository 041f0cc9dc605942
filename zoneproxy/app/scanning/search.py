"""Units → findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, Protocol

from zoneproxy.errors import ProtocolError

if TYPE_CHECKING:
    from zoneproxy.app.scanning.units import Part, Unit
    from zoneproxy.detect.detector import Finding

UNSCANNABLE = "UNSCANNABLE"
"""The type of a finding that says: this could not be looked through."""
_HALVES = 64  # bytes that the halves overlap by, in which a very dense text is looked at


class Scans(Protocol):
    """A scanner of any depth."""

    def scan(self, value: bytes, name: bytes = b"") -> list[Finding]: ...


class Found(NamedTuple):
    """A finding at rest. ``start`` and ``end`` are offsets in the part."""

    type: str
    confidence: float
    where: str
    place: str
    start: int
    end: int


def search(unit: Unit, scanner: Scans, confidence: float) -> Iterator[Found]:
    """All that is found in a unit, at that confidence (0..1) and above."""
    for part in unit.parts:
        for finding in _scan(part, scanner):
            if finding.confidence >= confidence:
                where = unit.where(part, finding.start)
                yield Found(finding.type, finding.confidence, where, part.place, finding.start, finding.end)


def _scan(part: Part, scanner: Scans) -> Iterator[Finding]:
    try:
        yield from scanner.scan(part.text, part.name)
    except ProtocolError:
        yield from _in_halves(part, scanner)


def _in_halves(part: Part, scanner: Scans) -> Iterator[Finding]:
    """Too much at once: each half by itself. What still is too much is said to be unscannable."""
    from zoneproxy.detect.detector import Finding

    middle = len(part.text) // 2
    if middle <= _HALVES:
        yield Finding(UNSCANNABLE, 0, len(part.text), 1.0)
        return
    reached = 0
    for start, text in ((0, part.text[: middle + _HALVES]), (middle - _HALVES, part.text[middle - _HALVES :])):
        for finding in _scan(part._replace(text=text), scanner):
            if start + finding.start >= reached:
                yield finding._replace(start=start + finding.start, end=start + finding.end)
        reached = middle + _HALVES
