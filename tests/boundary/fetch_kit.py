"""A broker with fetch sessions as KIP-227 has them, and a consumer that uses them as Java's does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.boundary.kit import (
    NOW,
    batch,
    chain,
    context,
    finish,
    metadata,
    read_again,
    snapshot,
    through_the_wire,
)
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.fetch_partitions import Partition, each, forgotten, is_full
from zoneproxy.boundary.interceptor import Context, LookUp, SessionFacts
from zoneproxy.wire.codec import RequestHeader
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic, ForgottenTopic
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData
from zoneproxy.wire.messages.metadata_response import MetadataResponseTopic

DENIED = ErrorCode.TOPIC_AUTHORIZATION_FAILED
UNKNOWN_ID = ErrorCode.UNKNOWN_TOPIC_ID
PARTITIONS = 2  # of each topic

May = Callable[[str], bool]
Seen = dict[tuple[str, int], tuple[int, bytes, int]]  # topic, partition: error, records, high watermark


@dataclass
class Remembered:
    """One partition of a session at the broker."""

    asked: FetchPartition
    high_watermark: int = -1


@dataclass
class BrokerSession:
    by_id: bool
    epoch: int = 1
    partitions: dict[Partition, Remembered] = field(default_factory=dict)


class Broker:
    """Kafka's FetchSession.scala and the part of KafkaApis around it."""

    def __init__(self, topics: list[str], may: May = lambda topic: True) -> None:
        self._numbers = count(1)
        self.ids: dict[str, bytes] = {}
        self.logs: dict[tuple[str, int], int] = {}  # the end of each
        self.sessions: dict[int, BrokerSession] = {}
        self.may = may
        for topic in topics:
            self.make(topic)

    def make(self, topic: str) -> None:
        """Create the topic, anew if it is there."""
        self.ids[topic] = b"%016d" % next(self._numbers)
        self.logs |= {(topic, index): 0 for index in range(PARTITIONS)}

    def look_up(self, need: LookUp, cluster: ClusterView) -> None:
        """As ``Upstream`` does it."""
        names = {id_: name for name, id_ in self.ids.items()}
        response = metadata()
        for id_ in need.ids:
            name = names.get(id_)
            error = ErrorCode.NONE if name else UNKNOWN_ID
            response.topics.append(MetadataResponseTopic(error_code=error, name=name, topic_id=id_))
        cluster.learn_metadata(response, NOW)

    def fetch(self, message: FetchRequest, by_id: bool) -> FetchResponse:
        """One fetch that does not wait."""
        asked = dict(each(message, by_id))
        if is_full(message):
            self.sessions.pop(message.session_id, None)
            answers = {place: self._read(place, partition) for place, partition in asked.items()}
            return _response(answers, self._open(message, asked, answers, by_id))
        session = self.sessions.get(message.session_id)
        if session is None:
            return FetchResponse(error_code=ErrorCode.FETCH_SESSION_ID_NOT_FOUND)
        if session.epoch != message.session_epoch:
            return FetchResponse(error_code=ErrorCode.INVALID_FETCH_SESSION_EPOCH)
        if session.by_id is not by_id:
            return FetchResponse(error_code=ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR)
        for place, partition in asked.items():
            session.partitions.setdefault(place, Remembered(partition)).asked = partition
        for place in forgotten(message, by_id):
            session.partitions.pop(place, None)
        if not session.partitions:
            del self.sessions[message.session_id]
            return _response({place: self._read(place, partition) for place, partition in asked.items()}, 0)
        session.epoch = 1 if session.epoch == 2**31 - 1 else session.epoch + 1
        return _response(self._changes(session), message.session_id)

    def _open(
        self,
        message: FetchRequest,
        asked: Mapping[Partition, FetchPartition],
        answers: Mapping[Partition, PartitionData],
        by_id: bool,
    ) -> int:
        if message.session_epoch != 0:
            return 0
        id_ = next(self._numbers)
        remembered = {place: Remembered(asked[place], _cached(answers[place])) for place in asked}
        self.sessions[id_] = BrokerSession(by_id, 1, remembered)
        return id_

    def _changes(self, session: BrokerSession) -> dict[Partition, PartitionData]:
        changes = {}
        for place, remembered in session.partitions.items():
            data = self._read(place, remembered.asked)
            if data.error_code or data.records or data.high_watermark != remembered.high_watermark:
                changes[place] = data
            remembered.high_watermark = _cached(data)
        return changes

    def _read(self, place: Partition, asked: FetchPartition) -> PartitionData:
        key, index = place
        names = {id_: name for name, id_ in self.ids.items()}
        name = names.get(key) if isinstance(key, bytes) else key
        error = ErrorCode.NONE
        if name is None:
            error = UNKNOWN_ID
        elif not self.may(name):
            error = DENIED
        elif (name, index) not in self.logs:
            error = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
        if error or name is None:
            return PartitionData(partition_index=index, error_code=error, high_watermark=-1)
        end = self.logs[name, index]
        records = batch(b"%s-%d-%d" % (name.encode(), index, asked.fetch_offset)) if asked.fetch_offset < end else b""
        return PartitionData(partition_index=index, high_watermark=end, records=records)


