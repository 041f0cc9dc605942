"""Requests that were decided before: Produce of one batch, which differs from an earlier one in its records only.

A producer that waits for each of its records says the same again and again: its name, its acks, the topic, and then
another batch. What is decided rests on the first part, on the policy, and on very little of the batch; so what was
decided of one such request holds for the next one. All that it rests on is compared: whatever differs goes down the
chain. Nothing is remembered of a request that was changed, refused, looked into or waited for, or that left
anything behind to be told.

This is no shortcut around the chain's decisions but their memory. Whoever lets another interceptor decide about
Produce by something else than what is compared here has to compare that as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.plain_replies import DONE_TO_PRODUCE
from zoneproxy.boundary.produced import IDS_FROM_VERSION
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.batch import check_produced
from zoneproxy.wire.codec import Decoded, RequestHeader
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.produce_request import ProduceRequest
from zoneproxy.wire.single_produce import FLEXIBLE_FROM, index_at, index_before, read_single_batch

if TYPE_CHECKING:
    from zoneproxy.boundary.chain import Routed
    from zoneproxy.boundary.interceptor import SessionFacts
    from zoneproxy.policy.model import Principal
    from zoneproxy.policy.snapshot import PolicySnapshot
    from zoneproxy.wire.messages.message import Message

MAX_REMEMBERED = 16
"""Of one session: a client has all its topics of one broker in one connection, and few have more."""
MAX_OPENING = 384
"""Bytes; a client's name could be very long."""

_PRODUCE = int(ApiKey.PRODUCE)
_KIND, _CORRELATION_ID, _CLIENT_ID = 4, 8, 12  # where they stand in a frame; the length comes before all
_READ_CORRELATION_ID = Struct(">i").unpack_from


class _Known(NamedTuple):
    """What was decided about a request, and what of it that rested on beside its opening."""

    kind: bytes  # the API and its version
    header: RequestHeader
    topic_id: bytes | None  # None: the topic is named
    topic: str
    attributes: int  # of the batch
    routed: Routed


@dataclass(slots=True)
class Familiar:
    """What is remembered of one session; all of it holds for one policy, one principal, and one name of the client."""

    snapshot: PolicySnapshot
    principal: Principal
    client_id: str
    # By what a request says from the client id to the number of partitions.
    known: dict[bytes, _Known] = field(default_factory=dict)

    def holds(self, session: SessionFacts, snapshot: PolicySnapshot) -> bool:
        """Whether it does for the next request."""
        return (
            self.snapshot is snapshot
            and self.principal is session.principal
            and self.client_id is session.client_id
            and session.client_id_under is snapshot
        )


def recall(
    frame: bytes | bytearray, session: SessionFacts, snapshot: PolicySnapshot, now: float
) -> tuple[Context, Routed] | None:
    """What was decided about such a request, if the same would be decided about this one. Raises nothing."""
    familiar = session.familiar
    if familiar is None or not familiar.holds(session, snapshot):
        return None
    at = index_at(frame)
    known = familiar.known.get(bytes(frame[_CLIENT_ID:at]))
    if known is None or not frame.startswith(known.kind, _KIND) or session.holes.count:
        return None
    _, header, topic_id, topic, attributes, routed = known
    if topic_id is not None and session.cluster.name_of(topic_id, now) != topic:
        return None
    batch = read_single_batch(frame, at)
    if batch is None or batch.attributes != attributes:
        return None
    try:
        check_produced(batch)
    except ProtocolError:
        return None
    (correlation_id,) = _READ_CORRELATION_ID(frame, _CORRELATION_ID)
    again = RequestHeader(header.api_key, header.api_version, correlation_id, header.client_id, header.body)
    return Context(session, again, snapshot, now), routed


def remember(frame: bytes | bytearray, decoded: Decoded[Message], ctx: Context, routed: Routed) -> None:
    """The chain has decided about a request without waiting for anything: the next one may be the same."""
    header, message = ctx.header, decoded.message
    if header.api_key != _PRODUCE or header.api_version < FLEXIBLE_FROM or not _is_lasting(ctx, routed):
        return
    assert isinstance(message, ProduceRequest)
    at = index_at(frame)
    if len(message.topic_data) != 1 or not decoded.exact or at > MAX_OPENING:
        return
    (topic,) = message.topic_data
    if len(topic.partition_data) != 1 or at != index_before(frame, topic.partition_data[0].records or b""):
        return
    familiar = _familiar(ctx)
    batch = None if familiar is None else read_single_batch(frame, at)
    if familiar is None or batch is None:
        return
    header.client_id = familiar.client_id
    topic_id = topic.topic_id if header.api_version >= IDS_FROM_VERSION else None
    kind, opening = bytes(frame[_KIND:_CORRELATION_ID]), bytes(frame[_CLIENT_ID:at])
    familiar.known[opening] = _Known(kind, header, topic_id, topic.name, batch.attributes, routed)


def _familiar(ctx: Context) -> Familiar | None:
    """Where to remember it; None: nowhere, there is too much already, or nobody knows yet what the client is called."""
    session, name = ctx.session, ctx.session.client_id
    if not name or name != ctx.header.client_id or session.client_id_under is not ctx.snapshot:
        return None
    familiar = session.familiar
    if familiar is None or not familiar.holds(session, ctx.snapshot):
        familiar = session.familiar = Familiar(ctx.snapshot, session.principal, name)
    return familiar if len(familiar.known) < MAX_REMEMBERED else None


def _is_lasting(ctx: Context, routed: Routed) -> bool:
    """Whether a decision rests on nothing that is not compared, and leaves nothing behind that is this request's."""
    return (
        routed.forward
        and not routed.edited
        and DONE_TO_PRODUCE.issuperset(routed.thens)
        and not ctx.facts
        and not ctx.kept
        and not ctx.snapshot.glass_is_broken
        and ctx.session.namespace is None
        and not ctx.session.holes.count
    )
