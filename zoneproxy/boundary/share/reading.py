"""READ on a topic that a share group's member names by its id."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.may import denied, topic_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode


def read_error(name: str, ctx: Context) -> ErrorCode | None:
    """Kafka's error if it may not be read, which is left behind as a fact. An empty ``name``: the id has none."""
    if name:
        return topic_error(ctx, Operation.READ, name)
    denied(ctx, Operation.READ, "", ErrorCode.UNKNOWN_TOPIC_ID, why="unknown_topic_id")
    return ErrorCode.UNKNOWN_TOPIC_ID