def _cached(data: PartitionData) -> int:
    return -1 if data.error_code else data.high_watermark


def _response(answers: Mapping[Partition, PartitionData], session_id: int) -> FetchResponse:
    topics: dict[Any, FetchableTopicResponse] = {}
    for (key, _), data in answers.items():
        named = {"topic_id": key} if isinstance(key, bytes) else {"topic": key}
        topics.setdefault(key, FetchableTopicResponse(**named)).partitions.append(data)
    return FetchResponse(session_id=session_id, responses=list(topics.values()))


class Through:
    """One client connection through the chain to a broker that asks nobody."""

    def __init__(self, broker: Broker, version: int, policy: str, who: str = "clerk") -> None:
        self.broker = broker
        self.version = version
        self.policy = policy
        self.facts: SessionFacts = context(who, ApiKey.FETCH, version, policy=policy).session
        self.sent: FetchRequest | None = None  # what the broker got last; None: nothing
        self.edited = False

    def __call__(self, message: FetchRequest, version: int | None = None) -> FetchResponse:
        """The reply as the client reads it."""
        version = self.version if version is None else version
        ctx = Context(self.facts, RequestHeader(ApiKey.FETCH, version, 7, "test"), snapshot(self.policy), NOW)
        read = read_again(message, ctx)
        upstream: Any = self.broker
        routed: Routed = finish(chain().request(read, ctx), ctx, upstream)
        self.sent, self.edited = None, routed.edited
        if not routed.forward:
            assert routed.reply is not None
            response = routed.reply
        else:
            self.sent = read_again(read if routed.edited else message, ctx)
            response = through_the_wire(self.broker.fetch(self.sent, version >= 13), ctx)
            finish(chain().reply(response, routed.thens, ctx), ctx)
        answer = through_the_wire(response, ctx)
        assert isinstance(answer, FetchResponse)
        return answer


