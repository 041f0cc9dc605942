from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import (
    NOW,
    Upstream,
    answered,
    batch,
    chain,
    context,
    finish,
    read_again,
    reply,
    sizes,
    topic_id,
)
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.facts import Blocked
from zoneproxy.boundary.grown import TOO_LARGE
from zoneproxy.boundary.interceptor import LookUp
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.messages.produce_response import (
    PartitionProduceResponse,
    ProduceResponse,
    TopicProduceResponse,
)

POLICY = """
zones:
  payments: {level: restricted, owner: a@example.com, upstream: kafka-1}
principals:
  - {name: operator, zone: payments, match: {subject: {CN: operator}}, roles: [unrestricted]}
flows:
  - name: hashed
    from: payments
    to: payments
    topics: [hashed, other]
    controls:
      - redact: {field: $.id, with: hash, key: k}
"""
KEYS = {"k": bytes(range(32))}
GROWS = b'{"id":1}'
SHRINKS = b'{"id":"' + b"x" * 500 + b'"}'


class Producing:
    def __init__(
        self, *places: tuple[str, bytes], upstream: Upstream | None = None, version: int = 12, acks: int = -1
    ) -> None:
        self.upstream = upstream or Upstream("hashed", "other", "plain")
        self.version = version
        self.cluster = ClusterView()
        message = ProduceRequest(acks=acks)
        for topic, value in places:
            data = PartitionProduceData(index=3, records=batch(value))
            named: dict[str, Any] = {"topic_id": topic_id(topic)} if version >= 13 else {"name": topic}
            message.topic_data.append(TopicProduceData(**named, partition_data=[data]))
        self.ctx = context("operator", ApiKey.PRODUCE, version, policy=POLICY, cluster=self.cluster)
        self.message = read_again(message, self.ctx)
        chain_ = chain_with_keys()
        self.routed = finish(chain_.request(self.message, self.ctx), self.ctx, self.upstream)

    def replied(self, *codes: int) -> list[tuple[int, str | None]]:
        topics = []
        for topic, code in zip(self.message.topic_data, codes, strict=True):
            partition = PartitionProduceResponse(index=3, error_code=code, error_message="theirs" if code else None)
            named: dict[str, Any] = {"topic_id": topic.topic_id} if self.version >= 13 else {"name": topic.name}
            topics.append(TopicProduceResponse(**named, partition_responses=[partition]))
        response = reply(self.routed, ProduceResponse(responses=topics), self.ctx)
        return [(p.error_code, p.error_message) for t in response.responses for p in t.partition_responses]

    @property
    def reasons(self) -> list[str]:
        return [fact.reason for fact in self.ctx.facts if isinstance(fact, Blocked)]


def chain_with_keys() -> Any:
    return chain(Frozen(KEYS))


class Frozen(dict[str, bytes]):
    def __hash__(self) -> int:  # type: ignore[override]  # for the cache of chains
        return 0


REFUSED = (TOO_LARGE.error, TOO_LARGE.message)


@pytest.mark.parametrize("version", [12, 13])
def test_a_topic_is_not_given_what_it_does_not_take(version: int) -> None:
    upstream = Upstream("hashed", "other", "plain")
    upstream.limits = {"hashed": 100, "other": 10_000}
    producing = Producing(("hashed", GROWS), ("other", GROWS), ("plain", GROWS), upstream=upstream, version=version)
    assert upstream.asked[-1] == LookUp(sizes=frozenset({"hashed", "other"}))
    assert [topic.name for topic in producing.message.topic_data] == ["other", "plain"]
    assert producing.replied(0, 0) == [REFUSED, (0, None), (0, None)]
    assert producing.reasons == ["too_large"]


def test_what_is_known_is_not_asked_again() -> None:
    upstream = Upstream("hashed")
    upstream.limits = {"hashed": 10_000}
    producing = Producing(("hashed", GROWS), upstream=upstream)
    assert len(upstream.asked) == 1
    assert producing.cluster.max_message_bytes("hashed", NOW) == 10_000


def test_what_is_not_longer_is_nobodys_question() -> None:
    producing = Producing(("hashed", SHRINKS), ("plain", GROWS))
    assert producing.upstream.asked == []
    assert producing.routed.edited
    assert producing.replied(ErrorCode.MESSAGE_TOO_LARGE, 0)[0][0] == ErrorCode.MESSAGE_TOO_LARGE


@pytest.mark.parametrize("version", [12, 13])
def test_where_the_limit_is_not_known_the_broker_says_no_and_that_is_final(version: int) -> None:
    producing = Producing(("hashed", GROWS), ("other", GROWS), version=version)
    assert producing.routed.forward
    producing.cluster.learn_sizes(sizes("hashed", "100000"), NOW)
    assert producing.replied(ErrorCode.MESSAGE_TOO_LARGE, 0) == [REFUSED, (0, None)]
    assert producing.reasons == ["too_large"]
    assert producing.cluster.max_message_bytes("hashed", NOW) is None  # it was wrong


def test_other_errors_of_the_broker_stay() -> None:
    producing = Producing(("hashed", GROWS))
    assert producing.replied(ErrorCode.NOT_LEADER_OR_FOLLOWER) == [(ErrorCode.NOT_LEADER_OR_FOLLOWER, "theirs")]
    assert producing.reasons == []


def test_without_acks_there_is_no_reply_to_wait_for() -> None:
    producing = Producing(("hashed", GROWS), acks=0)
    assert producing.routed.forward
    assert not producing.routed.expects_reply
    assert not any("final" in then.__qualname__ for then in producing.routed.thens)


def test_if_nothing_is_left_it_is_answered_here() -> None:
    upstream = Upstream("hashed")
    upstream.limits = {"hashed": 10}
    producing = Producing(("hashed", GROWS), upstream=upstream)
    (topic,) = answered(producing.routed, producing.ctx).responses
    assert [(p.error_code, p.error_message) for p in topic.partition_responses] == [REFUSED]
