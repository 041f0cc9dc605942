"""What is only tried out: decided on, counted and told, and nothing of it is done.

That is all of a crossing that is to be observed (a zone or a listener says so), and of any other one those controls
that are dry runs. These are held against the records as they came, whatever the others make of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from zoneproxy.boundary.batch_result import BatchResult
from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.facts import Fact, Noticed
from zoneproxy.boundary.plan import ControlPlan

Treat = Callable[[ControlPlan, Crossing], BatchResult]


def treated(treat: Treat, plan: ControlPlan, crossing: Crossing) -> BatchResult:
    """The result of ``treat`` for what is meant, and the facts of what is not."""
    result = treat(plan, crossing) if plan.acts else BatchResult()
    if crossing.observe:
        result = BatchResult(facts=list(_of_trials(result.facts)))
    if plan.dry_run is not None:
        result.facts += _of_trials(treat(plan.dry_run, replace(crossing, observe=True)).facts)
    return result


def _of_trials(facts: Iterable[Fact]) -> Iterator[Fact]:
    """Without what would say that something was done."""
    return (fact for fact in facts if not isinstance(fact, Noticed))
