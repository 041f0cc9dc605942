"""Flow rules: which topics may cross from one zone to another, and what is done to their records on the way.

A rule is written once and holds wherever the data crosses. Writes go from the principal's home zone into the
listener's zone, reads from the listener's zone into the home zone; to describe a topic a rule of either direction is
enough. Topic names are those of the listener's zone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zoneproxy.policy.acl import mask_of
from zoneproxy.policy.controls import Control
from zoneproxy.policy.model import PLAINTEXT, Operation, Origin
from zoneproxy.policy.patterns import Pattern, PatternMap
from zoneproxy.policy.record_rules import Lineage, is_lineage

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
    min_tls: str = PLAINTEXT  # the oldest TLS version of a connection that it is for


class FlowTable:
    """All flow rules, found by the two zones and the topic.

    ``tls`` is the version that a connection has. A rule that asks for a better one does not open anything to it, but
    its controls apply all the same: no rule can weaken what another one asks for.
    """

    def __init__(self, flows: Sequence[Flow]) -> None:
        self._flows = tuple(flows)
        self._tables: dict[tuple[str, str], PatternMap[list[int]]] = {}
        self._least: dict[tuple[str, str], str] = {}  # the TLS version from which on any rule between two zones holds
        self.by_tls = any(flow.min_tls for flow in self._flows)  # whether a decision can depend on it
        for number, flow in enumerate(self._flows):
            pair = flow.from_zone, flow.to_zone
            self._least[pair] = min(flow.min_tls, self._least.get(pair, flow.min_tls))
            table = self._tables.setdefault(pair, PatternMap())
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

    def between(self, one: str, other: str) -> tuple[Control, ...]:
        """The controls of all rules between two zones, in both directions and for whatever topics, each once."""
        pairs = {(one, other), (other, one)}
        flows = (flow for flow in self._flows if (flow.from_zone, flow.to_zone) in pairs)
        return tuple(dict.fromkeys(control for flow in flows for control in flow.controls))

    @property
    def lineage_guard(self) -> Lineage | None:
        """What flows without lineage look at once any flow has it: whether that which records bring is true."""
        for flow in self._flows:
            for control in filter(is_lineage, flow.controls):
                return control.as_guard()
        return None

    def permitted(self, home: str, zone: str, topic: str, tls: str = PLAINTEXT) -> int:
        """The mask of what a principal of ``home`` may do to a topic of another zone, as far as flows go."""
        into = _INTO if self._opens(home, zone, topic, tls) else 0
        out_of = _OUT_OF if self._opens(zone, home, topic, tls) else 0
        return into | out_of

    def patterns(self, home: str, zone: str, operation: Operation, tls: str = PLAINTEXT) -> list[Pattern]:
        """The topics of ``zone`` on which flows permit ``operation`` to principals of ``home``."""
        found: list[Pattern] = []
        for pair, mask in (((home, zone), _INTO), ((zone, home), _OUT_OF)):
            if mask >> operation & 1 and pair in self._tables:
                found += [pattern for pattern, numbers in self._tables[pair].items() if self._any_for(numbers, tls)]
        return found

    def connects(self, one: str, other: str, tls: str = PLAINTEXT) -> bool:
        """Whether there is any rule between two zones, in either direction."""
        return any(pair in self._least and self._least[pair] <= tls for pair in ((one, other), (other, one)))

    def _opens(self, from_zone: str, to_zone: str, topic: str, tls: str) -> bool:
        table = self._tables.get((from_zone, to_zone))
        return table is not None and any(self._any_for(numbers, tls) for numbers in table.matching(topic))

    def _any_for(self, numbers: Sequence[int], tls: str) -> bool:
        return any(self._flows[number].min_tls <= tls for number in numbers)
