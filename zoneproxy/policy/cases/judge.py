"""A case and a policy → whether the policy says what the case expects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from zoneproxy.policy.cases.read import Case
from zoneproxy.policy.controls import Control
from zoneproxy.policy.explain import notation
from zoneproxy.policy.explain.explain import Explanation, explain
from zoneproxy.policy.explain.reason import Kind
from zoneproxy.policy.flows import OUT_OF_THE_TOPIC
from zoneproxy.policy.snapshot import PolicySnapshot


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has become of a case; no ``faults``, and it holds."""

    case: Case
    faults: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the policy says what the case expects."""
        return not self.faults


def judge(snapshot: PolicySnapshot, case: Case, now: float) -> Outcome:
    """Ask the policy as it is at the time of the case, or ``now`` (seconds since the epoch)."""
    at = snapshot.at(now if case.at is None else case.at)
    faults = [fault for question in case.questions for fault in _faults(explain(at, question), case)]
    return Outcome(case, tuple(faults))


def _faults(found: Explanation, case: Case) -> Iterator[str]:
    answer = _answer(found)
    if answer != case.expect:
        yield f"{found.question}: expected {case.expect}, is {answer}"
        yield from (f"  {reason.text}" + (f"  [{reason.origin}]" if reason.origin else "") for reason in found.reasons)
        return
    names = {reason.name for reason in found.reasons}
    for name in case.by:
        if name not in names:
            others = ", ".join(sorted(names - {""})) or "nothing that has a name"
            yield f"{found.question}: expected by {name}, is by {others}"
    if case.controls is not None:
        yield from _of_controls(found, case.controls)


def _answer(found: Explanation) -> str:
    """An unknown zone is no answer: such a case would hold for ever, whatever the policy says."""
    if any(reason.kind is Kind.UNKNOWN for reason in found.reasons):
        return "unknown" if not found.home else "about a zone that is not there"
    return "allow" if found.allowed else "deny"


def _of_controls(found: Explanation, expected: tuple[Control, ...]) -> Iterator[str]:
    """Records are written with all operations but those that read."""
    written = found.question.operation not in OUT_OF_THE_TOPIC
    met = next((crossing.controls for crossing in found.crossings if crossing.written is written), ())
    texts = [{notation.control(replace(control, rule="")) for control in controls} for controls in (expected, met)]
    yield from (f"{found.question}: expected of records, not done: {text}" for text in sorted(texts[0] - texts[1]))
    yield from (f"{found.question}: done to records, not expected: {text}" for text in sorted(texts[1] - texts[0]))
