"""Requests that are refused as wholes if anything that they say may not be said.

What members of groups hand to each other through the broker (the bytes of JoinGroup and SyncGroup are looked through
as they are), ids of groups, members, instances and transactions, racks, reasons, patterns, tags: all that a broker
keeps, logs, or tells somebody else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zoneproxy.boundary.interceptor import GO_ON, Context, Eventually, Outcome, Reply, Waiting, waited
from zoneproxy.boundary.said.names import TopicNames
from zoneproxy.boundary.said.screen import Screen, aside
from zoneproxy.boundary.said.texts import texts_of
from zoneproxy.boundary.streams.topology import internal_topics
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages import alter_client_quotas_response as quotas
from zoneproxy.wire.messages.add_offsets_to_txn_response import AddOffsetsToTxnResponse
from zoneproxy.wire.messages.alter_share_group_offsets_response import AlterShareGroupOffsetsResponse
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_group_heartbeat_response import ConsumerGroupHeartbeatResponse
from zoneproxy.wire.messages.init_producer_id_response import InitProducerIdResponse
from zoneproxy.wire.messages.join_group_response import JoinGroupResponse
from zoneproxy.wire.messages.leave_group_response import LeaveGroupResponse
from zoneproxy.wire.messages.message import Message
from zoneproxy.wire.messages.share_group_heartbeat_response import ShareGroupHeartbeatResponse
from zoneproxy.wire.messages.streams_group_heartbeat_response import StreamsGroupHeartbeatResponse
from zoneproxy.wire.messages.sync_group_response import SyncGroupResponse

ERROR = ErrorCode.POLICY_VIOLATION
HOLDS_DATA = "The policy finds data in the request that may not be there."
MEMBER_DATA = "member_data"
NULL_PROTOCOL_FROM_VERSION = 7  # of JoinGroup

Refusal = Callable[[Any, int], Message]


def _quotas_unchanged(request: Any, version: int) -> Message:
    entries = [
        quotas.EntryData(
            error_code=ERROR,
            error_message=HOLDS_DATA,
            entity=[
                quotas.EntityData(entity_type=part.entity_type, entity_name=part.entity_name) for part in entry.entity
            ],
        )
        for entry in request.entries
    ]
    return quotas.AlterClientQuotasResponse(entries=entries)


def not_joined(request: Any, version: int) -> Message:
    """The answer to a JoinGroup. Kafka says "no protocol" by null where it can."""
    return JoinGroupResponse(error_code=ERROR, protocol_name=None if version >= NULL_PROTOCOL_FROM_VERSION else "")


_REFUSALS: dict[ApiKey, Refusal] = {
    ApiKey.JOIN_GROUP: not_joined,
    ApiKey.SYNC_GROUP: lambda *_: SyncGroupResponse(error_code=ERROR),
    ApiKey.LEAVE_GROUP: lambda *_: LeaveGroupResponse(error_code=ERROR),
    ApiKey.CONSUMER_GROUP_HEARTBEAT: lambda *_: ConsumerGroupHeartbeatResponse(
        error_code=ERROR, error_message=HOLDS_DATA
    ),
    ApiKey.SHARE_GROUP_HEARTBEAT: lambda *_: ShareGroupHeartbeatResponse(error_code=ERROR, error_message=HOLDS_DATA),
    ApiKey.STREAMS_GROUP_HEARTBEAT: lambda *_: StreamsGroupHeartbeatResponse(
        error_code=ERROR, error_message=HOLDS_DATA
    ),
    ApiKey.INIT_PRODUCER_ID: lambda *_: InitProducerIdResponse(error_code=ERROR, producer_epoch=-1),
    ApiKey.ADD_OFFSETS_TO_TXN: lambda *_: AddOffsetsToTxnResponse(error_code=ERROR),
    ApiKey.ALTER_SHARE_GROUP_OFFSETS: lambda *_: AlterShareGroupOffsetsResponse(
        error_code=ERROR, error_message=HOLDS_DATA
    ),
    ApiKey.ALTER_CLIENT_QUOTAS: _quotas_unchanged,
}
_OF_MEMBERS = frozenset({ApiKey.JOIN_GROUP, ApiKey.SYNC_GROUP})


class RequestTextsInterceptor:
    """See the module."""

    apis = frozenset(_REFUSALS)

    def __init__(self, screen: Screen, names: TopicNames) -> None:
        self._screen = screen
        self._names = names

    def request(self, message: Any, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        api = ApiKey(ctx.header.api_key)
        if api is ApiKey.STREAMS_GROUP_HEARTBEAT and message.topology is not None:
            return self._with_topology(message, ctx)
        return self._whole(message, api, ctx)

    def _with_topology(self, message: Any, ctx: Context) -> Waiting[Outcome]:
        """Topics that the broker makes for a topology are new ones, if they are not there yet."""
        new = internal_topics(message.topology.subtopologies)
        refusals = yield from waited(self._names.refusals(new, ctx))
        for why in refusals.values():
            return Reply(StreamsGroupHeartbeatResponse(error_code=ERROR, error_message=why))
        whole: Waiting[Outcome] = waited(self._whole(message, ApiKey.STREAMS_GROUP_HEARTBEAT, ctx))
        return (yield from whole)

    def _whole(self, message: Any, api: ApiKey, ctx: Context) -> Eventually[Outcome]:
        hearing = self._screen.hearing(ctx)
        if hearing is None:
            return GO_ON
        texts = list(texts_of(message))
        size = sum(len(text) for _, text in texts)

        def decide() -> Outcome:
            if api in _OF_MEMBERS and size > self._screen.max_member_bytes:
                clean = not hearing.refuse(MEMBER_DATA, "too_large")
            elif hearing.hears_nothing([text for _, text in texts]):
                return GO_ON
            elif hearing.is_too_much(MEMBER_DATA, [text for _, text in texts]):
                clean = False
            else:
                allowed = [hearing.allows(place, text) for place, text in texts]  # each is told of
                clean = all(allowed)
            hearing.tell(ctx)
            return GO_ON if clean else Reply(_REFUSALS[api](message, ctx.header.api_version))

        return aside(decide, size)
