"""Trials that were forgotten: controls that are counted and change nothing, where it matters most."""

from __future__ import annotations

from collections.abc import Iterator

from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.lint.survey import Survey, finding


def trials(survey: Survey) -> Iterator[Finding]:
    """ZP019: what is only tried out protects nothing, which is not what anybody wants of the highest level for long."""
    for zone in survey.policy.zones:
        if zone.observe and survey.most_sensitive(zone):
            message = f"zone `{zone.name}` has the highest level ({zone.level}) and only observes: nothing is held back"
            hint = "leave `observe` out once you have seen what the controls do"
            yield finding("ZP019", survey.origin("zones", zone.name), message, hint)
    for flow in survey.policy.flows:
        tried = sum(control.dry_run for control in flow.controls)
        if tried and survey.most_sensitive(survey.zones[flow.from_zone]):
            which = f"{tried} of {len(flow.controls)} controls" if tried < len(flow.controls) else "all controls"
            message = f"flow `{flow.name}`: {which} on data of zone `{flow.from_zone}` are tried out only"
            hint = "leave `dry_run` and `observe` out once you have seen what they do"
            yield finding("ZP019", flow.origin, message, hint)
