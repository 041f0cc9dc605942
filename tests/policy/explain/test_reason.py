from __future__ import annotations

import pytest

from zoneproxy.policy.explain.reason import Kind, Reason, verdict


def follows(*kinds: Kind) -> bool:
    return verdict(Reason(kind, "") for kind in kinds)


def test_what_is_not_allowed_is_denied() -> None:
    assert not follows()
    assert not follows(Kind.NO_RULE, Kind.NEAR, Kind.GRANT)
    assert not follows(Kind.FLOW)
    assert follows(Kind.ALLOWED)
    assert follows(Kind.ALLOWED, Kind.ALLOWED, Kind.FLOW)


@pytest.mark.parametrize(
    "kind", [Kind.DENIED, Kind.NO_FLOW, Kind.WEAK_TLS, Kind.RESERVED, Kind.NOT_FROM_OUTSIDE, Kind.UNKNOWN]
)
def test_one_thing_against_it_is_enough(kind: Kind) -> None:
    assert not follows(Kind.ALLOWED, kind)


def test_a_super_user_may() -> None:
    assert follows(Kind.SUPER_USER)
