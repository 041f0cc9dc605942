"""Flows that nothing uses, and flows downwards that change nothing."""

from __future__ import annotations

from collections.abc import Iterator

from zoneproxy.config.expected import did_you_mean
from zoneproxy.policy.controls import Control, Depth, Detect, RedactFinding
from zoneproxy.policy.flows import INTO_THE_TOPIC, OUT_OF_THE_TOPIC, Flow
from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.lint.survey import Survey, finding
from zoneproxy.policy.model import ResourceType
from zoneproxy.policy.patterns import PatternKind
from zoneproxy.policy.record_rules import Lineage, MaximumSize

MANY_NAMES = 1000
"""Among so many, looking for the one that is meant takes longer than people wait."""


def never_used(survey: Survey) -> Iterator[Finding]:
    """ZP006: nobody of the one zone may write to these topics, nobody of the other may read them."""
    for flow in survey.policy.flows:
        if not _used(survey, flow):
            yield finding("ZP006", flow.origin, *_why(survey, flow))


def _used(survey: Survey, flow: Flow) -> bool:
    if flow.from_zone == flow.to_zone and any(
        survey.unrestricted(who, flow.to_zone) for who in survey.at_home(flow.to_zone)
    ):
        return True
    writes = any(survey.may(who, op, flow.topics) for who in survey.at_home(flow.from_zone) for op in INTO_THE_TOPIC)
    return writes or any(
        survey.may(who, op, flow.topics) for who in survey.at_home(flow.to_zone) for op in OUT_OF_THE_TOPIC
    )


def _why(survey: Survey, flow: Flow) -> tuple[str, str]:
    ends = (flow.from_zone, flow.to_zone)
    if not any(survey.at_home(end, certain=True) for end in ends):
        message = f"flow `{flow.name}`: nobody belongs to `{flow.from_zone}` or to `{flow.to_zone}`"
        return message, "remove the flow, or add the principals"
    message = (
        f"flow `{flow.name}` is never used: no role lets somebody of `{flow.from_zone}` write to its topics, "
        f"or somebody of `{flow.to_zone}` read them"
    )
    return message, _hint(survey, flow)


def _hint(survey: Survey, flow: Flow) -> str:
    """The name that was probably meant, where a literal name is misspelt."""
    rules = [rule for rules in survey.policy.roles.values() for rule in rules if rule.resource is ResourceType.TOPIC]
    known = {pattern.name for rule in rules for pattern in rule.patterns if pattern.kind is PatternKind.LITERAL}
    for pattern in flow.topics if len(known) <= MANY_NAMES else ():
        near = did_you_mean(pattern.name, known) if pattern.kind is PatternKind.LITERAL else ""
        if near.startswith("did you mean"):
            return near
    return "allow the topics in a role of theirs, or remove the flow"


def downwards(survey: Survey) -> Iterator[Finding]:
    """ZP007: the one place where somebody should have said what must not get out."""
    for flow in survey.policy.flows:
        upper, lower = survey.zones[flow.from_zone], survey.zones[flow.to_zone]
        if upper.rank > lower.rank and not any(map(_is_about_data, flow.controls)):
            what = "no other controls" if flow.controls else "no controls"
            message = f"flow `{flow.name}` takes data from {upper.level} to {lower.level} as it is: it has {what}"
            hint = "add at least `- detect: {types: [...], action: block}`, or allow this finding with the reason"
            yield finding("ZP007", flow.origin, message, hint)


def _is_about_data(control: Control) -> bool:
    """Where records have been, and how large they are, says nothing of what is in them."""
    return not isinstance(control, Lineage | MaximumSize)


def shallow(survey: Survey) -> Iterator[Finding]:
    """ZP021: what comes down from the highest level is looked into deeply, unless somebody says otherwise."""
    for flow in survey.policy.flows:
        upper, lower = survey.zones[flow.from_zone], survey.zones[flow.to_zone]
        looking = [control for control in flow.controls if isinstance(control, Detect | RedactFinding)]
        leaves = upper.rank > lower.rank and survey.most_sensitive(upper)
        if leaves and looking and all(control.depth is Depth.FAST for control in looking):
            message = f"flow `{flow.name}` carries what is encoded, compressed or split without looking at it"
            yield finding("ZP021", flow.origin, message, "leave out `depth: fast`, if there is the time")
