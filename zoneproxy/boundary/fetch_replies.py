"""Replies to Fetch: nothing that was not asked for, and what was refused.

Kafka puts refused partitions behind all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from zoneproxy.boundary.cut import TopicKey
from zoneproxy.boundary.fetch_partitions import NO_SESSION, Partition
from zoneproxy.boundary.fetch_sessions import FetchSession
from zoneproxy.boundary.fetch_verdict import Verdict
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.topic_ids import check_id
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.buffer import ZERO_UUID
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData


class Fetched:
    """The reply to a fetch of ``session``, or to one that ``opens`` it at the broker; None: there is to be none."""

    __slots__ = ("_opens", "_session", "_verdict")

    def __init__(self, verdict: Verdict, session: FetchSession | None, *, opens: bool = False) -> None:
        self._verdict = verdict
        self._session = session
        self._opens = opens

    def then(self, response: FetchResponse, ctx: Context) -> bool:
        """Raises ProtocolError (``reply_mismatch``) for a partition that was not asked for."""
        verdict = self._verdict
        for topic in response.responses:
            key: TopicKey = topic.topic if topic.topic_id == ZERO_UUID else topic.topic_id
            for partition in topic.partitions:
                if (key, partition.partition_index) not in verdict.allowed:
                    raise ProtocolError("reply_mismatch")
                if partition.error_code:
                    check_id(topic.topic_id, partition.error_code, ctx)
        edited = self._follow_session(response, ctx)
        if verdict.refused and not response.error_code:
            response.responses += refused_topics(verdict.refused, verdict.errors)
            edited = True
        return edited

    def _follow_session(self, response: FetchResponse, ctx: Context) -> bool:
        """Keep up with what the broker says of sessions; True if the client is told something else."""
        session, sessions = self._session, ctx.session.fetching
        if session is None:
            edited = response.session_id != NO_SESSION
            response.session_id = NO_SESSION
            return edited
        if response.error_code not in (ErrorCode.NONE, ErrorCode.FETCH_SESSION_ID_NOT_FOUND):
            sessions.drop(session)
        elif response.session_id == NO_SESSION:
            sessions.ended(session)
        elif self._opens:
            sessions.opened(session, response.session_id)
        elif response.session_id != session.broker_id:
            raise ProtocolError("reply_mismatch")
        edited = response.session_id not in (NO_SESSION, session.id)
        if edited:
            response.session_id = session.id
        return edited


def refused_topics(partitions: Iterable[Partition], errors: Mapping[TopicKey, int]) -> list[FetchableTopicResponse]:
    """Partitions as a reply refuses them; those that follow each other in one topic are together."""
    topics: list[FetchableTopicResponse] = []
    last: TopicKey | None = None
    for key, index in partitions:
        if key != last:
            named = (
                FetchableTopicResponse(topic_id=key) if isinstance(key, bytes) else FetchableTopicResponse(topic=key)
            )
            topics.append(named)
            last = key
        topics[-1].partitions.append(PartitionData(partition_index=index, error_code=errors[key], high_watermark=-1))
    return topics
