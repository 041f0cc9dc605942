from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.kit import (
    NOW,
    Upstream,
    answered,
    batch,
    chain,
    context,
    finish,
    metadata,
    read_again,
    reply,
    topic_id,
)
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.interceptor import Context, LookUp
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.produce_request import PartitionProduceData, ProduceRequest, TopicProduceData
from zoneproxy.wire.messages.produce_response import (
    PartitionProduceResponse,
    ProduceResponse,
    TopicProduceResponse,
)

DENIED = ErrorCode.TOPIC_AUTHORIZATION_FAILED
TRANSACTIONAL = 0x10
Places = list[tuple[str, int]]
Codes = list[tuple[str, int, int]]


class Producing:
    """One Produce of ``who``: topics and partitions, each with a batch."""

    def __init__(
        self,
        places: dict[str, list[int]],
        *,
        version: int = 12,
        who: str = "clerk",
        zone: str = "payments",
        acks: int = -1,
        transactional_id: str | None = None,
        records: bytes | None = None,
        upstream: Upstream | None = None,
        cluster: ClusterView | None = None,
    ) -> None:
        records = batch(b"value") if records is None else records
        message = ProduceRequest(
            transactional_id=transactional_id,
            acks=acks,
            topic_data=[
                TopicProduceData(
                    name=name,
                    topic_id=topic_id(name) if version >= 13 else bytes(16),
                    partition_data=[PartitionProduceData(index=index, records=records) for index in indexes],
                )
                for name, indexes in places.items()
            ],
        )
        self.ctx: Context = context(who, ApiKey.PRODUCE, version, zone=zone, cluster=cluster)
        self.message: ProduceRequest = read_again(message, self.ctx)
        self.routed: Routed = finish(chain().request(self.message, self.ctx), self.ctx, upstream)
        self.names = {topic_id(name): name for name in places}

    @property
    def forwarded(self) -> Places:
        assert self.routed.forward
        sent: ProduceRequest = read_again(self.message, self.ctx)
        return [(self._name(topic), p.index) for topic in sent.topic_data for p in topic.partition_data]

    @property
    def codes(self) -> Codes:
        """What the client reads; brokers take all that is forwarded, in an order of their own."""
        if not self.routed.forward:
            return self._codes(answered(self.routed, self.ctx))
        response = ProduceResponse(
            responses=[
                TopicProduceResponse(
                    name=topic.name,
                    topic_id=topic.topic_id,
                    partition_responses=[
                        PartitionProduceResponse(index=p.index) for p in reversed(topic.partition_data)
                    ],
                )
                for topic in reversed(self.message.topic_data)
            ]
        )
        return self._codes(reply(self.routed, response, self.ctx))

    def _codes(self, response: ProduceResponse) -> Codes:
        return [(self._name(t), p.index, p.error_code) for t in response.responses for p in t.partition_responses]

    def _name(self, topic: TopicProduceData | TopicProduceResponse) -> str:
        return topic.name or self.names.get(topic.topic_id, "")


@pytest.mark.parametrize("version", [3, 9, 12])
def test_what_may_be_written_goes_on_untouched(version: int) -> None:
    producing = Producing({"open.a": [0, 1]}, version=version)

    assert producing.forwarded == [("open.a", 0), ("open.a", 1)]
    assert not producing.routed.edited
    assert producing.routed.expects_reply
    assert producing.ctx.facts == []


def test_what_is_denied_is_cut_and_merged_in_its_place() -> None:
    producing = Producing({"secret": [0], "open.a": [1, 0], "seen.b": [2]})

    assert producing.forwarded == [("open.a", 1), ("open.a", 0)]
    assert producing.routed.edited
    assert producing.codes == [("secret", 0, DENIED), ("open.a", 1, 0), ("open.a", 0, 0), ("seen.b", 2, DENIED)]
    assert producing.ctx.facts == [
        Denied("PRODUCE", "WRITE", "topic", name, DENIED, "acl") for name in ("secret", "seen.b")
    ]


