from __future__ import annotations

import pytest

from zoneproxy.boundary.fetch_consumer import MAX_WAIT_MS, as_consumer, is_follower
from zoneproxy.wire.messages.fetch_request import FetchRequest, ReplicaState


@pytest.mark.parametrize(
    ("message", "follower"),
    [
        (FetchRequest(), False),
        (FetchRequest(replica_id=0), True),
        (FetchRequest(replica_id=-2), False),
        (FetchRequest(replica_state=ReplicaState(replica_id=3)), True),
        (FetchRequest(replica_state=ReplicaState(replica_id=-1)), False),
    ],
)
def test_followers_say_who_they_are(message: FetchRequest, follower: bool) -> None:
    assert is_follower(message) is follower


def test_a_consumers_fetch_is_left_alone() -> None:
    assert not as_consumer(FetchRequest(max_wait_ms=MAX_WAIT_MS))


@pytest.mark.parametrize(
    "message",
    [
        FetchRequest(max_wait_ms=MAX_WAIT_MS + 1),
        FetchRequest(replica_id=-2),
        FetchRequest(replica_state=ReplicaState(replica_id=-1)),
    ],
)
def test_anything_else_becomes_one(message: FetchRequest) -> None:
    assert as_consumer(message)
    assert message.max_wait_ms <= MAX_WAIT_MS
    assert (message.replica_id, message.replica_state) == (-1, None)
