from __future__ import annotations

import pytest

from tests.boundary.kit import chain, context, finish, read_again
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.offset_for_leader_epoch_request import OffsetForLeaderEpochRequest


@pytest.mark.parametrize(("version", "replica", "edited"), [(2, -2, False), (3, -1, False), (4, 0, True), (4, 7, True)])
def test_nobody_is_a_follower(version: int, replica: int, edited: bool) -> None:
    ctx = context("operator", ApiKey.OFFSET_FOR_LEADER_EPOCH, version)
    message = read_again(OffsetForLeaderEpochRequest(replica_id=replica), ctx)
    routed = finish(chain().request(message, ctx), ctx)

    assert routed.forward
    assert routed.edited is edited
    assert message.replica_id < 0
