from __future__ import annotations

import pytest

from tests.boundary.kit import answered, context, request
from zoneproxy.boundary.facts import Denied
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_group_heartbeat_request import ConsumerGroupHeartbeatRequest


@pytest.mark.parametrize("regex", [None, ""])
def test_heartbeats_go_on_as_they_are(regex: str | None) -> None:
    ctx = context("operator", ApiKey.CONSUMER_GROUP_HEARTBEAT, 1)
    routed = request(ConsumerGroupHeartbeatRequest(group_id="g", subscribed_topic_regex=regex), ctx)

    assert routed.forward
    assert not routed.edited
    assert not routed.thens


def test_subscriptions_by_pattern_are_refused() -> None:
    ctx = context("operator", ApiKey.CONSUMER_GROUP_HEARTBEAT, 1)
    routed = request(ConsumerGroupHeartbeatRequest(group_id="g", subscribed_topic_regex="pay.*"), ctx)

    assert answered(routed, ctx).error_code == ErrorCode.INVALID_REGULAR_EXPRESSION
    assert ctx.facts == [
        Denied("CONSUMER_GROUP_HEARTBEAT", "READ", "group", "g", ErrorCode.INVALID_REGULAR_EXPRESSION, "pattern")
    ]
