"""Topics that nobody gets at: rights on the cluster reach every topic but these."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.may import denied
from zoneproxy.policy.model import Operation
from zoneproxy.policy.snapshot import RESERVED_TOPICS
from zoneproxy.wire.error_codes import ErrorCode


def is_reserved(topic: str) -> bool:
    """Whether the topic is one of them."""
    return topic in RESERVED_TOPICS


def reserved_error(ctx: Context, operation: Operation, topic: str) -> ErrorCode | None:
    """The error for a reserved topic, which is left behind as a fact; for APIs that ask for rights on the cluster."""
    if not is_reserved(topic):
        return None
    denied(ctx, operation, topic, ErrorCode.TOPIC_AUTHORIZATION_FAILED, why="reserved")
    return ErrorCode.TOPIC_AUTHORIZATION_FAILED