def test_with_everything_denied_the_broker_hears_nothing() -> None:
    producing = Producing({"secret": [0, 1], "__consumer_offsets": [0]}, who="operator", zone="analytics")

    assert not producing.routed.forward
    assert producing.codes == [("secret", 0, DENIED), ("secret", 1, DENIED), ("__consumer_offsets", 0, DENIED)]


def test_refused_partitions_look_as_a_broker_makes_them() -> None:
    producing = Producing({"secret": [3]})
    response = answered(producing.routed, producing.ctx)

    assert response.responses[0].partition_responses == [
        PartitionProduceResponse(index=3, error_code=DENIED, base_offset=-1)
    ]


def test_a_flow_lets_write_into_another_zone() -> None:
    producing = Producing({"open.completed": [0], "open.other": [0]}, zone="analytics", who="clerk")

    assert producing.forwarded == [("open.completed", 0)]
    assert producing.codes == [("open.completed", 0, 0), ("open.other", 0, DENIED)]


@pytest.mark.parametrize("acks", [-1, 0, 1])
def test_acks_say_whether_a_reply_is_due(acks: int) -> None:
    producing = Producing({"open.a": [0]}, acks=acks)

    assert producing.routed.forward
    assert producing.routed.expects_reply == (acks != 0)


@pytest.mark.parametrize("acks", [2, -2])
def test_other_acks_are_refused_after_what_is_denied(acks: int) -> None:
    producing = Producing({"open.a": [0], "secret": [0]}, acks=acks)

    assert producing.codes == [("open.a", 0, ErrorCode.INVALID_REQUIRED_ACKS), ("secret", 0, DENIED)]


def test_without_acks_a_denial_drops_the_request_and_closes() -> None:
    producing = Producing({"open.a": [0], "secret": [0]}, acks=0)

    assert producing.routed == Routed(close="acks_0")


@pytest.mark.parametrize("version", [11, 13])
def test_the_same_partition_twice_is_refused_whole(version: int) -> None:
    upstream = Upstream("open.a", "open.b")
    producing = Producing({"open.b": [0], "open.a": [0, 0]}, version=version, upstream=upstream)

    assert producing.codes == [
        ("open.b", 0, ErrorCode.INVALID_REQUEST),
        ("open.a", 0, ErrorCode.INVALID_REQUEST),
        ("open.a", 0, ErrorCode.INVALID_REQUEST),
    ]


# --- transactions ---


def test_transactional_batches_take_their_own_right() -> None:
    records = batch(b"v", attributes=TRANSACTIONAL, producer_id=1, epoch=0, sequence=0)

    assert Producing({"open.a": [0]}, transactional_id="clerk.1", records=records).routed.forward


@pytest.mark.parametrize("transactional_id", [None, "", "other"])
def test_without_that_right_the_whole_request_is_refused(transactional_id: str | None) -> None:
    records = batch(b"v", attributes=TRANSACTIONAL, producer_id=1, epoch=0, sequence=0)
    producing = Producing({"open.a": [0], "secret": [1]}, transactional_id=transactional_id, records=records)

    error = ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
    assert producing.codes == [("open.a", 0, error), ("secret", 1, error)]
    assert producing.ctx.facts == [Denied("PRODUCE", "WRITE", "transactional_id", transactional_id or "", error, "acl")]


def test_a_transactional_id_alone_makes_no_transaction() -> None:
    assert Producing({"open.a": [0]}, transactional_id="other").routed.forward


# --- ids ---


def test_ids_are_looked_up_once_and_then_known() -> None:
    upstream, cluster = Upstream("open.a"), ClusterView()
    for _ in range(2):
        producing = Producing({"open.a": [0]}, version=13, upstream=upstream, cluster=cluster)

        assert producing.forwarded == [("open.a", 0)]
        assert not producing.routed.edited
    assert upstream.asked == [LookUp(ids=frozenset({topic_id("open.a")}))]


