"""Who can both put values in and read their hashes or tokens has an oracle: it can try card numbers until one fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from zoneproxy.policy.flows import Flow
from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.lint.survey import Subject, Survey, finding
from zoneproxy.policy.model import Operation
from zoneproxy.policy.patterns import Pattern
from zoneproxy.policy.token_domains import Domain, domains


def oracles(survey: Survey) -> Iterator[Finding]:
    """ZP013: equal values have equal hashes or tokens, so one who chooses the values can look the others up."""
    told: set[tuple[str, str]] = set()
    for domain, flows in sorted(_by_domain(survey).items()):
        for who in survey.subjects:
            fed = next((flow for flow in flows if _puts_in(survey, who, flow)), None)
            seen = next((flow for flow in flows if _sees(survey, who, flow)), None)
            if fed and seen and (who.name, domain.key) not in told:
                told.add((who.name, domain.key))  # once for each key is enough
                message = (
                    f"`{who.name}` can write values into flow `{fed.name}` and read their {domain} "
                    f"from flow `{seen.name}`: by trying, it finds what any of them stands for"
                )
                hint = "take one of the two from it, or give the flows different keys"
                yield finding("ZP013", who.origin, message, hint)


def _by_domain(survey: Survey) -> dict[Domain, list[Flow]]:
    """The flows by the domains that their controls put values into."""
    found: dict[Domain, list[Flow]] = {}
    for flow in survey.policy.flows:
        for domain in dict.fromkeys(domain for control in flow.controls for domain in domains(control)):
            found.setdefault(domain, []).append(flow)
    return found


def _puts_in(survey: Survey, who: Subject, flow: Flow) -> bool:
    """Whether values that somebody chooses are hashed by the flow: it writes them where they come from."""
    across = who.zone == flow.from_zone and survey.may(who, Operation.WRITE, flow.topics)
    return across or _reaches(survey, who, Operation.WRITE, flow.from_zone, flow.topics)


def _sees(survey: Survey, who: Subject, flow: Flow) -> bool:
    """Whether somebody can read what the flow has hashed: across it, or where it was written to."""
    across = who.zone == flow.to_zone and survey.may(who, Operation.READ, flow.topics)
    return across or _reaches(survey, who, Operation.READ, flow.to_zone, flow.topics)


def _reaches(survey: Survey, who: Subject, operation: Operation, zone: str, topics: Sequence[Pattern]) -> bool:
    """Whether somebody can do that in ``zone``, at home or by another flow, to any of ``topics``."""
    if survey.unrestricted(who, zone):
        return True
    if who.zone == zone:
        return survey.may(who, operation, topics)
    ends = (who.zone, zone) if operation is Operation.WRITE else (zone, who.zone)
    ways = [
        pattern for flow in survey.policy.flows if (flow.from_zone, flow.to_zone) == ends for pattern in flow.topics
    ]
    common = [both for topic in topics for way in ways if (both := topic.intersect(way))]
    return survey.may(who, operation, common)
