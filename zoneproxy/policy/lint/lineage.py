"""Where lineage ends: records take it along, and the next flow neither looks for it nor adds to it."""

from __future__ import annotations

from collections.abc import Iterator

from zoneproxy.policy.flows import Flow
from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.lint.survey import Survey, finding
from zoneproxy.policy.record_rules import is_lineage


def lineage(survey: Survey) -> Iterator[Finding]:
    """ZP020: a record that crosses such a flow with its lineage can cross no other one that has any."""
    leading: dict[str, Flow] = {}  # by the zone that they lead to
    for flow in survey.policy.flows:
        if _adds(flow):
            leading.setdefault(flow.to_zone, flow)
    for flow in survey.policy.flows:
        before = leading.get(flow.from_zone)
        if before is not None and flow.from_zone != flow.to_zone and not _adds(flow):
            message = (
                f"flow `{flow.name}` adds nothing to the lineage that records have from flow `{before.name}`: "
                f"beyond zone `{flow.to_zone}` it holds no longer"
            )
            hint = "`lineage: {}`, or `headers: {forbid: [{prefix: zoneproxy-lineage}], action: remove}`"
            yield finding("ZP020", flow.origin, message, hint)


def _adds(flow: Flow) -> bool:
    return flow.from_zone != flow.to_zone and any(
        is_lineage(control) and not control.only_guards and control.signs for control in flow.controls
    )