def test_denials_by_id_keep_the_id() -> None:
    upstream = Upstream("open.a", "secret")
    producing = Producing({"secret": [0], "open.a": [1, 0], "gone": [0]}, version=13, upstream=upstream)

    assert producing.forwarded == [("open.a", 1), ("open.a", 0)]
    assert producing.codes == [
        ("secret", 0, DENIED),
        ("open.a", 1, 0),
        ("open.a", 0, 0),
        ("gone", 0, ErrorCode.UNKNOWN_TOPIC_ID),
    ]
    assert [fact.why for fact in producing.ctx.facts if isinstance(fact, Denied)] == ["acl", "unknown_topic_id"]


def test_an_id_that_cannot_be_looked_up_is_never_forwarded() -> None:
    producing = Producing({"open.a": [0]}, version=13, upstream=Upstream("open.a", silent=True))

    assert producing.codes == [("open.a", 0, ErrorCode.UNKNOWN_TOPIC_ID)]


def test_the_zero_id_stands_for_no_topic() -> None:
    ctx = context("operator", ApiKey.PRODUCE, 13)
    topic = TopicProduceData(partition_data=[PartitionProduceData(index=0, records=batch(b"v"))])
    routed = finish(chain().request(ProduceRequest(acks=1, topic_data=[topic]), ctx), ctx)

    assert answered(routed, ctx).responses[0].partition_responses[0].error_code == ErrorCode.UNKNOWN_TOPIC_ID


@pytest.mark.parametrize("places", [{"open.a": [0]}, {"open.a": [0], "secret": [0]}])
def test_an_id_that_the_broker_does_not_know_is_forgotten(places: dict[str, list[int]]) -> None:
    cluster = ClusterView()
    cluster.learn_metadata(metadata(["open.a", "secret"]), NOW)
    producing = Producing(places, version=13, cluster=cluster)
    partition = PartitionProduceResponse(index=0, error_code=ErrorCode.UNKNOWN_TOPIC_ID)
    answer = TopicProduceResponse(topic_id=topic_id("open.a"), partition_responses=[partition])
    reply(producing.routed, ProduceResponse(responses=[answer]), producing.ctx)

    assert not cluster.asked(topic_id("open.a"), NOW)


# --- whatever is asked ---


def test_an_answer_to_other_partitions_is_not_passed_on() -> None:
    producing = Producing({"open.a": [0], "secret": [0]})
    wrong = TopicProduceResponse(name="open.a", partition_responses=[PartitionProduceResponse(index=1)])

    with pytest.raises(ProtocolError, match="reply_mismatch"):
        reply(producing.routed, ProduceResponse(responses=[wrong]), producing.ctx)


TOPICS = ["open.a", "open.completed", "seen.b", "secret", "__transaction_state", ""]


@given(
    st.dictionaries(st.sampled_from(TOPICS), st.lists(st.integers(0, 3), min_size=1, unique=True), min_size=1),
    st.sampled_from([3, 8, 9, 12, 13]),
    st.sampled_from([("clerk", "payments"), ("clerk", "analytics"), ("operator", "payments"), ("nobody", "payments")]),
)
def test_only_what_is_allowed_goes_on_and_every_partition_is_answered_in_order(
    places: dict[str, list[int]], version: int, who_where: tuple[str, str]
) -> None:
    who, zone = who_where
    producing = Producing(places, version=version, who=who, zone=zone, upstream=Upstream(*TOPICS))
    allowed = {
        ("clerk", "payments"): {"open.a", "open.completed"},
        ("clerk", "analytics"): {"open.completed"},
        ("operator", "payments"): {"open.a", "open.completed", "seen.b", "secret", ""},
        ("nobody", "payments"): set(),
    }[who_where] - ({""} if version >= 13 else set())

    if producing.routed.forward:
        assert {name for name, _ in producing.forwarded} <= allowed
    expected = [(name, index) for name, indexes in places.items() for index in indexes]
    codes = producing.codes
    if places.keys() <= allowed:  # the broker's own answer, in its own order
        codes.sort()
        expected.sort()
    assert [(name, index) for name, index, _ in codes] == expected
    assert all((code == 0) == (name in allowed) for name, _, code in codes)
