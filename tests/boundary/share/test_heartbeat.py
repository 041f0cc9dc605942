from __future__ import annotations

import pytest

from tests.boundary.kit import answered, context, request
from tests.boundary.share.kit import DENIED, policy
from zoneproxy.boundary.facts import Denied
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.share_group_heartbeat_request import ShareGroupHeartbeatRequest

API = ApiKey.SHARE_GROUP_HEARTBEAT


@pytest.mark.parametrize("topics", [None, [], ["a"], ["a", "b", "a"]])
def test_heartbeats_go_on_as_they_are(topics: list[str] | None) -> None:
    ctx = context("clerk", API, 1, policy=policy("a", "b"))
    routed = request(ShareGroupHeartbeatRequest(group_id="g", subscribed_topic_names=topics), ctx)

    assert (routed.forward, routed.edited, routed.thens, ctx.facts) == (True, False, [], [])


def test_the_group_must_be_readable() -> None:
    ctx = context("clerk", API, 1, policy=policy("a"))
    routed = request(ShareGroupHeartbeatRequest(group_id="other", subscribed_topic_names=["b"]), ctx)

    assert answered(routed, ctx).error_code == ErrorCode.GROUP_AUTHORIZATION_FAILED
    assert [fact.resource for fact in ctx.facts if isinstance(fact, Denied)] == ["other"]


def test_one_topic_that_may_not_be_described_is_enough() -> None:
    ctx = context("clerk", API, 1, policy=policy("a"))
    routed = request(ShareGroupHeartbeatRequest(group_id="g", subscribed_topic_names=["a", "b", "c"]), ctx)

    assert answered(routed, ctx).error_code == DENIED
    assert ctx.facts == [
        Denied("SHARE_GROUP_HEARTBEAT", "DESCRIBE", "topic", name, DENIED, "acl") for name in ("b", "c")
    ]
