"""Row filters: a record goes on if a condition is true of it.

On fetch the others stay behind without a word, as if they were not there; on produce they are refused, for a batch
cannot lose records. A tombstone passes: whoever has the record that it deletes would have it for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.documents import VALUE, document_of
from zoneproxy.boundary.reading import Reading
from zoneproxy.boundary.rules.conditions import holds
from zoneproxy.boundary.rules.tree import Tree
from zoneproxy.boundary.rules.values import Follow, Sight
from zoneproxy.boundary.tally import UNSCANNABLE, Dropped, Goes, Tally
from zoneproxy.policy.record_rules import RowFilter
from zoneproxy.wire.record import Record

FILTER = "filter"


class FilterStep:
    """See the module."""

    def __init__(self, control: RowFilter, readings: Sequence[Reading] = ()) -> None:
        """``readings``: what the flow says of values, if anything."""
        self._rule = control.rule
        self._condition = control.condition
        self._read = None if not readings or readings[0].format == "json" else partial(_read_as, readings[0])

    def __call__(self, record: Record, crossing: Crossing, tally: Tally) -> None:
        """Raises Dropped or Goes; Goes as well where what it takes to tell cannot be read."""
        if record.value is None:
            return
        sight = Sight(record, crossing, self._read)
        truth = holds(self._condition, sight)
        if truth:
            return
        if truth is None and sight.unreadable:
            raise Goes(self._rule, UNSCANNABLE)
        if crossing.side == "produce":
            raise Goes(self._rule, FILTER)
        raise Dropped(self._rule)


def _read_as(reading: Reading, record: Record) -> Follow | None:
    """The value in its format. Raises Goes."""
    document = document_of(reading, record.value or b"", VALUE, record.headers)
    return None if document is None else Tree.of(document.leaves).at
