"""Produce: WRITE on every topic; WRITE on the transactional id as soon as a batch is transactional.

Which batches are transactional is read from their own attributes (CVE-2018-17196), not from whether the request
carries a transactional id. Records are looked at further down the chain.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from zoneproxy.boundary.cut import Cut, Place, Refusal, Shape, TopicKey
from zoneproxy.boundary.interceptor import (
    GO_ON,
    GO_ON_UNANSWERED,
    Close,
    Context,
    Eventually,
    Forward,
    LookUp,
    Outcome,
    Reply,
    Then,
    Waiting,
)
from zoneproxy.boundary.may import denied, may_resource, may_topic
from zoneproxy.boundary.produced import IDS_FROM_VERSION, note_hole
from zoneproxy.boundary.topic_ids import check_id, name_of, unknown
from zoneproxy.boundary.topics import MAX_NAME_LENGTH
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.messages.produce_response import (
    PartitionProduceResponse,
    ProduceResponse,
    TopicProduceResponse,
)

_ATTRIBUTES_LOW_BYTE = 22
_TRANSACTIONAL = 0x10
_WRITE = Operation.WRITE  # to look it up in its class takes longer than most of what is done with it


class ProduceInterceptor:
    """Authorises Produce."""

    apis = frozenset({ApiKey.PRODUCE})

    def request(self, message: ProduceRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module. From v13 on, ``topic.name`` is filled in for the interceptors that follow."""
        if ctx.header.api_version < IDS_FROM_VERSION:
            return _decide(message, ctx)
        cluster = ctx.session.cluster
        for topic in message.topic_data:
            name = cluster.name_of(topic.topic_id, ctx.now)
            if name is None:
                needs = unknown((topic.topic_id for topic in message.topic_data), ctx)
                return _after_look_up(message, needs, ctx) if needs else _named(message, ctx)
            topic.name = name
        return _decide(message, ctx)


def _after_look_up(message: ProduceRequest, needs: Sequence[LookUp], ctx: Context) -> Waiting[Outcome]:
    yield needs
    return _named(message, ctx)


def _named(message: ProduceRequest, ctx: Context) -> Outcome:
    for topic in message.topic_data:
        topic.name = name_of(topic.topic_id, ctx)
    return _decide(message, ctx)


def _decide(message: ProduceRequest, ctx: Context) -> Outcome:
    whole = _refusal_of_all(message, ctx)
    if whole is not None:
        return _refuse(message, _everything(message, whole), ctx)
    refused: dict[Place, Refusal] = {}
    wrong_acks = None if message.acks in (-1, 0, 1) else ErrorCode.INVALID_REQUIRED_ACKS
    for t, topic in enumerate(message.topic_data):
        error = _topic_error(topic.name, ctx) or wrong_acks
        if error:
            refused |= {(t, p): Refusal(error) for p in range(len(topic.partition_data))}
    if not refused and ctx.header.api_version >= IDS_FROM_VERSION:
        return _CHECKED if message.acks != 0 else _CHECKED_UNANSWERED
    return _refuse(message, refused, ctx)


def _refuse(message: ProduceRequest, refused: Mapping[Place, Refusal], ctx: Context) -> Outcome:
    for t, p in refused:
        topic = message.topic_data[t]
        note_hole(topic, topic.partition_data[p], ctx)
    return refuse(message, refused, ctx)


def _refusal_of_all(message: ProduceRequest, ctx: Context) -> Refusal | None:
    """A reason to refuse the request whatever its topics are."""
    if _is_transactional(message):
        id_ = message.transactional_id
        if id_ is None or not may_resource(ctx, Operation.WRITE, ResourceType.TRANSACTIONAL_ID, id_):
            error = ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
            denied(ctx, Operation.WRITE, id_ or "", error, kind="transactional_id")
            return Refusal(error)
    if _has_duplicates(message):
        return Refusal(ErrorCode.INVALID_REQUEST)
    return None


