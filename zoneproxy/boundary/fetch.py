"""Fetch: READ on every topic, for all partitions of the client's fetch session, at every fetch.

So a revoked right stops a running consumer at its next fetch, and a right that is granted lets it go on. What is
refused stands in every reply, as Kafka puts partitions with errors into every reply of a session; what is not waits
at the broker, for as long as the client likes to wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from zoneproxy.boundary.cut import TopicKey
from zoneproxy.boundary.fetch_consumer import as_consumer, is_follower
from zoneproxy.boundary.fetch_partitions import (
    FULL_WITH_NEW_SESSION,
    FULL_WITHOUT_SESSION,
    IDS_FROM_VERSION,
    Partition,
    each,
    is_full,
    named,
    topic_key,
)
from zoneproxy.boundary.fetch_replies import Fetched, refused_topics
from zoneproxy.boundary.fetch_sessions import FetchSession
from zoneproxy.boundary.fetch_verdict import judge
from zoneproxy.boundary.interceptor import Context, Eventually, Forward, LookUp, Outcome, Reply, Waiting
from zoneproxy.boundary.may import denied
from zoneproxy.boundary.session_room import Room
from zoneproxy.boundary.topic_ids import name_of, unknown
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import FetchRequest
from zoneproxy.wire.messages.fetch_response import FetchResponse

MAX_PARTITIONS_AT_ONCE = 100_000


class FetchInterceptor:
    """Authorises Fetch; ``ctx.names`` then has the names of all topics that a reply may bring."""

    apis = frozenset({ApiKey.FETCH})

    def __init__(self) -> None:
        self._room = Room()

    def request(self, message: FetchRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        if ctx.header.api_version < IDS_FROM_VERSION:
            return _decide(message, ctx, self._room)
        needs = unknown(_new_ids(message, ctx), ctx)
        return _after_look_up(message, needs, ctx, self._room) if needs else _decide(message, ctx, self._room)


def _after_look_up(message: FetchRequest, needs: Sequence[LookUp], ctx: Context, room: Room) -> Waiting[Outcome]:
    yield needs
    return _decide(message, ctx, room)


def _new_ids(message: FetchRequest, ctx: Context) -> Iterable[bytes]:
    """Ids whose names the session does not have."""
    ids = dict.fromkeys(topic.topic_id for topic in message.topics)
    session = ctx.session.fetching.current
    if session is None or is_full(message) or not session.by_id:
        return ids
    if session.verdict.nameless:
        ids |= dict.fromkeys(key for key in session.names if isinstance(key, bytes))
    return [id_ for id_ in ids if not session.names.get(id_)]


def _name(key: TopicKey, ctx: Context) -> str:
    return name_of(key, ctx) if isinstance(key, bytes) else key


def _decide(message: FetchRequest, ctx: Context, room: Room) -> Outcome:
    by_id = ctx.header.api_version >= IDS_FROM_VERSION
    if is_full(message):
        return _full(message, by_id, ctx, room)
    return _incremental(message, by_id, ctx)


# --- everything is named -------------------------------------------------------------------------------------


def _full(message: FetchRequest, by_id: bool, ctx: Context, room: Room) -> Outcome:
    partitions = named(message, by_id)
    error = _error_of_all(message, len(partitions), ctx)
    if error:
        asked = [place for place, _ in each(message, by_id)]
        return Reply(FetchResponse(responses=refused_topics(asked, dict.fromkeys((key for key, _ in asked), error))))
    if by_id:
        names: dict[TopicKey, str] = {topic.topic_id: name_of(topic.topic_id, ctx) for topic in message.topics}
    else:
        names = {topic.topic: topic.topic for topic in message.topics}
    verdict = judge(partitions, names, ctx)
    if verdict.errors:
        verdict.tell(ctx)
    sessions = ctx.session.fetching
    opens = message.session_epoch == FULL_WITH_NEW_SESSION
    if sessions.current is not None and (opens or message.session_id == sessions.current.id):
        sessions.drop()
    if partitions and not verdict.allowed:
        return Reply(FetchResponse(responses=refused_topics(verdict.refused, verdict.errors)))
    session = FetchSession(partitions, verdict, by_id, room.lease()) if opens else None
    if session is not None and not session.fits():
        session = None
    edited = as_consumer(message) | _set_session(message, sessions.to_close(), opens=session is not None)
    if verdict.refused:
        _cut(message, verdict.allowed, by_id)
        edited = True
    ctx.names = names
    return Forward(Fetched(verdict, session, opens=True).then, edited)


def _error_of_all(message: FetchRequest, distinct: int, ctx: Context) -> ErrorCode:
    if is_follower(message):
        _tell_follower(ctx)
        return ErrorCode.TOPIC_AUTHORIZATION_FAILED
    count = sum([len(topic.partitions) for topic in message.topics])
    if count > MAX_PARTITIONS_AT_ONCE or count != distinct:
        return ErrorCode.INVALID_REQUEST
    return ErrorCode.NONE


def _tell_follower(ctx: Context) -> None:
    denied(ctx, Operation.CLUSTER_ACTION, "", ErrorCode.TOPIC_AUTHORIZATION_FAILED, kind="cluster")


def _set_session(message: FetchRequest, closes: int, *, opens: bool) -> bool:
    """A full fetch closes a session of this connection at the broker, and no other's; True if it had to be changed."""
    epoch = FULL_WITH_NEW_SESSION if opens else FULL_WITHOUT_SESSION
    if (message.session_id, message.session_epoch) == (closes, epoch) and not message.forgotten_topics_data:
        return False
    message.session_id, message.session_epoch, message.forgotten_topics_data = closes, epoch, []
    return True


