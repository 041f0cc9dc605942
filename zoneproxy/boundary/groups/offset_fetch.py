"""OffsetFetch: DESCRIBE on the group, and DESCRIBE on each topic.

Who asks for a group's offsets in all topics gets those in the topics that may be described. From version 8 on one
request asks for many groups, and the fields are other ones of the same names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from zoneproxy.boundary.groups.offset_topics import by_id, key, refusal
from zoneproxy.boundary.interceptor import GO_ON, Context, Eventually, Forward, LookUp, Outcome, Reply, Waiting
from zoneproxy.boundary.may import group_error, may_topic
from zoneproxy.boundary.split import expect, in_place, refused, split
from zoneproxy.boundary.topic_ids import MAX_ASKED, name_of, unknown
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.offset_fetch_request import OffsetFetchRequest, OffsetFetchRequestGroup
from zoneproxy.wire.messages.offset_fetch_response import (
    OffsetFetchResponse,
    OffsetFetchResponseGroup,
    OffsetFetchResponsePartition,
    OffsetFetchResponsePartitions,
    OffsetFetchResponseTopic,
    OffsetFetchResponseTopics,
)

GROUPS_FROM_VERSION = 8
TOP_LEVEL_ERROR_FROM_VERSION = 2
NO_OFFSET = -1


class OffsetFetchInterceptor:
    """Authorises OffsetFetch."""

    apis = frozenset({ApiKey.OFFSET_FETCH})

    def request(self, message: OffsetFetchRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        if ctx.header.api_version < GROUPS_FROM_VERSION:
            return _single(message, ctx)
        places = split(message.groups, lambda group: _refused_group(group, ctx))
        if places and not message.groups:
            return Reply(OffsetFetchResponse(groups=refused(places)))
        needs = unknown((topic.topic_id for group in message.groups for topic in group.topics or ()), ctx)
        return _after_look_up(message, places, needs, ctx) if needs else _many(message, places, ctx)


def _after_look_up(
    message: OffsetFetchRequest, places: list[OffsetFetchResponseGroup | None], needs: Sequence[LookUp], ctx: Context
) -> Waiting[Outcome]:
    yield needs
    return _many(message, places, ctx)


def _single(message: OffsetFetchRequest, ctx: Context) -> Outcome:
    error = group_error(ctx, Operation.DESCRIBE, message.group_id)
    if error is None:
        asked = _Asked(message.group_id, message.topics, ctx)
        return Forward(asked.then, bool(asked.hidden)) if asked.needs_completion else GO_ON
    if ctx.header.api_version >= TOP_LEVEL_ERROR_FROM_VERSION:
        return Reply(OffsetFetchResponse(error_code=error))
    return Reply(OffsetFetchResponse(topics=[_failed(topic, error, ctx) for topic in message.topics or ()]))


def _refused_group(group: OffsetFetchRequestGroup, ctx: Context) -> OffsetFetchResponseGroup | None:
    error = group_error(ctx, Operation.DESCRIBE, group.group_id)
    return None if error is None else OffsetFetchResponseGroup(group_id=group.group_id, error_code=error)


def _many(message: OffsetFetchRequest, places: list[OffsetFetchResponseGroup | None], ctx: Context) -> Outcome:
    asked = [_Asked(group.group_id, group.topics, ctx) for group in message.groups]
    edited = bool(refused(places)) or any(group.hidden for group in asked)
    if not edited and not any(group.needs_completion for group in asked):
        return GO_ON

    def then(response: OffsetFetchResponse, ctx: Context) -> Eventually[bool]:
        if [group.group_id for group in response.groups] != [group.group_id for group in asked]:
            raise ProtocolError("reply_mismatch")

        def complete() -> bool:
            for group, of_request in zip(response.groups, asked, strict=True):
                of_request.complete(group, ctx)
            response.groups = in_place(places, response.groups)
            return True

        of_all = [group for group, of_request in zip(response.groups, asked, strict=True) if of_request.all]
        ids = {topic.topic_id for group in of_all for topic in group.topics}
        return _named(ids, complete, ctx) if unknown(ids, ctx) else complete()

    return Forward(then, edited)


def _named(ids: set[bytes], complete: Callable[[], bool], ctx: Context) -> Waiting[bool]:
    """Look up the names of all topics that a group has offsets in.

    Raises ProtocolError if nobody says what they are: offsets left out for that would seem never to have been
    committed.
    """
    for _ in range(0, len(ids), MAX_ASKED):
        needs = unknown(ids, ctx)
        yield needs
        if any(not ctx.session.cluster.asked(id_, ctx.now) for need in needs for id_ in need.ids):
            raise ProtocolError("look_up")
    return complete()


# --- one group -----------------------------------------------------------------------------------------------


class _Asked:
    """One group of a request, out of which the refused topics were taken. Topics have other classes by version."""

    def __init__(self, group_id: str, topics: list[Any] | None, ctx: Context) -> None:
        self.group_id = group_id
        self.all = topics is None
        self.hidden = refused(split(topics or [], lambda topic: _refused_topic(topic, ctx)))
        self._topics = frozenset(key(topic, ctx) for topic in topics or ())

    @property
    def needs_completion(self) -> bool:
        """Whether anything is to be done to the reply."""
        return self.all or bool(self.hidden)

    def then(self, response: OffsetFetchResponse, ctx: Context) -> bool:
        """Complete a reply of the versions that have one group."""
        self.complete(response, ctx)
        return True

    def complete(self, group: Any, ctx: Context) -> None:
        """Take what may not be described out of this group's part of the reply, or put what was refused last.

        A group's own error stands alone, as in Kafka.
        """
        if group.error_code != ErrorCode.NONE:
            return
        if self.all:
            group.topics = [topic for topic in group.topics if _visible(topic, ctx)]
            return
        expect(self._topics, (key(topic, ctx) for topic in group.topics))
        group.topics += self.hidden


def _visible(topic: Any, ctx: Context) -> bool:
    name = name_of(topic.topic_id, ctx) if by_id(ctx) else topic.name
    return bool(name) and may_topic(ctx, Operation.DESCRIBE, name)


def _refused_topic(topic: Any, ctx: Context) -> Any:
    error = refusal(topic, Operation.DESCRIBE, ctx)
    return None if error is None else _failed(topic, error, ctx)


def _failed(topic: Any, error: ErrorCode, ctx: Context) -> Any:
    indexes = topic.partition_indexes
    if ctx.header.api_version < GROUPS_FROM_VERSION:
        single = [
            OffsetFetchResponsePartition(partition_index=index, committed_offset=NO_OFFSET, error_code=error)
            for index in indexes
        ]
        return OffsetFetchResponseTopic(name=topic.name, partitions=single)
    partitions = [
        OffsetFetchResponsePartitions(partition_index=index, committed_offset=NO_OFFSET, error_code=error)
        for index in indexes
    ]
    return OffsetFetchResponseTopics(name=topic.name, topic_id=topic.topic_id, partitions=partitions)
