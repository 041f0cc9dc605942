"""How requests about committed offsets name topics: by name, from some version on by id."""

from __future__ import annotations

from typing import Protocol

from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.may import denied, topic_error
from zoneproxy.boundary.topic_ids import name_of
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode

IDS_FROM_VERSION = 10  # of OffsetCommit and of OffsetFetch


class Topic(Protocol):
    """A topic of a request or of a reply."""

    name: str
    topic_id: bytes


def by_id(ctx: Context) -> bool:
    """Whether this request and its reply name topics by id."""
    return ctx.header.api_version >= IDS_FROM_VERSION


def key(topic: Topic, ctx: Context) -> str | bytes:
    """What tells the topic from the others of its message."""
    return topic.topic_id if by_id(ctx) else topic.name


def refusal(topic: Topic, operation: Operation, ctx: Context) -> ErrorCode | None:
    """Kafka's error if ``operation`` is not allowed, or if the topic's id, which was looked up, has no name."""
    if not by_id(ctx):
        return topic_error(ctx, operation, topic.name)
    name = name_of(topic.topic_id, ctx)
    if name:
        return topic_error(ctx, operation, name)
    denied(ctx, operation, "", ErrorCode.UNKNOWN_TOPIC_ID, why="unknown_topic_id")
    return ErrorCode.UNKNOWN_TOPIC_ID
