from __future__ import annotations

from tests.boundary.kit import context
from zoneproxy.boundary.admin.reserved import is_reserved, reserved_error
from zoneproxy.boundary.facts import Denied
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey


def test_a_reserved_topic_is_refused_to_the_unrestricted_too() -> None:
    ctx = context("operator", ApiKey.ELECT_LEADERS, 2)

    assert reserved_error(ctx, Operation.ALTER, "__transaction_state") == ErrorCode.TOPIC_AUTHORIZATION_FAILED
    assert ctx.facts == [Denied("ELECT_LEADERS", "ALTER", "topic", "__transaction_state", 29, "reserved")]


def test_other_topics_are_not() -> None:
    ctx = context("nobody", ApiKey.ELECT_LEADERS, 2)

    assert not is_reserved("orders")
    assert reserved_error(ctx, Operation.ALTER, "orders") is None
    assert not ctx.facts
