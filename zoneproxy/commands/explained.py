"""How an explanation is written, for people and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoneproxy.commands.common import json_text
from zoneproxy.policy.explain import notation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zoneproxy.policy.explain.crossings import Crossing
    from zoneproxy.policy.explain.explain import Explanation
    from zoneproxy.policy.explain.reason import Reason
    from zoneproxy.policy.explain.remedy import Step

# --- for people ----------------------------------------------------------------------------------------------


def as_text(explanation: Explanation) -> str:
    """An explanation to read, with what decides first."""
    verdict = "ALLOWED" if explanation.allowed else "DENIED"
    home = f" (at home in {explanation.home})" if explanation.home else ""
    lines = [f"{verdict}  {explanation.question}{home}", "", "because"]
    lines += [f"  {_reason(reason)}" for reason in explanation.reasons]
    for crossing in explanation.crossings:
        lines += ["", *_crossing(crossing)]
    if explanation.remedy:
        lines += ["", "to allow it"]
        lines += [line for step in explanation.remedy.steps for line in _step(step)]
    return "\n".join(lines)


def _reason(reason: Reason) -> str:
    where = f"  [{reason.origin}]" if reason.origin else ""
    return f"{reason.kind.value}: {reason.text}{where}"


def _crossing(crossing: Crossing) -> Iterator[str]:
    verb = "writes" if crossing.written else "reads"
    within = crossing.from_zone == crossing.to_zone
    way = f"within {crossing.from_zone}" if within else f"{crossing.from_zone} → {crossing.to_zone}"
    yield f"records that it {verb} ({way})"
    for flow in crossing.flows:
        yield f"  flow `{flow.name}`" + (f"  [{flow.origin}]" if flow.origin else "")
    for control in crossing.controls:
        yield f"    {notation.control(control)}"
    if not crossing.flows:
        yield "  no rule: nothing is done to them" if within else "  no rule: nothing passes"
    elif not crossing.controls:
        yield "    no controls: they pass as they are"


def _step(step: Step) -> Iterator[str]:
    where = f"  [{step.origin}]" if step.origin else ""
    yield f"  {step.text}{where}"
    for line in step.yaml.splitlines():
        yield f"      {line}"


# --- for programs --------------------------------------------------------------------------------------------


def as_json(explanation: Explanation) -> str:
    """The same as JSON."""
    question = explanation.question
    return json_text(
        {
            "allowed": explanation.allowed,
            "principal": question.principal,
            "home": explanation.home,
            "zone": question.zone,
            "operation": question.operation.name.lower(),
            "resource": question.resource.name.lower(),
            "name": question.name,
            "reasons": explanation.reasons,
            "crossings": [_plain_crossing(crossing) for crossing in explanation.crossings],
            "remedy": explanation.remedy.steps if explanation.remedy else (),
        }
    )


def _plain_crossing(crossing: Crossing) -> dict[str, object]:
    return {
        "direction": "write" if crossing.written else "read",
        "from": crossing.from_zone,
        "to": crossing.to_zone,
        "flows": [{"name": flow.name, "origin": flow.origin} for flow in crossing.flows],
        "controls": [notation.control(control) for control in crossing.controls],
    }
