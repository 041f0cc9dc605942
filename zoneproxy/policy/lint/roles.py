"""Roles that nobody has, principals that have none, and the one that allows everything."""

from __future__ import annotations

from collections.abc import Iterator

from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.lint.survey import Survey, finding
from zoneproxy.policy.model import UNRESTRICTED


def unused(survey: Survey) -> Iterator[Finding]:
    """ZP001: it does nothing today, and whoever gets it one day gets what nobody has looked at for long."""
    granted = {grant.role for grant in survey.grants}
    for role in survey.policy.roles:
        if role not in granted and not survey.holders(role):
            hint = "give it to somebody, or remove it"
            yield finding("ZP001", survey.origin("roles", role), f"nobody has the role `{role}`", hint)


def super_users(survey: Survey) -> Iterator[Finding]:
    """ZP005: everything in one zone, whatever the rules say."""
    for who in dict.fromkeys((who.name, who.origin) for who in survey.holders(UNRESTRICTED)):
        name, origin = who
        message = f"`{name}` may do everything in its home zone: it has the role `{UNRESTRICTED}`"
        hint = "name what it needs in a role, or allow this finding with the reason"
        yield finding("ZP005", origin, message, hint)


def powerless(survey: Survey) -> Iterator[Finding]:
    """ZP015: it is let in and then refused everything; often a role was forgotten."""
    if survey.policy.groups:
        return  # its certificate or token may name one
    for who in survey.subjects:
        allows = any(rule.allow for rule in survey.rules_of(who.roles))
        if not allows and not survey.unrestricted(who, who.zone):
            hint = "give it a role with rules that allow something, or remove it"
            yield finding("ZP015", who.origin, f"nothing is allowed to `{who.name}`", hint)
