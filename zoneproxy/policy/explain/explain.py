"""A question and a policy → the verdict, why, what records would meet, and what would have to change."""

from __future__ import annotations

from dataclasses import dataclass

from zoneproxy.policy.explain.crossings import Crossing, crossings
from zoneproxy.policy.explain.question import Question
from zoneproxy.policy.explain.reason import Reason
from zoneproxy.policy.explain.reasons import reasons
from zoneproxy.policy.explain.remedy import Remedy, remedy
from zoneproxy.policy.model import ResourceType
from zoneproxy.policy.snapshot import PolicySnapshot


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to one question. ``home`` is the principal's zone, "" if nobody knows it."""

    question: Question
    allowed: bool
    home: str
    reasons: tuple[Reason, ...]
    crossings: tuple[Crossing, ...] = ()
    remedy: Remedy | None = None  # where it is denied


def explain(snapshot: PolicySnapshot, question: Question) -> Explanation:
    """Explain the answer of ``snapshot``, which is the one of a moment: ask ``at`` for it."""
    allowed = question.answer(snapshot)
    why = reasons(snapshot, question)
    who = question.asker(snapshot)
    met: tuple[Crossing, ...] = ()
    if who is not None and question.zone in snapshot.zones and question.resource is ResourceType.TOPIC:
        met = crossings(snapshot, who, question.zone, question.name)
    return Explanation(
        question=question,
        allowed=allowed,
        home=who.zone if who else "",
        reasons=why,
        crossings=met,
        remedy=None if allowed else remedy(snapshot, question, why),
    )
