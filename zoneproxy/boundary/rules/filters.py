"""Row filters: a record goes on if a condition is true of it.

On fetch the others stay behind without a word, as if they were not there; on produce they are refused, for a batch
cannot lose records. A tombstone passes: whoever has the record that it deletes would have it for ever.
"""

from __future__ import annotations

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.rules.conditions import holds
from zoneproxy.boundary.rules.values import Sight
from zoneproxy.boundary.tally import UNSCANNABLE, Dropped, Goes, Tally
from zoneproxy.policy.record_rules import RowFilter
from zoneproxy.wire.record import Record

FILTER = "filter"


class FilterStep:
    """See the module."""

    def __init__(self, control: RowFilter) -> None:
        self._rule = control.rule
        self._condition = control.condition

    def __call__(self, record: Record, crossing: Crossing, tally: Tally) -> None:
        """Raises Dropped or Goes; Goes as well where it takes more than can be read to tell."""
        if record.value is None:
            return
        sight = Sight(record, crossing)
        truth = holds(self._condition, sight)
        if truth:
            return
        if truth is None and sight.unreadable:
            raise Goes(self._rule, UNSCANNABLE)
        if crossing.side == "produce":
            raise Goes(self._rule, FILTER)
        raise Dropped(self._rule)
