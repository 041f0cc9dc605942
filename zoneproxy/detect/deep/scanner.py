"""The deep scanner: what the two stages find, and what they find in other readings of a value."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from zoneproxy.detect.deep.pieces import View
from zoneproxy.detect.deep.views import views
from zoneproxy.detect.detector import Finding
from zoneproxy.detect.scanner import Scanner
from zoneproxy.detect.stage_one import Place, Stops
from zoneproxy.policy.definitions import NO_DEFINITIONS, Definitions
from zoneproxy.wire.buffer import Buffer

_REACH = 30  # bytes before a finding: what is farther away has nothing to do with it


class DeepScanner:
    """A Scanner that sees through encodings. Compiled once, used by many threads."""

    def __init__(self, types: Collection[str], definitions: Definitions = NO_DEFINITIONS) -> None:
        """Raises KeyError: a type that no detector finds."""
        self._plain = Scanner.of(frozenset(types), definitions)

    @staticmethod
    @lru_cache(maxsize=256)
    def of(types: frozenset[str], definitions: Definitions = NO_DEFINITIONS) -> DeepScanner:
        """The one deep scanner for ``types``. Raises KeyError as DeepScanner does."""
        return DeepScanner(types, definitions)

    def suspicious(self, payload: Buffer) -> bool:
        """As that of a Scanner, but there may be something anywhere."""
        return len(payload) > 0

    def next_place(self, payload: Buffer, pos: int, stops: Stops | None = None) -> Place | None:
        """As that of a Scanner: every record is one."""
        return Place(pos, joined=False) if pos < len(payload) else None

    def next_candidate(self, payload: Buffer, pos: int, stops: Stops | None = None) -> int | None:
        """As that of a Scanner: every record is one."""
        return pos if pos < len(payload) else None

    def scan(self, value: bytes, name: bytes = b"") -> list[Finding]:
        """As that of a Scanner. What is found behind an encoding is told at the bytes that stand for it.

        Raises ProtocolError: ``dense``, or ``budget`` for what takes too much to decode.
        """
        found = self._plain.scan(value, name)
        known = {(finding.type, finding.start, finding.end): finding for finding in found}
        for view in views(value):
            for finding in self._plain.scan(view.text, name):
                translated = _of_value(finding, view)
                key = translated[:3]
                if view.is_copy(max(0, finding.start - _REACH), finding.end) or _is_known(key, finding, view, known):
                    continue
                known[key] = translated
        return sorted(known.values(), key=_position) if known else []


Key = tuple[str, int, int]


def _is_known(key: Key, finding: Finding, view: View, known: Mapping[Key, Finding]) -> bool:
    """Whether it was found before: what stands in the value as it is is judged by what stands around it there."""
    same = known.get(key)
    return same is not None and (same.confidence >= finding.confidence or view.is_copy(finding.start, finding.end))


def _of_value(finding: Finding, view: View) -> Finding:
    start, end = view.value_span(finding.start, finding.end)
    return Finding(finding.type, start, end, finding.confidence)


def _position(finding: Finding) -> tuple[int, int, str]:
    return finding.start, finding.end, finding.type