class Consumer:
    """Java's FetchSessionHandler: what it names, and what it takes from replies."""

    def __init__(self, fetch: Callable[[FetchRequest], FetchResponse], by_id: bool, ids: Mapping[str, bytes]) -> None:
        self._fetch = fetch
        self._by_id = by_id
        self.ids = dict(ids)
        self.wanted: dict[tuple[str, int], int] = {}  # offsets
        self._session_id, self._epoch = 0, 0
        self._in_session: dict[Partition, int] = {}
        self.names = {id_: name for name, id_ in ids.items()}

    def learn(self, ids: Mapping[str, bytes]) -> None:
        """Metadata."""
        self.ids = dict(ids)
        self.names |= {id_: name for name, id_ in ids.items()}

    def fetch(self) -> tuple[int, Seen]:
        """One fetch: the error for all of it, and what came of each partition."""
        wanted = {
            (self.ids[name] if self._by_id else name, index): offset for (name, index), offset in self.wanted.items()
        }
        if self._epoch in (0, -1):
            named, gone = wanted, []
        else:
            named = {place: offset for place, offset in wanted.items() if self._in_session.get(place) != offset}
            gone = [place for place in self._in_session if place not in wanted]
        self._in_session = wanted
        message = FetchRequest(
            session_id=self._session_id,
            session_epoch=self._epoch,
            topics=[
                FetchTopic(**_named(key), partitions=[FetchPartition(partition=index, fetch_offset=offset)])
                for (key, index), offset in named.items()
            ],
            forgotten_topics_data=[ForgottenTopic(**_named(key), partitions=[index]) for key, index in gone],
        )
        response = self._fetch(message)
        self._follow(response)
        return response.error_code, {
            (topic.topic or self.names[topic.topic_id], data.partition_index): (
                data.error_code,
                bytes(data.records or b""),
                data.high_watermark,
            )
            for topic in response.responses
            for data in topic.partitions
        }

    def _follow(self, response: FetchResponse) -> None:
        if response.error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND:
            self._session_id, self._epoch = 0, 0
        elif response.error_code:
            self._epoch = 0
        elif self._epoch in (0, -1):
            answered = {
                (t.topic_id if self._by_id else t.topic, p.partition_index)
                for t in response.responses
                for p in t.partitions
            }
            assert answered == self._in_session.keys()
            self._session_id = response.session_id
            self._epoch = 1 if response.session_id else 0
        elif response.session_id == 0:
            self._session_id, self._epoch = 0, 0
        else:
            assert response.session_id == self._session_id
            self._epoch = 1 if self._epoch == 2**31 - 1 else self._epoch + 1


def _named(key: str | bytes) -> dict[str, Any]:
    return {"topic_id": key} if isinstance(key, bytes) else {"topic": key}


# --- one client ---


TOPICS = ["a", "b", "c"]
ZONE = """
zones:
  payments: {level: restricted, owner: a@example.com, upstream: kafka-1}
principals: [{name: clerk, zone: payments, match: {subject: {CN: clerk}}, roles: [reader]}]
"""


def policy(*topics: str, zone: str = ZONE) -> str:
    """Of a principal that may read these topics."""
    rules = "".join(f"    - {{allow: [read], topic: {topic}}}\n" for topic in topics)
    return zone + ("roles:\n  reader:\n" + rules if rules else "roles: {reader: []}\n")


def asking(*places: tuple[str, int], session: tuple[int, int] = (0, 0), forget: Any = (), **more: Any) -> FetchRequest:
    """By name, from offset 0."""
    return FetchRequest(
        session_id=session[0],
        session_epoch=session[1],
        topics=[FetchTopic(topic=name, partitions=[FetchPartition(partition=index)]) for name, index in places],
        forgotten_topics_data=[ForgottenTopic(topic=name, partitions=[index]) for name, index in forget],
        **more,
    )


def codes(response: FetchResponse) -> list[tuple[str, int, int]]:
    return [(t.topic, p.partition_index, p.error_code) for t in response.responses for p in t.partitions]


class Client:
    """A session over all three topics, of which ``may`` are allowed."""

    def __init__(self, *may: str, version: int = 12) -> None:
        self.broker = Broker(TOPICS)
        self.through = Through(self.broker, version, policy(*may))
        self.session = 0
        response = self.through(asking(("a", 0), ("b", 0), ("c", 0)))
        self.session, self.epoch = response.session_id, 1

    def fetch(self, *places: tuple[str, int], forget: Any = (), may: tuple[str, ...] | None = None) -> FetchResponse:
        if may is not None:
            self.through.policy = policy(*may)
        response = self.through(asking(*places, session=(self.session, self.epoch), forget=forget))
        self.epoch += 1
        return response

    @property
    def sent(self) -> tuple[int, list[tuple[Any, int]], list[tuple[Any, int]]]:
        """What the broker got: epoch, partitions, forgotten partitions."""
        sent = self.through.sent
        assert sent is not None
        return sent.session_epoch, [place for place, _ in each(sent, False)], list(forgotten(sent, False))
