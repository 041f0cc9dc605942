from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.boundary.kit import POLICY, context, snapshot
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.fetch_verdict import judge
from zoneproxy.policy.model import Principal
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey

DENIED = ErrorCode.TOPIC_AUTHORIZATION_FAILED
ID = b"i" * 16


def test_what_may_be_read_and_what_may_not() -> None:
    ctx = context("clerk", ApiKey.FETCH, 12)
    places = [("secret", 1), ("open.a", 0), ("secret", 0)]
    verdict = judge(places, {"open.a": "open.a", "secret": "secret"}, ctx)

    assert verdict.allowed == {("open.a", 0)}
    assert verdict.refused == (("secret", 1), ("secret", 0))
    assert verdict.errors == {"secret": DENIED}
    assert ctx.facts == []
    verdict.tell(ctx)
    assert ctx.facts == [Denied("FETCH", "READ", "topic", "secret", DENIED, "acl")]


@pytest.mark.parametrize(("name", "error"), [("open.a", 0), ("secret", DENIED), ("", ErrorCode.UNKNOWN_TOPIC_ID)])
def test_ids_are_decided_by_their_names(name: str, error: int) -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)
    verdict = judge([(ID, 0)], {ID: name}, ctx)

    assert dict(verdict.errors) == ({ID: error} if error else {})
    assert verdict.nameless is (name == "")
    verdict.tell(ctx)
    assert [fact.why for fact in ctx.facts if isinstance(fact, Denied)] == (
        [] if not error else ["acl" if name else "unknown_topic_id"]
    )


def test_an_id_without_a_name_is_nobodys() -> None:
    verdict = judge([(ID, 0)], {ID: ""}, context("operator", ApiKey.FETCH, 13))

    assert (verdict.allowed, dict(verdict.errors)) == (frozenset(), {ID: ErrorCode.UNKNOWN_TOPIC_ID})


def test_a_topic_with_an_empty_name_is_denied_as_any_other() -> None:
    assert judge([("", 0)], {"": ""}, context("clerk", ApiKey.FETCH, 12)).errors == {"": DENIED}


@pytest.mark.parametrize("names", [{ID: "open.a"}, {ID: "secret"}])
def test_a_verdict_holds_while_nothing_has_changed(names: dict[Any, str]) -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)
    verdict = judge([(ID, 0)], names, ctx)
    assert verdict.holds(ctx)

    again = context("clerk", ApiKey.FETCH, 13, policy=POLICY + "\n")
    assert snapshot(POLICY) is not snapshot(POLICY + "\n")
    assert not verdict.holds(again)

    other = replace(ctx, session=replace(ctx.session, principal=Principal("clerk", "elsewhere")))
    assert not verdict.holds(other)


def test_a_verdict_about_an_id_without_a_name_does_not_hold() -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)

    assert not judge([(ID, 0)], {ID: ""}, ctx).holds(ctx)


def test_more_can_be_asked_for_than_the_right_to_read() -> None:
    ctx = context("clerk", ApiKey.FETCH, 12)
    places = [("open.a", 0), ("open.b", 0), ("secret", 0)]
    verdict = judge(places, {key: key for key, _ in places}, ctx, lambda name, ctx: name == "open.a")

    assert verdict.allowed == {("open.a", 0)}
    assert verdict.errors == {"open.b": DENIED, "secret": DENIED}
