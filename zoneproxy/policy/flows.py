"""Flow rules: which topics may cross from one zone to another, and what is done to their records on the way.

A rule is written once and holds wherever the data crosses. Writes go from the principal's home zone into the
listener's zone, reads from the listener's zone into the home zone; to describe a topic a rule of either direction is
enough. Topic names are those of the listener's zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zoneproxy.policy.acl import mask_of
from zoneproxy.policy.model import Control, Operation, Origin
from zoneproxy.policy.patterns import Pattern, PatternMap

INTO_THE_TOPIC = frozenset(
    {Operation.WRITE, Operation.CREATE, Operation.ALTER, Operation.ALTER_CONFIGS, Operation.DELETE}
)
"""Operations by which something of the principal's home zone gets into the listener's zone."""
OUT_OF_THE_TOPIC = frozenset({Operation.READ, Operation.DESCRIBE_CONFIGS})
"""Operations by which something of the listener's zone gets into the principal's home zone."""

_INTO = mask_of(INTO_THE_TOPIC | {Operation.DESCRIBE})
_OUT_OF = mask_of(OUT_OF_THE_TOPIC | {Operation.DESCRIBE})


@dataclass(frozen=True, slots=True)
class Flow:
    """A directed crossing that is allowed for ``topics``; from = to attaches controls within a zone."""

    name: str
    from_zone: str
    to_zone: str
    topics: tuple[Pattern, ...]
    controls: tuple[Control, ...] = ()
    origin: Origin | None = None


class FlowTable:
    """All flow rules, found by the two zones and the topic."""

    def __init__(self, flows: Sequence[Flow]) -> None:
        self._flows = tuple(flows)
        self._tables: dict[tuple[str, str], PatternMap[list[int]]] = {}
        for number, flow in enumerate(self._flows):
            table = self._tables.setdefault((flow.from_zone, flow.to_zone), PatternMap())
            for pattern in flow.topics:
                table.at(pattern, list).append(number)

    def matching(self, from_zone: str, to_zone: str, topic: str) -> list[Flow]:
        """The rules for a topic in one direction, in the order in which they were written."""
        table = self._tables.get((from_zone, to_zone))
        if table is None:
            return []
        numbers = {number for found in table.matching(topic) for number in found}
        return [self._flows[number] for number in sorted(numbers)]

    def controls(self, from_zone: str, to_zone: str, topic: str) -> tuple[Control, ...]:
        """The controls of all matching rules, each once, in the order in which they were written."""
        return tuple(dict.fromkeys(c for flow in self.matching(from_zone, to_zone, topic) for c in flow.controls))

    def permitted(self, home: str, zone: str, topic: str) -> int:
        """The mask of what a principal of ``home`` may do to a topic of another zone, as far as flows go."""
        into = _INTO if self.matching(home, zone, topic) else 0
        out_of = _OUT_OF if self.matching(zone, home, topic) else 0
        return into | out_of

    def patterns(self, home: str, zone: str, operation: Operation) -> list[Pattern]:
        """The topics of ``zone`` on which flows permit ``operation`` to principals of ``home``."""
        found: list[Pattern] = []
        for pair, mask in (((home, zone), _INTO), ((zone, home), _OUT_OF)):
            if mask >> operation & 1 and pair in self._tables:
                found += [pattern for pattern, _ in self._tables[pair].items()]
        return found

    def connects(self, one: str, other: str) -> bool:
        """Whether there is any rule between two zones, in either direction."""
        return (one, other) in self._tables or (other, one) in self._tables
