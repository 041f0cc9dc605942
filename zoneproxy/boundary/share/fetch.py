"""ShareFetch: READ on the group, and READ on every topic of the member's share session, at every request.

Acknowledgements that come with it take READ on their topics as well. What ``views`` does not let a share group have is
refused like a topic that may not be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from zoneproxy.boundary.cut import TopicKey
from zoneproxy.boundary.fetch_consumer import MAX_WAIT_MS
from zoneproxy.boundary.fetch_verdict import Verdict, judge
from zoneproxy.boundary.interceptor import Context, Eventually, Forward, LookUp, Outcome, Reply, Waiting
from zoneproxy.boundary.may import denied, group_error, may_topic
from zoneproxy.boundary.session_room import Room
from zoneproxy.boundary.share.fetch_replies import ShareFetched
from zoneproxy.boundary.share.reading import read_error
from zoneproxy.boundary.share.sessions import ENDS, OPENS, Partition, ShareSession, align, each, keep
from zoneproxy.boundary.share.views import is_shareable
from zoneproxy.boundary.topic_ids import name_of, unknown
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.share_fetch_request import ShareFetchRequest
from zoneproxy.wire.messages.share_fetch_response import ShareFetchResponse


class ShareFetchInterceptor:
    """Authorises ShareFetch; ``ctx.names`` then has the names of all topics that a reply may bring."""

    apis = frozenset({ApiKey.SHARE_FETCH})

    def __init__(self) -> None:
        self._room = Room()

    def request(self, message: ShareFetchRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        error = group_error(ctx, Operation.READ, message.group_id or "")
        if error is not None:
            return _refusal(error)
        needs = unknown(_ids(message, ctx), ctx)
        return _after_look_up(message, needs, ctx, self._room) if needs else _decide(message, ctx, self._room)


def _after_look_up(message: ShareFetchRequest, needs: Sequence[LookUp], ctx: Context, room: Room) -> Waiting[Outcome]:
    yield needs
    return _decide(message, ctx, room)


def _refusal(error: ErrorCode) -> Reply:
    return Reply(ShareFetchResponse(error_code=error))


def _member(message: ShareFetchRequest) -> tuple[str, str]:
    return message.group_id or "", message.member_id or ""


def _ids(message: ShareFetchRequest, ctx: Context) -> Iterable[bytes]:
    """Ids whose names the session does not have."""
    ids = dict.fromkeys(topic.topic_id for topic in message.topics)
    session = ctx.session.sharing.get(_member(message))
    if session is None or message.share_session_epoch == OPENS:
        return ids
    return [id_ for id_ in ids | dict.fromkeys(session.names) if not session.names.get(id_)]


def _decide(message: ShareFetchRequest, ctx: Context, room: Room) -> Outcome:
    member, sessions, epoch = _member(message), ctx.session.sharing, message.share_session_epoch
    acknowledged = [place for place, partition in each(message) if partition.acknowledgement_batches]
    if epoch == OPENS:
        if acknowledged:
            return _refusal(ErrorCode.INVALID_REQUEST)  # nothing can have been acquired yet
        session = sessions.open(member, room.lease())
        message.forgotten_topics_data, was_odd = [], bool(message.forgotten_topics_data)
    else:
        found, was_odd = sessions.get(member), False
        error = _mismatch(found, epoch, ctx)
        if found is None or error:
            return _refusal(error)
        session = found
    errors = _acknowledgement_errors(acknowledged, session, ctx)
    named = frozenset(acknowledged).difference(errors)
    edited = _bound_wait(message) | was_odd
    if epoch == ENDS:
        sessions.drop(member)
        edited |= keep(message, named)
        return Forward(ShareFetched(member, None, named, errors).then, edited)
    verdict = _go_on(session, message, ctx)
    if not session.fits():
        sessions.drop(member)
        return _refusal(ErrorCode.SHARE_SESSION_LIMIT_REACHED)
    allowed = cast("frozenset[Partition]", verdict.allowed)  # ids alone name topics here
    edited |= align(message, allowed, session.at_broker, named)
    session.at_broker = allowed
    session.advance(epoch)
    ctx.names = verdict.names
    return Forward(ShareFetched(member, verdict, named, errors).then, edited)


def _mismatch(session: ShareSession | None, epoch: int, ctx: Context) -> ErrorCode:
    """Kafka's error if the request does not go on with the session as it is.

    A zone that has changed may have other names for its topics.
    """
    if session is None or session.verdict is None:
        return ErrorCode.SHARE_SESSION_NOT_FOUND
    zone, snapshot = ctx.session.zone, session.verdict.snapshot
    if snapshot is not ctx.snapshot and snapshot.zones.get(zone) != ctx.snapshot.zones.get(zone):
        return ErrorCode.SHARE_SESSION_NOT_FOUND
    return ErrorCode.NONE if epoch in (ENDS, session.epoch) else ErrorCode.INVALID_SHARE_SESSION_EPOCH


def _acknowledgement_errors(
    acknowledged: Iterable[Partition], session: ShareSession, ctx: Context
) -> dict[Partition, ErrorCode]:
    """Those that may not be acknowledged."""
    names = {id_: session.names.get(id_) or name_of(id_, ctx) for id_ in dict.fromkeys(id_ for id_, _ in acknowledged)}
    errors = {id_: error for id_, name in names.items() if (error := read_error(name, ctx))}
    return {place: errors[place[0]] for place in acknowledged if place[0] in errors}


def _go_on(session: ShareSession, message: ShareFetchRequest, ctx: Context) -> Verdict:
    """Decide on all of the session as the request leaves it."""
    verdict = session.verdict
    changed = session.update(message, lambda id_: name_of(id_, ctx))
    if verdict is None or changed or not verdict.holds(ctx):
        group = message.group_id or ""
        names = cast("Mapping[TopicKey, str]", session.names)
        verdict = session.verdict = judge(session.partitions, names, ctx, lambda name, ctx: _shared(group, name, ctx))
    _tell(verdict, ctx)
    return verdict


def _shared(group: str, name: str, ctx: Context) -> bool:
    return ctx.observe or is_shareable(ctx.snapshot, ctx.session.zone, ctx.home, group, name)


def _tell(verdict: Verdict, ctx: Context) -> None:
    """Leave the refusals behind as facts."""
    for id_, error in verdict.errors.items():
        name = verdict.names[id_]
        why = "unknown_topic_id" if not name else "acl" if not may_topic(ctx, Operation.READ, name) else "share_view"
        denied(ctx, Operation.READ, name, error, why=why)


def _bound_wait(message: ShareFetchRequest) -> bool:
    if message.max_wait_ms <= MAX_WAIT_MS:
        return False
    message.max_wait_ms = MAX_WAIT_MS
    return True
