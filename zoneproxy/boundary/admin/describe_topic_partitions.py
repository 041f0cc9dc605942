"""DescribeTopicPartitions: DESCRIBE on every topic (KIP-966).

Topics asked for by name that may not be described are refused, with no id. No names means all topics, page by page:
a broker's page would end at, and so name, whichever topic comes next. So it is asked first which topics there are, and
the question goes on with the names of those that may be described; then the next page begins at one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from zoneproxy.boundary.interceptor import Close, Context, Eventually, Forward, LookUp, Outcome, Reply, Waiting
from zoneproxy.boundary.may import may_any_topic, may_topic, topic_error, topic_operations
from zoneproxy.boundary.split import expect
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_topic_partitions_request import (
    Cursor,
    DescribeTopicPartitionsRequest,
    TopicRequest,
)
from zoneproxy.wire.messages.describe_topic_partitions_response import (
    DescribeTopicPartitionsResponse,
    DescribeTopicPartitionsResponseTopic,
)


class DescribeTopicPartitionsInterceptor:
    """Authorises DescribeTopicPartitions."""

    apis = frozenset({ApiKey.DESCRIBE_TOPIC_PARTITIONS})

    def request(self, message: DescribeTopicPartitionsRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        names = [topic.name for topic in message.topics]
        cursor = message.cursor
        if cursor is not None and (cursor.partition_index < 0 or (names and cursor.topic_name not in names)):
            return Reply(_refused(names, ErrorCode.INVALID_REQUEST))
        if names:
            return _named(message, names, ctx)
        if not may_any_topic(ctx, Operation.DESCRIBE):
            return Reply(DescribeTopicPartitionsResponse())
        every = ctx.session.cluster.every_topic(ctx.now) if cursor is not None else None  # a first page is fresh
        return _after_look_up(message, ctx) if every is None else _all(message, every, ctx)


def _named(message: DescribeTopicPartitionsRequest, names: list[str], ctx: Context) -> Outcome:
    wanted = list(dict.fromkeys(_from(message.cursor, names)))
    seen = [name for name in wanted if topic_error(ctx, Operation.DESCRIBE, name) is None]
    refused = _refused([name for name in wanted if name not in set(seen)], ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    return _forward(message, names, seen, _Then(frozenset(seen), refused.topics))


# --- all topics ----------------------------------------------------------------------------------------------


def _after_look_up(message: DescribeTopicPartitionsRequest, ctx: Context) -> Waiting[Outcome]:
    yield (LookUp(every=True),)
    every = ctx.session.cluster.every_topic(ctx.now)
    return Close("upstream_unavailable") if every is None else _all(message, every, ctx)


def _all(message: DescribeTopicPartitionsRequest, every: Mapping[str, int], ctx: Context) -> Outcome:
    """One page of names: each topic but the cursor's fills a place at least, and one more makes a next page."""
    seen = sorted(
        (name for name in _from(message.cursor, every) if may_topic(ctx, Operation.DESCRIBE, name)), key=_order
    )
    page = seen[: max(message.response_partition_limit, 1) + 2]
    return _forward(message, [], page, _Then(frozenset(page), (), hides_missing=True))


# --- both ----------------------------------------------------------------------------------------------------


def _order(name: str) -> bytes:
    """Java compares strings by their UTF-16 code units."""
    return name.encode("utf-16-be", "surrogatepass")


def _from(cursor: Cursor | None, names: Iterable[str]) -> Iterable[str]:
    """What stands at the cursor or behind it."""
    if cursor is None:
        return names
    first = _order(cursor.topic_name)
    return (name for name in names if _order(name) >= first)


def _forward(message: DescribeTopicPartitionsRequest, asked: list[str], seen: list[str], then: _Then) -> Outcome:
    if not seen:
        return Reply(DescribeTopicPartitionsResponse(topics=then.refused))
    edited = asked != seen
    if edited:
        message.topics = [TopicRequest(name=name) for name in seen]
    if message.cursor is not None and message.cursor.topic_name not in then.seen:
        message.cursor, edited = None, True  # all that is seen stands behind it, and begins at its first partition
    return Forward(then.then, edited)


def _refused(names: Iterable[str], error: ErrorCode) -> DescribeTopicPartitionsResponse:
    topics = [DescribeTopicPartitionsResponseTopic(error_code=error, name=name) for name in names]
    return DescribeTopicPartitionsResponse(topics=topics)


@dataclass(frozen=True, slots=True)
class _Then:
    """What is done to the reply: ``seen`` were asked for, ``refused`` come back behind them."""

    seen: Collection[str]
    refused: Collection[DescribeTopicPartitionsResponseTopic]
    hides_missing: bool = False

    def then(self, response: DescribeTopicPartitionsResponse, ctx: Context) -> bool:
        """Raises ProtocolError (``reply_mismatch``) if the broker names a topic that it was not asked for."""
        cursor = response.next_cursor
        expect(self.seen, [*(topic.name or "" for topic in response.topics), *((cursor.topic_name,) if cursor else ())])
        if self.hides_missing:
            missing = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
            response.topics = [topic for topic in response.topics if topic.error_code != missing]
        for topic in response.topics:
            topic.topic_authorized_operations = topic_operations(ctx, topic.name or "")
        response.topics.extend(self.refused)
        return True
