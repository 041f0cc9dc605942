"""Grants that are over, and those that nobody has approved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from zoneproxy.policy.lint.finding import Finding
from zoneproxy.policy.lint.survey import Survey, finding


def expired(survey: Survey) -> Iterator[Finding]:
    """ZP008: it does nothing any more; a file of old grants hides the ones that count."""
    for grant in survey.policy.grants:
        if grant.until <= survey.now:
            message = f"the grant of `{grant.role}` to `{grant.holder}` has expired at {_told(grant.until)}"
            yield finding("ZP008", grant.origin, message, "remove it; the history of the file keeps it")


def break_glass(survey: Survey) -> Iterator[Finding]:
    """ZP018: it is meant to be seen by everybody until it is over."""
    for grant in survey.grants:
        if grant.break_glass and grant.in_force(survey.now):
            message = f"the glass is broken: `{grant.holder}` has the role `{grant.role}` until {_told(grant.until)}"
            hint = f"the reason given is: {grant.reason[:120]}; `zoneproxy revoke` ends it"
            yield finding("ZP018", grant.origin, message, hint)


def _told(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