def _cut(message: FetchRequest, allowed: frozenset[Partition], by_id: bool) -> None:
    for topic in message.topics:
        key = topic_key(topic, by_id)
        topic.partitions = [p for p in topic.partitions if (key, p.partition) in allowed]
    message.topics = [topic for topic in message.topics if topic.partitions]


# --- within a session ----------------------------------------------------------------------------------------


def _incremental(message: FetchRequest, by_id: bool, ctx: Context) -> Outcome:
    sessions = ctx.session.fetching
    session = sessions.current
    error = ErrorCode.FETCH_SESSION_ID_NOT_FOUND if session is None else session.mismatch(message, by_id)
    if session is None or error:
        return Reply(FetchResponse(error_code=error))
    if not _go_on(session, message, ctx):
        sessions.drop()
        return Reply(FetchResponse(error_code=ErrorCode.FETCH_SESSION_ID_NOT_FOUND))
    verdict = session.verdict
    if is_follower(message):
        _tell_follower(ctx)
        errors = dict.fromkeys(session.names, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
        return _refused_here(session, session.partitions, errors)
    if verdict.errors:
        verdict.tell(ctx)
    if not session.partitions:
        sessions.ended(session)  # the broker ends a session with nothing in it, as this request will leave it
    elif not verdict.allowed:
        return _refused_here(session, verdict.refused, verdict.errors)
    opens, edited = session.align(message)
    edited |= as_consumer(message)
    ctx.names = verdict.names
    return Forward(Fetched(verdict, session, opens=opens).then, edited)


def _refused_here(
    session: FetchSession, partitions: Iterable[Partition], errors: Mapping[TopicKey, ErrorCode]
) -> Outcome:
    """With nothing left that could be waited for, Kafka answers at once, too."""
    session.stay_away()
    return Reply(FetchResponse(session_id=session.id, responses=refused_topics(partitions, errors)))


def _go_on(session: FetchSession, message: FetchRequest, ctx: Context) -> bool:
    """Decide on all of the session as the request leaves it. False: it cannot go on.

    A zone that has changed may have other names for its topics.
    """
    zone = ctx.session.zone
    verdict = session.verdict
    if verdict.snapshot is not ctx.snapshot and verdict.snapshot.zones.get(zone) != ctx.snapshot.zones.get(zone):
        return False
    changed = session.update(message, lambda key: _name(key, ctx))
    if changed or not verdict.holds(ctx):
        session.verdict = judge(session.partitions, session.names, ctx)
    return not changed or session.fits()
