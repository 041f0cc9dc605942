"""Requests that were decided before: Produce of one batch, which differs from the one before in its records only.

A producer that waits for each of its records says the same again and again: its name, its acks, the topic, and then
another batch. What is decided rests on the first part, on the policy, and on very little of the batch; so what was
decided of the last such request holds for the next one. All that it rests on is compared: whatever differs goes down
the chain. Nothing is remembered of a request that was changed, refused, looked into or waited for, or that left
anything behind to be told.

This is no shortcut around the chain's decisions but their memory. Whoever lets another interceptor decide about
Produce by something else than what is compared here has to compare that as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from struct import Struct
from typing import TYPE_CHECKING

from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.plain_replies import DONE_TO_PRODUCE
from zoneproxy.boundary.produced import IDS_FROM_VERSION
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import check_produced
from zoneproxy.wire.codec import Decoded, RequestHeader
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.produce_request import ProduceRequest
from zoneproxy.wire.single_produce import FLEXIBLE_FROM, index_at, read_single_batch

if TYPE_CHECKING:
    from zoneproxy.boundary.chain import Routed
    from zoneproxy.boundary.interceptor import SessionFacts
    from zoneproxy.policy.model import Principal
    from zoneproxy.policy.snapshot import PolicySnapshot
    from zoneproxy.wire.messages.message import Message

_PRODUCE = int(ApiKey.PRODUCE)
_KIND, _CORRELATION_ID, _CLIENT_ID = 4, 8, 12  # where they stand in a frame; the length comes before all
_READ_CORRELATION_ID = Struct(">i").unpack_from


@dataclass(slots=True)
class Familiar:
    """The last request of a session that was of this kind, and what was decided about it."""

    snapshot: PolicySnapshot
    principal: Principal
    header: RequestHeader
    topic_id: bytes | None  # None: the topic is named
    topic: str
    kind: bytes  # the API and its version
    opening: bytes  # from the client id to the number of partitions
    index_at: int  # where that ends
    attributes: int  # of the batch
    routed: Routed


def recall(
    frame: bytes | bytearray, session: SessionFacts, snapshot: PolicySnapshot, now: float
) -> tuple[Context, Routed] | None:
    """What was decided about the last request, if the same would be decided about this one. Raises nothing."""
    known = session.familiar
    if (
        known is None
        or known.snapshot is not snapshot
        or known.principal is not session.principal
        or session.client_id is not known.header.client_id
        or session.client_id_under is not snapshot
        or not frame.startswith(known.opening, _CLIENT_ID)
        or not frame.startswith(known.kind, _KIND)
        or session.holes.count
        or (known.topic_id is not None and session.cluster.name_of(known.topic_id, now) != known.topic)
    ):
        return None
    batch = read_single_batch(frame, known.index_at)
    if batch is None or batch.attributes != known.attributes:
        return None
    try:
        check_produced(batch)
    except ProtocolError:
        return None
    header = known.header
    (correlation_id,) = _READ_CORRELATION_ID(frame, _CORRELATION_ID)
    again = RequestHeader(header.api_key, header.api_version, correlation_id, header.client_id, header.body)
    return Context(session, again, snapshot, now), known.routed


def remember(frame: bytes | bytearray, decoded: Decoded[Message], ctx: Context, routed: Routed) -> None:
    """The chain has decided about a request without waiting for anything: the next one may be the same."""
    session, header, message = ctx.session, ctx.header, decoded.message
    if header.api_key != _PRODUCE or header.api_version < FLEXIBLE_FROM or not header.client_id:
        return
    assert isinstance(message, ProduceRequest)
    if len(message.topic_data) != 1 or len(message.topic_data[0].partition_data) != 1:
        return
    topic = message.topic_data[0]
    at = index_at(frame, topic.partition_data[0].records or b"")
    batch = read_single_batch(frame, at)
    if batch is None or not decoded.exact or not _holds(ctx, routed) or session.client_id != header.client_id:
        return
    header.client_id = session.client_id
    session.familiar = Familiar(
        snapshot=ctx.snapshot,
        principal=session.principal,
        header=header,
        topic_id=topic.topic_id if header.api_version >= IDS_FROM_VERSION else None,
        topic=topic.name,
        kind=bytes(frame[_KIND:_CORRELATION_ID]),
        opening=bytes(frame[_CLIENT_ID:at]),
        index_at=at,
        attributes=batch.attributes,
        routed=routed,
    )


def _holds(ctx: Context, routed: Routed) -> bool:
    """Whether the decision rests on nothing that is not compared, and leaves nothing behind that is this request's."""
    return (
        routed.forward
        and not routed.edited
        and DONE_TO_PRODUCE.issuperset(routed.thens)
        and not ctx.facts
        and not ctx.kept
        and not ctx.snapshot.glass_is_broken
        and ctx.session.namespace is None
    )
