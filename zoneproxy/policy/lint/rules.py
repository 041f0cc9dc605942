"""Rules of roles that change nothing: covered by others, or taken away whole by a denial."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from zoneproxy.policy.acl import ANY_HOST, Rule
from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.lint.survey import Survey, finding
from zoneproxy.policy.model import Origin, ResourceType
from zoneproxy.policy.patterns import Pattern, PatternKind, PatternMap


class _Covering:
    """Rules of one kind (allowing or denying), found by what they cover."""

    def __init__(self, rules: Sequence[Rule], allow: bool) -> None:
        self._rules = rules
        self._found: dict[ResourceType, PatternMap[list[int]]] = {kind: PatternMap() for kind in ResourceType}
        self._gone: set[int] = set()
        for number, rule in enumerate(rules):
            if rule.allow == allow:
                for pattern in rule.patterns:
                    self._found[rule.resource].at(pattern, list).append(number)

    def forget(self, number: int) -> None:
        """Leave a rule out from now on."""
        self._gone.add(number)

    def of(self, rule: Rule, pattern: Pattern, without: int | None = None) -> list[int]:
        """The rules that together cover all of what ``rule`` says about ``pattern``; none if something is left."""
        numbers = {n for found in self._found[rule.resource].covering(pattern) for n in found}
        numbers -= self._gone | {without}
        needed = rule.mask()
        of_use: set[int] = set()
        for host in rule.hosts:
            covered = 0
            for number in sorted(numbers):
                other = self._rules[number]
                if other.hosts & {ANY_HOST, host} and other.mask() & needed:
                    covered |= other.mask()
                    of_use.add(number)
            if covered & needed != needed:
                return []
        return sorted(of_use)


def covered(survey: Survey) -> Iterator[Finding]:
    """ZP002: removing it changes nothing. All that are found can be removed together."""
    for role, rules in survey.policy.roles.items():
        tables = {allow: _Covering(rules, allow) for allow in (True, False)}
        # From the last to the first: of two equal rules the later one is found, and what is found covers no other.
        found = [_covered(role, rules, number, tables[rules[number].allow]) for number in reversed(range(len(rules)))]
        yield from (each for each in reversed(found) if each)


def _covered(role: str, rules: Sequence[Rule], number: int, table: _Covering) -> Finding | None:
    rule = rules[number]
    by = [table.of(rule, pattern, without=number) for pattern in rule.patterns]
    if not all(by):
        return None
    table.forget(number)
    message = f"role `{role}`: this rule changes nothing: {_places(rules, by)} says as much"
    return finding("ZP002", rule.origin, message, "remove it")


def dead(survey: Survey) -> Iterator[Finding]:
    """ZP003: denied from end to end, by the same role or another one that all have who have it."""
    known: dict[frozenset[str], tuple[Sequence[Rule], _Covering]] = {}
    for role, rules in survey.policy.roles.items():
        together = {who.roles for who in survey.holders(role)} or {frozenset({role})}
        for roles in together:
            if roles not in known:
                united = survey.rules_of(roles)
                known[roles] = united, _Covering(united, allow=False)
        for rule in rules:
            by = [_denied(rule, *known[roles]) for roles in sorted(together, key=sorted)] if rule.allow else [""]
            if all(by):
                message = f"role `{role}`: nothing of this is ever allowed: {by[0]} denies it"
                yield finding("ZP003", rule.origin, message, "narrow the denial, or remove this rule")


def _denied(rule: Rule, rules: Sequence[Rule], denials: _Covering) -> str:
    """Where all of a rule is denied; "" if something of it is left."""
    by = [denials.of(rule, pattern) for pattern in rule.patterns]
    return _places(rules, by) if all(by) else ""


def _places(rules: Sequence[Rule], by: Iterable[Iterable[int]]) -> str:
    origins: dict[Origin | None, None] = dict.fromkeys(rules[n].origin for numbers in by for n in numbers)
    return " with ".join(str(origin or "another rule") for origin in origins)


def everything(survey: Survey) -> Iterator[Finding]:
    """ZP004: ``"*"`` for a principal at home at the highest level: also all topics that will ever be there."""
    for rule, role, principal in _at_the_top(survey):
        if any(pattern.kind is PatternKind.ANY for pattern in rule.patterns):
            message = f'role `{role}` allows "*" to `{principal}`, at home in a zone of the highest level'
            yield finding("ZP004", rule.origin, message, 'name what is needed, or use {prefix: "x."}')


def from_anywhere(survey: Survey) -> Iterator[Finding]:
    """ZP014: a stolen certificate works from every address that can reach the listener."""
    told: set[str] = set()
    for rule, role, principal in _at_the_top(survey):
        if ANY_HOST in rule.hosts and role not in told:
            told.add(role)
            message = f"role `{role}` holds from any address, for `{principal}` at home in a zone of the highest level"
            yield finding("ZP014", rule.origin, message, "name the addresses: host: [10.0.0.1, ...]")


def _at_the_top(survey: Survey) -> Iterator[tuple[Rule, str, str]]:
    """(rule, role, a principal that has it) of all allowances of principals at home at the highest level."""
    for role, rules in survey.policy.roles.items():
        known = (who for who in survey.holders(role) if who.certain)
        holders = [who for who in known if survey.most_sensitive(survey.zones[who.zone])]
        for rule in rules if holders else ():
            if rule.allow and rule.resource is not ResourceType.CLUSTER:
                yield rule, role, holders[0].name
