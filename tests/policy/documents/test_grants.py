from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tests.policy.documents.refusals import refusal
from zoneproxy.policy.documents.grants import GrantDocument

GRANT = {
    "principal": "alice",
    "role": "incident-reader",
    "until": "2026-12-01T00:00:00Z",
    "reason": "INC-4711",
    "approved_by": "bob",
}
GLASS = {
    "principal": "alice",
    "role": "unrestricted",
    "from": "2026-11-22T03:00:00Z",
    "until": "2026-11-22T07:00:00Z",
    "reason": "the payments cluster is down",
    "break_glass": True,
}


def without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}


def test_a_grant_for_a_principal_or_a_group() -> None:
    grant = GrantDocument.model_validate(GRANT)
    assert (grant.principal, grant.group, grant.from_, grant.break_glass) == ("alice", None, None, False)
    assert grant.until == datetime(2026, 12, 1, tzinfo=UTC)
    assert (
        GrantDocument.model_validate({**without(GRANT, "principal"), "group": "/acme/on-call"}).group == "/acme/on-call"
    )


def test_moments_have_any_zone() -> None:
    grant = GrantDocument.model_validate({**GRANT, "from": "2026-11-30T23:59:00+02:00"})
    assert grant.from_ == datetime(2026, 11, 30, 23, 59, tzinfo=timezone(timedelta(hours=2)))


def test_break_glass_needs_no_approval() -> None:
    assert GrantDocument.model_validate(GLASS).approved_by is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"group": "g"}, "exactly one of `principal` and `group`"),
        ({"principal": None}, "exactly one of `principal` and `group`"),
        ({"until": "2026-12-01"}, "`2026-12-01` is not a moment"),
        ({"until": "2026-12-01T00:00:00"}, "is not a moment"),
        ({"until": "2026-12-01 00:00:00Z"}, "is not a moment"),
        ({"until": "tomorrow"}, "is not a moment"),
        ({"until": 5}, "is not a moment"),
        ({"from": "2026-12-01T00:00:00Z"}, "`until` is not after `from`"),
        ({"approved_by": "alice"}, "`alice` approves its own grant"),
        ({"approved_by": None}, "nobody has approved it"),
        ({"break_glass": "yes"}, "valid boolean"),
        ({"break_glass": True}, "needs `from`"),
        ({"reason": ""}, "at least 1 character"),
    ],
)
def test_grants_that_make_no_sense(change: dict[str, Any], message: str) -> None:
    assert message in refusal(GrantDocument, {**GRANT, **change})


def test_break_glass_is_for_hours() -> None:
    assert "at most 24 hours" in refusal(GrantDocument, {**GLASS, "until": "2026-11-23T03:00:01Z"})
    assert GrantDocument.model_validate({**GLASS, "until": "2026-11-23T03:00:00Z"}).break_glass
