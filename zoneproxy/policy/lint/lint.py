"""All rules of the linter over one policy."""

from __future__ import annotations

from collections.abc import Sequence

from zoneproxy.policy.lint import flows, grants, lineage, oracles, roles, rules, trials, zones
from zoneproxy.policy.lint.allowances import allowances, apply
from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.lint.secrets import secrets
from zoneproxy.policy.lint.survey import Survey
from zoneproxy.policy.snapshot import Policy

_RULES = (
    roles.unused,
    roles.super_users,
    roles.powerless,
    rules.covered,
    rules.dead,
    rules.everything,
    rules.from_anywhere,
    flows.never_used,
    flows.downwards,
    flows.shallow,
    zones.unowned,
    zones.uninhabited,
    zones.too_many,
    zones.weak_encryption,
    grants.expired,
    grants.break_glass,
    oracles.oracles,
    trials.trials,
    lineage.lineage,
)


def lint(policy: Policy, sources: Sequence[tuple[str, str]], now: float) -> tuple[Finding, ...]:
    """Everything that looks wrong, file by file and line by line; without what comments allow.

    Args:
        policy: what the files mean; they are free of problems.
        sources: (name, text) of each file.
        now: seconds since the epoch; grants expire.
    """
    survey = Survey(policy, now)
    found = [finding for rule in _RULES for finding in rule(survey)]
    found += [finding for name, text in sources for finding in secrets(name, text)]
    allowed, faulty = [], []
    for name, text in sources:
        good, bad = allowances(name, text)
        allowed += good
        faulty += bad
    order = {name: number for number, (name, _) in enumerate(sources)}
    return tuple(
        sorted(
            [*apply(found, allowed), *faulty],
            key=lambda each: (order.get(each.file, -1), each.line, each.column, each.code),
        )
    )
