"""The record rules among controls, as the steps of a plan.

Who is not to see a record at all does not hear what else is wrong with it, so row filters come first. Lineage is
verified before anything is changed, and sealed when nothing will be any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.rules.filters import FilterStep
from zoneproxy.boundary.rules.headers import HeaderStep
from zoneproxy.boundary.rules.lineage import LineageSteps
from zoneproxy.boundary.rules.sizes import SizeStep
from zoneproxy.boundary.tally import Tally
from zoneproxy.policy.controls import Control
from zoneproxy.policy.record_rules import HeaderNames, Lineage, MaximumSize, RowFilter
from zoneproxy.wire.record import Record

Step = Callable[[Record, Crossing, Tally], None]


class Steps(NamedTuple):
    """Before and after all else that is done to a record."""

    before: list[Step]
    after: list[Step]


def steps_of(controls: Sequence[Control], keys: Mapping[str, bytes]) -> Steps:
    """Raises KeyError: a control names a key that is not among ``keys``."""
    lineage = [control for control in controls if isinstance(control, Lineage)]
    sealing = LineageSteps(lineage, keys) if lineage else None
    before: list[Step] = [FilterStep(control) for control in controls if isinstance(control, RowFilter)]
    before += [sealing.verify] if sealing else []
    before += [SizeStep(control) for control in controls if isinstance(control, MaximumSize)]
    before += [HeaderStep(control) for control in controls if isinstance(control, HeaderNames)]
    return Steps(before, [sealing.sign] if sealing else [])
