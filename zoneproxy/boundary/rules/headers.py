"""Headers that every record must have, and headers that none may have.

A name is compared byte by byte with what the policy says, in UTF-8: ``Trace-Id`` is not ``trace-id``.
"""

from __future__ import annotations

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.tally import Goes, Tally
from zoneproxy.policy.patterns import Pattern, PatternKind
from zoneproxy.policy.record_rules import HeaderNames
from zoneproxy.wire.record import Record

MISSING = "header_missing"
FORBIDDEN = "header_forbidden"
REMOVED = "header"  # what a removal is counted as, among transforms


class HeaderStep:
    """See the module."""

    def __init__(self, control: HeaderNames) -> None:
        self._rule = control.rule
        self._required = [_Names((pattern,)) for pattern in control.require]
        self._forbidden = _Names(control.forbid)
        self._removes = control.removes

    def __call__(self, record: Record, crossing: Crossing, tally: Tally) -> None:
        """Raises Goes."""
        names = [name for name, _ in record.headers]
        if not all(any(required.has(name) for name in names) for required in self._required):
            raise Goes(self._rule, MISSING)
        forbidden = sum(map(self._forbidden.has, names))
        if not forbidden:
            return
        if not self._removes:
            raise Goes(self._rule, FORBIDDEN)
        record.headers = [header for header in record.headers if not self._forbidden.has(header[0])]
        for _ in range(forbidden):
            tally.transformed(self._rule, REMOVED)


class _Names:
    """Patterns of names, in bytes."""

    def __init__(self, patterns: tuple[Pattern, ...]) -> None:
        self._names = frozenset(p.name.encode() for p in patterns if p.kind is PatternKind.LITERAL)
        prefixes = [p.name.encode() for p in patterns if p.kind is PatternKind.PREFIX]
        self._prefixes = (b"",) if any(p.kind is PatternKind.ANY for p in patterns) else tuple(prefixes)

    def has(self, name: bytes) -> bool:
        return name in self._names or name.startswith(self._prefixes)
