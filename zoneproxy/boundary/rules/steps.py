"""The record rules among controls, as the steps of a plan.

Who is not to see a record at all does not hear what else is wrong with it, so row filters come first. Lineage is
verified before anything is changed, and sealed when nothing will be any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.reading import Readings
from zoneproxy.boundary.rules.binary import BinaryStep
from zoneproxy.boundary.rules.filters import FilterStep
from zoneproxy.boundary.rules.headers import HeaderStep
from zoneproxy.boundary.rules.lineage import LineageSteps
from zoneproxy.boundary.rules.lineage_text import LINEAGE
from zoneproxy.boundary.rules.sizes import SizeStep
from zoneproxy.boundary.tally import Tally
from zoneproxy.policy.controls import Control
from zoneproxy.policy.record_rules import HeaderNames, Lineage, MaximumSize, RowFilter
from zoneproxy.policy.value_rules import Binary
from zoneproxy.wire.record import Record

NO_READINGS = Readings(())
Step = Callable[[Record, Crossing, Tally], None]


class Steps(NamedTuple):
    """Before and after all else that is done to a record.

    So many of those before, ``guards``, have to do with records only that have ``mark`` in them.
    """

    before: list[Step]
    after: list[Step]
    guards: int
    mark: bytes | None


def steps_of(controls: Sequence[Control], keys: Mapping[str, bytes], readings: Readings = NO_READINGS) -> Steps:
    """``readings``: what controls say that parts are. Raises KeyError: a control names a key that there is not."""
    lineage = [control for control in controls if isinstance(control, Lineage)]
    sealing = LineageSteps(lineage, keys) if lineage else None
    before: list[Step] = [FilterStep(control, readings.value) for control in controls if isinstance(control, RowFilter)]
    before += [sealing.verify] if sealing else []
    before += [SizeStep(control) for control in controls if isinstance(control, MaximumSize)]
    before += [HeaderStep(control) for control in controls if isinstance(control, HeaderNames)]
    before += [BinaryStep(control, readings) for control in controls if isinstance(control, Binary)]
    only_guards = all(control.only_guards for control in lineage)
    return Steps(
        before,
        [] if only_guards or sealing is None else [sealing.sign],
        guards=1 if lineage and only_guards else 0,
        mark=LINEAGE if lineage else None,
    )
