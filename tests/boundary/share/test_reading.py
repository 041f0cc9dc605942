from __future__ import annotations

import pytest

from tests.boundary.kit import context
from tests.boundary.share.kit import policy
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.share.reading import read_error
from zoneproxy.wire.messages.api_keys import ApiKey


@pytest.mark.parametrize(("name", "error", "why"), [("a", None, ""), ("b", 29, "acl"), ("", 100, "unknown_topic_id")])
def test_names_are_decided_and_ids_without_one_are_unknown(name: str, error: int | None, why: str) -> None:
    ctx = context("clerk", ApiKey.SHARE_ACKNOWLEDGE, 1, policy=policy("a"))

    assert read_error(name, ctx) == error
    expected = [] if error is None else [Denied("SHARE_ACKNOWLEDGE", "READ", "topic", name, error, why)]
    assert ctx.facts == expected
