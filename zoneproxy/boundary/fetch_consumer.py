"""Who fetches: through the proxy only consumers do, and none waits for ever."""

from __future__ import annotations

from zoneproxy.wire.messages.fetch_request import FetchRequest

MAX_WAIT_MS = 60_000  # a longer one would keep a connection of the upstream busy for as long as the client likes
CONSUMER = -1  # the replica id of whoever is not a broker


def is_follower(message: FetchRequest) -> bool:
    """Followers take ClusterAction, which no client of ours has; without it Kafka refuses every topic."""
    state = message.replica_state
    return message.replica_id >= 0 or (state is not None and state.replica_id >= 0)


def as_consumer(message: FetchRequest) -> bool:
    """Make it a consumer's fetch with a bounded wait; True if it was not one."""
    if message.max_wait_ms <= MAX_WAIT_MS and message.replica_id == CONSUMER and message.replica_state is None:
        return False
    message.max_wait_ms = min(message.max_wait_ms, MAX_WAIT_MS)
    message.replica_id, message.replica_state = CONSUMER, None
    return True
