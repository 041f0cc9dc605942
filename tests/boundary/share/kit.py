"""A broker with share sessions as KIP-932 has them, and a connection to it through the chain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.boundary.kit import NOW, batch, chain, context, finish, metadata, read_again, snapshot, through_the_wire
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.facts import Fact
from zoneproxy.boundary.interceptor import Context, LookUp, SessionFacts
from zoneproxy.boundary.share.sessions import Partition, each, forgotten
from zoneproxy.wire.codec import RequestHeader
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.metadata_response import MetadataResponseTopic
from zoneproxy.wire.messages.share_acknowledge_request import ShareAcknowledgeRequest
from zoneproxy.wire.messages.share_acknowledge_response import (
    PartitionData as AcknowledgedPartition,
)
from zoneproxy.wire.messages.share_acknowledge_response import (
    ShareAcknowledgeResponse,
    ShareAcknowledgeTopicResponse,
)
from zoneproxy.wire.messages.share_fetch_request import (
    AcknowledgementBatch,
    FetchPartition,
    FetchTopic,
    ForgottenTopic,
    ShareFetchRequest,
)
from zoneproxy.wire.messages.share_fetch_response import (
    AcquiredRecords,
    LeaderIdAndEpoch,
    PartitionData,
    ShareFetchableTopicResponse,
    ShareFetchResponse,
)

DENIED = ErrorCode.TOPIC_AUTHORIZATION_FAILED
UNKNOWN_ID = ErrorCode.UNKNOWN_TOPIC_ID
GROUP, MEMBER = "g", "AAAAAAAAAAAAAAAAAAAAAA"
TOPICS = ["a", "b", "c"]
ZONES = """
zones:
  payments: {level: restricted, owner: a@example.com, upstream: kafka-1}
  analytics: {level: internal, owner: b@example.com, upstream: kafka-2}
principals:
  - {name: clerk, zone: payments, match: {subject: {CN: clerk}}, roles: [reader]}
  - {name: dashboards, zone: analytics, match: {subject: {CN: dashboards}}, roles: [other]}
