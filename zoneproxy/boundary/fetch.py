"""Fetch: READ on every topic, and never anything but a consumer's full fetch.

Fetch sessions (KIP-227) would have a broker remember partitions that were decided on long ago. There are none through
the proxy: every fetch goes on as a full one without a session, and a reply's session id is 0, which tells a client
that it has none. So a revoked right stops a running consumer at its next fetch.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from zoneproxy.boundary.cut import Cut, Place, Refusal, Shape, TopicKey
from zoneproxy.boundary.interceptor import Context, Eventually, Forward, LookUp, Outcome, Reply, Waiting
from zoneproxy.boundary.may import denied, may_topic
from zoneproxy.boundary.topic_ids import check_id, name_of, unknown
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.model import Operation
from zoneproxy.wire.buffer import ZERO_UUID
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData

IDS_FROM_VERSION = 13

MAX_WAIT_MS = 60_000  # a longer one would keep a connection of the upstream busy for as long as the client likes
MAX_PARTITIONS = 100_000
CONSUMER = -1  # the replica id of whoever is not a broker
NO_SESSION = 0
FULL_WITHOUT_SESSION = -1  # the session epochs of KIP-227
FULL_WITH_NEW_SESSION = 0


class FetchInterceptor:
    """Authorises Fetch."""

    apis = frozenset({ApiKey.FETCH})

    def request(self, message: FetchRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module. From v13 on, ``topic.topic`` is filled in for the interceptors that follow."""
        if message.session_epoch not in (FULL_WITHOUT_SESSION, FULL_WITH_NEW_SESSION):
            return Reply(FetchResponse(error_code=ErrorCode.FETCH_SESSION_ID_NOT_FOUND))
        if ctx.header.api_version < IDS_FROM_VERSION:
            return _decide(message, ctx)
        needs = unknown((topic.topic_id for topic in message.topics), ctx)
        return _after_look_up(message, needs, ctx) if needs else _named(message, ctx)


def _after_look_up(message: FetchRequest, needs: Sequence[LookUp], ctx: Context) -> Waiting[Outcome]:
    yield needs
    return _named(message, ctx)


def _named(message: FetchRequest, ctx: Context) -> Outcome:
    for topic in message.topics:
        topic.topic = name_of(topic.topic_id, ctx)
    return _decide(message, ctx)


def _decide(message: FetchRequest, ctx: Context) -> Outcome:
    shape = _BY_ID if ctx.header.api_version >= IDS_FROM_VERSION else _BY_NAME
    asked = [(_asked_key(topic), p.partition) for topic in message.topics for p in topic.partitions]
    whole = _refusal_of_all(message, asked, ctx)
    refused: dict[Place, Refusal] = {}
    for t, topic in enumerate(message.topics):
        refusal = whole or _topic_refusal(topic, ctx)
        if refusal:
            refused |= {(t, p): refusal for p in range(len(topic.partitions))}
    edited = _as_consumer(message)
    if not refused:
        return Forward(_Fetched(frozenset(asked), shape).then, edited)
    cut = Cut(shape, message.topics, refused)
    if cut.forwarded == 0:
        return Reply(FetchResponse(responses=cut.merge(())))
    cut.apply(message.topics)
    return Forward(_Merged(cut).then, edited=True)


def _asked_key(topic: FetchTopic) -> TopicKey:
    """As the reply will name the topic; before v13 there are no ids."""
    return topic.topic if topic.topic_id == ZERO_UUID else topic.topic_id


