"""Replies to ShareFetch: nothing that was not asked for, and what was refused."""

from __future__ import annotations

from collections.abc import Mapping

from zoneproxy.boundary.fetch_verdict import Verdict
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.share.sessions import Member, Partition
from zoneproxy.boundary.topic_ids import check_id
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.share_fetch_response import (
    LeaderIdAndEpoch,
    PartitionData,
    ShareFetchableTopicResponse,
    ShareFetchResponse,
)


class ShareFetched:
    """The reply to one request.

    ``verdict`` is about the session, None where it ends; ``named`` were acknowledged, ``errors`` are of those that
    might not be.
    """

    __slots__ = ("_errors", "_member", "_named", "_verdict")

    def __init__(
        self,
        member: Member,
        verdict: Verdict | None,
        named: frozenset[Partition],
        errors: Mapping[Partition, ErrorCode],
    ) -> None:
        self._member = member
        self._verdict = verdict
        self._named = named
        self._errors = errors

    def then(self, response: ShareFetchResponse, ctx: Context) -> bool:
        """Raises ProtocolError (``reply_mismatch``) for what was not asked for."""
        if response.error_code:
            ctx.session.sharing.drop(self._member)
        answered: dict[Partition, PartitionData] = {}
        for topic in response.responses:
            for data in topic.partitions:
                place = (topic.topic_id, data.partition_index)
                self._check(place, data)
                check_id(topic.topic_id, data.error_code, ctx)
                answered[place] = data
        if response.error_code:
            return False
        refused = self._refused()
        for place, (error, acknowledge_error) in refused.items():
            known = answered.get(place)
            if known is None:
                data = PartitionData(partition_index=place[1], current_leader=LeaderIdAndEpoch())
                response.responses.append(ShareFetchableTopicResponse(topic_id=place[0], partitions=[data]))
                known = data
            known.error_code = error or known.error_code
            known.acknowledge_error_code = acknowledge_error or known.acknowledge_error_code
        return bool(refused)

    def _check(self, place: Partition, data: PartitionData) -> None:
        """Records come for what is fetched; for what was only acknowledged, there is an answer to that."""
        if self._verdict is not None and place in self._verdict.allowed:
            return
        if place not in self._named or data.records or data.acquired_records:
            raise ProtocolError("reply_mismatch")

    def _refused(self) -> dict[Partition, tuple[int, int]]:
        """What was refused, to fetch and to acknowledge."""
        refused: dict[Partition, tuple[int, int]] = {place: (0, error) for place, error in self._errors.items()}
        if self._verdict is not None:
            for id_, index in self._verdict.refused:
                assert isinstance(id_, bytes)
                refused[id_, index] = (self._verdict.errors[id_], refused.get((id_, index), (0, 0))[1])
        return refused