"""


def policy(*topics: str, group: str = GROUP, other: str = "nobody", flows: str = "[]", zones: str = ZONES) -> str:
    """Of a clerk who may read the group and these topics, and of dashboards that may read a group ``other``."""
    rules = "".join(f"    - {{allow: [read], topic: {topic}}}\n" for topic in topics)
    rules += f"    - {{allow: [read], group: {group}}}\n"
    reader = f"    - {{allow: [read], group: {other}}}\n    - {{allow: [read], topic: a}}\n"
    return zones + "roles:\n  reader:\n" + rules + "  other:\n" + reader + f"flows: {flows}\n"


def topic_id(name: str) -> bytes:
    return name.encode().ljust(16, b"#")


def asking(
    *names: str, epoch: int = 0, acknowledge: tuple[str, ...] = (), forget: tuple[str, ...] = (), **more: Any
) -> ShareFetchRequest:
    """Partition 0 of topics; ``acknowledge`` with an acknowledgement of record 0."""
    batch_ = AcknowledgementBatch(first_offset=0, last_offset=0, acknowledge_types=[1])
    topics = [
        FetchTopic(
            topic_id=topic_id(name),
            partitions=[FetchPartition(acknowledgement_batches=[batch_] if name in acknowledge else [])],
        )
        for name in dict.fromkeys(names + acknowledge)
    ]
    return ShareFetchRequest(
        group_id=more.pop("group", GROUP),
        member_id=more.pop("member", MEMBER),
        share_session_epoch=epoch,
        topics=topics,
        forgotten_topics_data=[ForgottenTopic(topic_id=topic_id(name), partitions=[0]) for name in forget],
        **more,
    )


@dataclass
class BrokerSession:
    epoch: int = 1
    partitions: dict[Partition, None] = field(default_factory=dict)


class ShareBroker:
    """SharePartitionManager and the part of KafkaApis around it, for the topics that there are."""

    def __init__(self, may: Callable[[str], bool] = lambda topic: True) -> None:
        self.names = {topic_id(name): name for name in TOPICS}
        self.waiting = dict.fromkeys(TOPICS, 0)  # records that nobody has acquired, in partition 0
        self.sessions: dict[tuple[str | None, str | None], BrokerSession] = {}
        self.may = may

    def look_up(self, need: LookUp, cluster: ClusterView) -> None:
        """As the control connection does it."""
        response = metadata()
        for id_ in need.ids:
            name = self.names.get(id_)
            error = ErrorCode.NONE if name else UNKNOWN_ID
            response.topics.append(MetadataResponseTopic(error_code=error, name=name, topic_id=id_))
        cluster.learn_metadata(response, NOW)

    def _session(self, message: ShareFetchRequest | ShareAcknowledgeRequest) -> BrokerSession | ErrorCode:
        session = self.sessions.get((message.group_id, message.member_id))
        if session is None:
            return ErrorCode.SHARE_SESSION_NOT_FOUND
        if message.share_session_epoch == -1:
            del self.sessions[message.group_id, message.member_id]
        elif message.share_session_epoch != session.epoch:
            return ErrorCode.INVALID_SHARE_SESSION_EPOCH
        session.epoch += 1
        return session

    def fetch(self, message: ShareFetchRequest) -> ShareFetchResponse:
        """One fetch that does not wait."""
        answers: dict[Partition, PartitionData] = {}
        if message.share_session_epoch == 0:
            session = self.sessions[message.group_id, message.member_id] = BrokerSession()
        else:
            found = self._session(message)
            if isinstance(found, ErrorCode):
                return ShareFetchResponse(error_code=found)
            session = found
        session.partitions.update(dict.fromkeys(place for place, _ in each(message)))
        for place in forgotten(message):
            session.partitions.pop(place, None)
        for place in session.partitions if message.share_session_epoch != -1 else ():
            data = self._read(place)
            if data.error_code or data.records or message.share_session_epoch == 0:
                answers[place] = data
        for place, partition in each(message):
            if partition.acknowledgement_batches:
                data = answers.setdefault(place, _nothing(place[1]))
                data.acknowledge_error_code = 0 if self.may(self.names[place[0]]) else DENIED
        return ShareFetchResponse(responses=[_topic(place[0], data) for place, data in answers.items()])

    def _read(self, place: Partition) -> PartitionData:
        name, data = self.names[place[0]], _nothing(place[1])
        if not self.may(name):
            data.error_code = DENIED
        elif place[1] == 0 and self.waiting[name]:
            data.records = batch(b"%s-%d" % (name.encode(), self.waiting[name]))
            data.acquired_records = [AcquiredRecords(delivery_count=1)]
            self.waiting[name] -= 1
        return data

    def acknowledge(self, message: ShareAcknowledgeRequest) -> ShareAcknowledgeResponse:
        """All topics that are asked for."""
        found = self._session(message)
        if isinstance(found, ErrorCode):
            return ShareAcknowledgeResponse(error_code=found)
        return ShareAcknowledgeResponse(
            responses=[
                ShareAcknowledgeTopicResponse(
                    topic_id=topic.topic_id,
                    partitions=[AcknowledgedPartition(partition_index=p.partition_index) for p in topic.partitions],
                )
                for topic in message.topics
            ]
        )


def _nothing(index: int) -> PartitionData:
    return PartitionData(partition_index=index, current_leader=LeaderIdAndEpoch())


def _topic(id_: bytes, data: PartitionData) -> ShareFetchableTopicResponse:
    return ShareFetchableTopicResponse(topic_id=id_, partitions=[data])


class Through:
    """One client connection through the chain to a broker that asks nobody."""

    def __init__(self, broker: ShareBroker, policy: str, who: str = "clerk") -> None:
        self.broker = broker
        self.policy = policy
        self.facts: SessionFacts = context(who, ApiKey.SHARE_FETCH, 1, policy=policy).session
        self.told: list[Fact] = []
        self.sent: Any = None  # what the broker got last; None: nothing
        self.edited = False

    def __call__(self, message: Any, version: int = 1) -> Any:
        """The reply as the client reads it."""
        ctx = Context(self.facts, RequestHeader(message.API_KEY, version, 7, "test"), snapshot(self.policy), NOW)
        read = read_again(message, ctx)
        upstream: Any = self.broker
        routed = finish(chain().request(read, ctx), ctx, upstream)
        self.sent, self.edited = None, routed.edited
        response: Any = routed.reply
        if routed.forward:
            self.sent = read_again(read if routed.edited else message, ctx)
            serve = self.broker.fetch if message.API_KEY == ApiKey.SHARE_FETCH else self.broker.acknowledge
            response = through_the_wire(serve(self.sent), ctx)
            finish(chain().reply(response, routed.thens, ctx), ctx)
        self.told = ctx.facts
        return through_the_wire(response, ctx)


def codes(response: Any) -> dict[str, tuple[int, int, bytes]]:
    """By topic, for partition 0: error, error of the acknowledgement, records."""
    return {
        topic.topic_id.rstrip(b"#").decode(): (
            data.error_code,
            data.acknowledge_error_code,
            bytes(data.records or b""),
        )
        for topic in response.responses
        for data in topic.partitions
    }