def _is_transactional(message: ProduceRequest) -> bool:
    """Whether a batch is. Where a partition holds more than one, it is refused in the records step."""
    for topic in message.topic_data:
        for partition in topic.partition_data:
            records = partition.records
            if records and len(records) > _ATTRIBUTES_LOW_BYTE and records[_ATTRIBUTES_LOW_BYTE] & _TRANSACTIONAL:
                return True
    return False


def _has_duplicates(message: ProduceRequest) -> bool:
    topics = message.topic_data
    if len(topics) == 1 and len(topics[0].partition_data) == 1:
        return False
    places = [(t.topic_id, t.name, p.index) for t in topics for p in t.partition_data]
    return len(set(places)) != len(places)


def _topic_error(name: str, ctx: Context) -> ErrorCode | None:
    if not name and ctx.header.api_version >= IDS_FROM_VERSION:
        denied(ctx, Operation.WRITE, "", ErrorCode.UNKNOWN_TOPIC_ID, why="unknown_topic_id")
        return ErrorCode.UNKNOWN_TOPIC_ID
    if not may_topic(ctx, _WRITE, name):
        denied(ctx, Operation.WRITE, name, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
        return ErrorCode.TOPIC_AUTHORIZATION_FAILED
    if len(name) > MAX_NAME_LENGTH:  # Kafka's answer; nobody here is to keep such a name
        return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    return None


def _everything(message: ProduceRequest, refusal: Refusal) -> dict[Place, Refusal]:
    return {(t, p): refusal for t, topic in enumerate(message.topic_data) for p in range(len(topic.partition_data))}


# --- cut and merge, for whoever refuses partitions of a Produce ----------------------------------------------


def refuse(message: ProduceRequest, refused: Mapping[Place, Refusal], ctx: Context) -> Outcome:
    """Forward what is not refused; with acks=0 nobody would learn of a refusal, so Kafka closes, and so do we."""
    if not refused:
        return GO_ON if message.acks != 0 else GO_ON_UNANSWERED
    if message.acks == 0:
        return Close("acks_0")
    cut = Cut(_BY_ID if ctx.header.api_version >= IDS_FROM_VERSION else _BY_NAME, message.topic_data, refused)
    if cut.forwarded == 0:
        return Reply(ProduceResponse(responses=cut.merge(())))
    cut.apply(message.topic_data)
    return Forward(_merge(cut), edited=True)


ProduceCut = Cut[TopicProduceData, PartitionProduceData, TopicProduceResponse, PartitionProduceResponse]
ProduceShape = Shape[TopicProduceData, PartitionProduceData, TopicProduceResponse, PartitionProduceResponse]


def _merge(cut: ProduceCut) -> Then:
    def then(response: ProduceResponse, ctx: Context) -> bool:
        check_ids(response, ctx)
        response.responses = cut.merge(response.responses)
        return True

    return then


def check_ids(response: ProduceResponse, ctx: Context) -> bool:
    """Forget topic ids that the broker does not know (any more)."""
    for topic in response.responses:
        for partition in topic.partition_responses:
            if partition.error_code:
                check_id(topic.topic_id, partition.error_code, ctx)
    return False


_CHECKED = Forward(check_ids)
_CHECKED_UNANSWERED = Forward(check_ids, expects_reply=False)


def _refused(index: int, refusal: Refusal) -> PartitionProduceResponse:
    return PartitionProduceResponse(
        index=index, error_code=refusal.error, base_offset=-1, error_message=refusal.message
    )


def _shape(reply_key: Callable[[TopicProduceResponse], TopicKey]) -> ProduceShape:
    return Shape(
        asked_partitions=lambda topic: topic.partition_data,
        asked_index=lambda partition: partition.index,
        reply_topic=lambda topic: TopicProduceResponse(name=topic.name, topic_id=topic.topic_id),
        reply_key=reply_key,
        reply_partitions=lambda topic: topic.partition_responses,
        reply_index=lambda partition: partition.index,
        refused=_refused,
    )


_BY_NAME = _shape(lambda topic: topic.name)
_BY_ID = _shape(lambda topic: topic.topic_id)