def _refusal_of_all(message: FetchRequest, asked: Sequence[tuple[TopicKey, int]], ctx: Context) -> Refusal | None:
    state = message.replica_state
    if message.replica_id >= 0 or (state is not None and state.replica_id >= 0):
        # Kafka's answer to a follower without ClusterAction, which no client of ours has.
        denied(ctx, Operation.CLUSTER_ACTION, "", ErrorCode.TOPIC_AUTHORIZATION_FAILED, kind="cluster")
        return Refusal(ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    if len(asked) > MAX_PARTITIONS or (len(asked) > 1 and len(set(asked)) != len(asked)):
        return Refusal(ErrorCode.INVALID_REQUEST)
    return None


def _topic_refusal(topic: FetchTopic, ctx: Context) -> Refusal | None:
    if not topic.topic and ctx.header.api_version >= IDS_FROM_VERSION:
        denied(ctx, Operation.READ, "", ErrorCode.UNKNOWN_TOPIC_ID, why="unknown_topic_id")
        return Refusal(ErrorCode.UNKNOWN_TOPIC_ID)
    if not may_topic(ctx, Operation.READ, topic.topic):
        denied(ctx, Operation.READ, topic.topic, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
        return Refusal(ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    return None


def _as_consumer(message: FetchRequest) -> bool:
    """Make it a consumer's full fetch without a session. True if it was not one."""
    if (
        message.session_epoch == FULL_WITHOUT_SESSION
        and message.session_id == NO_SESSION
        and message.max_wait_ms <= MAX_WAIT_MS
        and message.replica_id == CONSUMER
        and message.replica_state is None
        and not message.forgotten_topics_data
    ):
        return False
    message.session_id, message.session_epoch = NO_SESSION, FULL_WITHOUT_SESSION
    message.max_wait_ms = min(message.max_wait_ms, MAX_WAIT_MS)
    message.replica_id, message.replica_state = CONSUMER, None
    message.forgotten_topics_data = []
    return True


# --- replies -------------------------------------------------------------------------------------------------


def _without_session(response: FetchResponse, ctx: Context) -> bool:
    for topic in response.responses:
        for partition in topic.partitions:
            if partition.error_code:
                check_id(topic.topic_id, partition.error_code, ctx)
    if response.session_id == NO_SESSION:
        return False
    response.session_id = NO_SESSION
    return True


class _Fetched:
    """Nothing was refused: the reply holds partitions that were asked for, and no others."""

    def __init__(self, asked: frozenset[tuple[TopicKey, int]], shape: FetchShape) -> None:
        self._asked = asked
        self._shape = shape

    def then(self, response: FetchResponse, ctx: Context) -> bool:
        for topic in response.responses:
            key = self._shape.reply_key(topic)
            for partition in topic.partitions:
                if (key, partition.partition_index) not in self._asked:
                    raise ProtocolError("reply_mismatch")
        return _without_session(response, ctx)


class _Merged:
    """Something was refused, and comes back in where it was asked for."""

    def __init__(self, cut: FetchCut) -> None:
        self._cut = cut

    def then(self, response: FetchResponse, ctx: Context) -> bool:
        _without_session(response, ctx)
        # With an error for the whole request, the broker says nothing of partitions, and so do we.
        response.responses = [] if response.error_code else self._cut.merge(response.responses)
        return True


FetchCut = Cut[FetchTopic, FetchPartition, FetchableTopicResponse, PartitionData]
FetchShape = Shape[FetchTopic, FetchPartition, FetchableTopicResponse, PartitionData]


def _refused(index: int, refusal: Refusal) -> PartitionData:
    return PartitionData(partition_index=index, error_code=refusal.error, high_watermark=-1)


def _shape(reply_key: Callable[[FetchableTopicResponse], TopicKey]) -> FetchShape:
    return Shape(
        asked_partitions=lambda topic: topic.partitions,
        asked_index=lambda partition: partition.partition,
        reply_topic=lambda topic: FetchableTopicResponse(topic=topic.topic, topic_id=topic.topic_id),
        reply_key=reply_key,
        reply_partitions=lambda topic: topic.partitions,
        reply_index=lambda partition: partition.partition_index,
        refused=_refused,
    )


_BY_NAME = _shape(lambda topic: topic.topic)
_BY_ID = _shape(lambda topic: topic.topic_id)
