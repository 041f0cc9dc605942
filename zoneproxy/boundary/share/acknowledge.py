"""ShareAcknowledge: READ on the group, and READ on each topic."""

from __future__ import annotations

from collections.abc import Sequence

from zoneproxy.boundary.interceptor import Context, Eventually, Forward, LookUp, Outcome, Reply, Then, Waiting
from zoneproxy.boundary.may import group_error
from zoneproxy.boundary.share.reading import read_error
from zoneproxy.boundary.share.sessions import ENDS, Member
from zoneproxy.boundary.split import expect, refused, split
from zoneproxy.boundary.topic_ids import name_of, unknown
from zoneproxy.policy.model import Operation
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.share_acknowledge_request import AcknowledgeTopic, ShareAcknowledgeRequest
from zoneproxy.wire.messages.share_acknowledge_response import (
    LeaderIdAndEpoch,
    PartitionData,
    ShareAcknowledgeResponse,
    ShareAcknowledgeTopicResponse,
)


class ShareAcknowledgeInterceptor:
    """A request of which no topic is left goes on all the same: it takes the share session one epoch further."""

    apis = frozenset({ApiKey.SHARE_ACKNOWLEDGE})

    def request(self, message: ShareAcknowledgeRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        error = group_error(ctx, Operation.READ, message.group_id or "")
        if error is not None:
            return Reply(ShareAcknowledgeResponse(error_code=error))
        needs = unknown((topic.topic_id for topic in message.topics), ctx)
        return _after_look_up(message, needs, ctx) if needs else _decide(message, ctx)


def _after_look_up(message: ShareAcknowledgeRequest, needs: Sequence[LookUp], ctx: Context) -> Waiting[Outcome]:
    yield needs
    return _decide(message, ctx)


def _decide(message: ShareAcknowledgeRequest, ctx: Context) -> Outcome:
    member, sessions = (message.group_id or "", message.member_id or ""), ctx.session.sharing
    if message.share_session_epoch == ENDS:
        sessions.drop(member)
    elif (session := sessions.get(member)) is not None:
        session.advance(message.share_session_epoch)
    denials = refused(split(message.topics, lambda topic: _refusal(topic, ctx)))
    asked = frozenset(topic.topic_id for topic in message.topics)
    return Forward(_merge(member, asked, denials), edited=bool(denials))


def _refusal(topic: AcknowledgeTopic, ctx: Context) -> ShareAcknowledgeTopicResponse | None:
    error = read_error(name_of(topic.topic_id, ctx), ctx)
    if error is None:
        return None
    partitions = [
        PartitionData(partition_index=p.partition_index, error_code=error, current_leader=LeaderIdAndEpoch())
        for p in topic.partitions
    ]
    return ShareAcknowledgeTopicResponse(topic_id=topic.topic_id, partitions=partitions)


def _merge(member: Member, asked: frozenset[bytes], denials: list[ShareAcknowledgeTopicResponse]) -> Then:
    def then(response: ShareAcknowledgeResponse, ctx: Context) -> bool:
        expect(asked, (topic.topic_id for topic in response.responses))
        if response.error_code:
            ctx.session.sharing.drop(member)
            return False
        response.responses += denials
        return bool(denials)

    return then
