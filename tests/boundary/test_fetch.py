from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.fetch_kit import TOPICS as SESSION_TOPICS
from tests.boundary.fetch_kit import UNKNOWN_ID, ZONE, Broker, Client, Through, asking, codes, policy
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
from zoneproxy.boundary import fetch, fetch_consumer, fetch_sessions, session_room
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.fetch_partitions import each
from zoneproxy.boundary.interceptor import Context, LookUp
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import (
    FetchPartition,
    FetchRequest,
    FetchTopic,
    ForgottenTopic,
    ReplicaState,
)
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData

DENIED = ErrorCode.TOPIC_AUTHORIZATION_FAILED
Codes = list[tuple[str, int, int]]


class Fetching:
    """One Fetch of ``who``: topics and partitions. ``changes``: other fields of the request."""

    def __init__(
        self,
        places: dict[str, list[int]],
        *,
        version: int = 12,
        who: str = "clerk",
        upstream: Upstream | None = None,
        cluster: ClusterView | None = None,
        **changes: Any,
    ) -> None:
        topics = [
            FetchTopic(
                topic=name,
                topic_id=topic_id(name) if version >= 13 else bytes(16),
                partitions=[FetchPartition(partition=index, fetch_offset=7) for index in indexes],
            )
            for name, indexes in places.items()
        ]
        self.ctx: Context = context(who, ApiKey.FETCH, version, cluster=cluster)
        self.message: FetchRequest = read_again(FetchRequest(topics=topics, **changes), self.ctx)
        self.routed: Routed = finish(chain().request(self.message, self.ctx), self.ctx, upstream)
        self.names = {topic_id(name): name for name in places}

    @property
    def sent(self) -> FetchRequest:
        assert self.routed.forward
        sent = read_again(self.message, self.ctx)
        assert isinstance(sent, FetchRequest)
        return sent

    @property
    def forwarded(self) -> list[tuple[str, int]]:
        return [(self._name(topic), p.partition) for topic in self.sent.topics for p in topic.partitions]

    def answer(self, **changes: Any) -> FetchResponse:
        """What a broker says to what is forwarded, in an order of its own."""
        responses = [
            FetchableTopicResponse(
                topic=topic.topic,
                topic_id=topic.topic_id,
                partitions=[PartitionData(partition_index=p.partition, high_watermark=9) for p in topic.partitions],
            )
            for topic in reversed(self.sent.topics)
        ]
        return FetchResponse(responses=responses, **changes)

    @property
    def response(self) -> FetchResponse:
        """What the client reads."""
        if not self.routed.forward:
            response = answered(self.routed, self.ctx)
        else:
            response = reply(self.routed, self.answer(), self.ctx)
        assert isinstance(response, FetchResponse)
        return response

    @property
    def codes(self) -> Codes:
        return [(self._name(t), p.partition_index, p.error_code) for t in self.response.responses for p in t.partitions]

    def _name(self, topic: FetchTopic | FetchableTopicResponse) -> str:
        return topic.topic or self.names[topic.topic_id]


@pytest.mark.parametrize("version", [4, 7, 11, 12])
def test_what_may_be_read_goes_on_untouched(version: int) -> None:
    fetching = Fetching({"open.a": [0, 1]}, version=version)

    assert fetching.forwarded == [("open.a", 0), ("open.a", 1)]
    assert not fetching.routed.edited
    assert fetching.ctx.facts == []


def test_what_is_denied_is_cut_and_comes_back_behind_the_rest() -> None:
    fetching = Fetching({"secret": [0], "open.a": [1, 0], "seen.b": [2]})

    assert fetching.forwarded == [("open.a", 1), ("open.a", 0)]
    assert fetching.routed.edited
    assert fetching.codes == [("open.a", 1, 0), ("open.a", 0, 0), ("secret", 0, DENIED), ("seen.b", 2, DENIED)]
    assert fetching.ctx.facts == [
        Denied("FETCH", "READ", "topic", name, DENIED, "acl") for name in ("secret", "seen.b")
    ]


def test_refused_partitions_look_as_a_broker_makes_them() -> None:
    fetching = Fetching({"secret": [3]})

    assert not fetching.routed.forward
    assert fetching.response.responses == [
        FetchableTopicResponse(
            topic="secret",
            partitions=[
                PartitionData(
                    partition_index=3, error_code=DENIED, high_watermark=-1, aborted_transactions=[], records=b""
                )
            ],
        )
    ]


def test_another_zones_principal_reads_what_flows_name() -> None:
    fetching = Fetching({"open.a": [0], "open.completed": [0]}, who="dashboards")

    assert fetching.codes == [("open.completed", 0, 0), ("open.a", 0, DENIED)]


# --- full fetches ---


@pytest.mark.parametrize("epoch", [0, -1])
def test_nobody_closes_the_session_of_another_connection(epoch: int) -> None:
    fetching = Fetching(
        {"open.a": [0]},
        session_epoch=epoch,
        session_id=99,
        forgotten_topics_data=[ForgottenTopic(topic="secret", partitions=[0])],
    )

    assert fetching.routed.edited
    assert (fetching.sent.session_id, fetching.sent.session_epoch) == (0, epoch)
    assert fetching.sent.forgotten_topics_data == []


def test_a_new_session_is_asked_for_as_it_is() -> None:
    fetching = Fetching({"open.a": [0]}, session_epoch=0)

    assert not fetching.routed.edited
    assert reply(fetching.routed, fetching.answer(session_id=1234), fetching.ctx).session_id == 1234


@pytest.mark.parametrize("epoch", [1, 5, 2**31 - 1, -2])
def test_there_is_no_session_to_go_on_with(epoch: int) -> None:
    fetching = Fetching({"open.a": [0]}, session_epoch=epoch, session_id=99)

    assert not fetching.routed.forward
    assert fetching.response.error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND
    assert fetching.response.session_id == 0


@pytest.mark.parametrize("places", [{"open.a": [0]}, {"open.a": [0], "secret": [0]}])
def test_a_session_that_nobody_asked_for_is_not_passed_on(places: dict[str, list[int]]) -> None:
    fetching = Fetching(places)

    assert reply(fetching.routed, fetching.answer(session_id=1234), fetching.ctx).session_id == 0


def test_a_reply_that_a_quota_has_emptied_is_passed_on() -> None:
    fetching = Fetching({"open.a": [0], "secret": [0]})
    response = reply(fetching.routed, FetchResponse(throttle_time_ms=9), fetching.ctx)

    assert [(t.topic, p.error_code) for t in response.responses for p in t.partitions] == [("secret", DENIED)]


def test_followers_are_refused_as_kafka_refuses_them() -> None:
    old = Fetching({"open.a": [0], "secret": [0]}, replica_id=1)
    new = Fetching({"open.a": [0]}, version=15, replica_state=ReplicaState(replica_id=1), upstream=Upstream("open.a"))

    assert old.codes == [("open.a", 0, DENIED), ("secret", 0, DENIED)]
    assert new.codes == [("open.a", 0, DENIED)]
    assert old.ctx.facts == [Denied("FETCH", "CLUSTER_ACTION", "cluster", "", DENIED, "acl")]


def test_odd_replicas_become_consumers() -> None:
    old = Fetching({"open.a": [0]}, replica_id=-2)
    new = Fetching({"open.a": [0]}, version=15, replica_state=ReplicaState(replica_id=-2), upstream=Upstream("open.a"))

    assert old.routed.edited
    assert old.sent.replica_id == -1
    assert new.routed.edited
    assert new.sent.replica_state is None


def test_waiting_is_bounded() -> None:
    fetching = Fetching({"open.a": [0]}, max_wait_ms=2**31 - 1, min_bytes=2**31 - 1)

    assert fetching.routed.edited
    assert fetching.sent.max_wait_ms == fetch_consumer.MAX_WAIT_MS == 60_000


def test_the_same_partition_twice_is_refused_whole() -> None:
    fetching = Fetching({"open.b": [1], "open.a": [0, 0]})

    assert fetching.codes == [
        ("open.b", 1, ErrorCode.INVALID_REQUEST),
        ("open.a", 0, ErrorCode.INVALID_REQUEST),
        ("open.a", 0, ErrorCode.INVALID_REQUEST),
    ]


def test_partitions_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_PARTITIONS_AT_ONCE", 2)

    assert Fetching({"open.a": [0, 1]}).routed.forward
    assert Fetching({"open.a": [0, 1, 2]}).codes == [("open.a", n, ErrorCode.INVALID_REQUEST) for n in range(3)]


# --- ids ---


def test_ids_are_looked_up_once_and_then_known() -> None:
    upstream, cluster = Upstream("open.a"), ClusterView()
    for _ in range(2):
        fetching = Fetching({"open.a": [0]}, version=17, upstream=upstream, cluster=cluster)

        assert fetching.forwarded == [("open.a", 0)]
        assert not fetching.routed.edited
    assert upstream.asked == [LookUp(ids=frozenset({topic_id("open.a")}))]


def test_denials_by_id_keep_the_id() -> None:
    upstream = Upstream("open.a", "secret")
    fetching = Fetching({"secret": [0], "open.a": [0], "gone": [0]}, version=13, upstream=upstream)

    assert fetching.codes == [("open.a", 0, 0), ("secret", 0, DENIED), ("gone", 0, ErrorCode.UNKNOWN_TOPIC_ID)]
    assert [fact.why for fact in fetching.ctx.facts if isinstance(fact, Denied)] == ["acl", "unknown_topic_id"]


@pytest.mark.parametrize("error", [ErrorCode.UNKNOWN_TOPIC_ID, ErrorCode.INCONSISTENT_TOPIC_ID])
def test_an_id_that_the_broker_finds_wrong_is_forgotten(error: ErrorCode) -> None:
    cluster = ClusterView()
    cluster.learn_metadata(metadata(["open.a"]), NOW)
    fetching = Fetching({"open.a": [0]}, version=13, cluster=cluster)
    response = fetching.answer()
    response.responses[0].partitions[0].error_code = error

    assert reply(fetching.routed, response, fetching.ctx).responses[0].partitions[0].error_code == error
    assert not cluster.asked(topic_id("open.a"), NOW)


# --- replies ---


@pytest.mark.parametrize("places", [{"open.a": [0]}, {"open.a": [0], "secret": [0]}])
@pytest.mark.parametrize(("topic", "partition"), [("open.a", 1), ("secret", 0), ("other", 0)])
def test_records_that_were_not_asked_for_are_not_passed_on(
    places: dict[str, list[int]], topic: str, partition: int
) -> None:
    fetching = Fetching(places)
    data = PartitionData(partition_index=partition, records=batch(b"value"))
    response = FetchResponse(responses=[FetchableTopicResponse(topic=topic, partitions=[data])])

    with pytest.raises(ProtocolError, match="reply_mismatch"):
        reply(fetching.routed, response, fetching.ctx)


def test_an_error_for_the_whole_request_is_passed_on_alone() -> None:
    fetching = Fetching({"open.a": [0], "secret": [0]})
    response = reply(fetching.routed, FetchResponse(error_code=ErrorCode.UNKNOWN_SERVER_ERROR), fetching.ctx)

    assert response.error_code == ErrorCode.UNKNOWN_SERVER_ERROR
    assert response.responses == []


TOPICS = ["open.a", "open.completed", "seen.b", "secret", "__consumer_offsets"]


@given(
    st.dictionaries(st.sampled_from(TOPICS), st.lists(st.integers(0, 3), min_size=1, unique=True), min_size=1),
    st.sampled_from([4, 7, 12, 13, 18]),
    st.sampled_from(["clerk", "dashboards", "operator", "nobody"]),
)
def test_only_what_is_allowed_goes_on_and_every_partition_is_answered(
    places: dict[str, list[int]], version: int, who: str
) -> None:
    fetching = Fetching(places, version=version, who=who, upstream=Upstream(*TOPICS))
    allowed = {
        "clerk": {"open.a", "open.completed"},
        "dashboards": {"open.completed"},
        "operator": set(TOPICS[:-1]),
        "nobody": set(),
    }[who]

    expected = [(name, index) for name, indexes in places.items() for index in indexes]
    codes = fetching.codes
    if fetching.routed.forward:
        assert {name for name, _ in fetching.forwarded} <= allowed
    assert sorted((name, index) for name, index, _ in codes) == sorted(expected)
    assert all(code == (0 if name in allowed else DENIED) for name, _, code in codes)


# --- sessions; what they remember is for test_fetch_sessions ---

FOUR_PLACES = [("a", 0), ("b", 0), ("c", 0), ("b", 1)]


def test_a_zone_that_has_changed_ends_its_sessions() -> None:
    client = Client("a")
    client.through.policy = policy("a", zone=ZONE.replace("restricted", "internal"))

    assert client.fetch().error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND
    assert client.through.sent is None


def test_followers_do_not_go_on_with_sessions() -> None:
    client = Client("a", "b", "c")
    response = client.through(asking(session=(client.session, 1), replica_id=2))

    assert client.through.sent is None
    assert codes(response) == [(topic, 0, DENIED) for topic in SESSION_TOPICS]


def test_waiting_is_bounded_in_sessions_too() -> None:
    client = Client("a")
    client.through(asking(session=(client.session, 1), max_wait_ms=2**31 - 1, replica_id=-2))

    assert client.through.sent is not None
    assert (client.through.sent.max_wait_ms, client.through.sent.replica_id) == (60_000, -1)
    state = ReplicaState(replica_id=-2)
    by_id = Through(client.broker, 15, policy("a"))
    by_id(FetchRequest(session_epoch=0, replica_state=state))
    assert by_id.sent is not None
    assert by_id.sent.replica_state is None


def test_ids_are_resolved_once_and_unknown_ones_are_asked_for_again() -> None:
    broker = Broker(["a"])
    through = Through(broker, 13, policy("a", "b"))
    topics = [FetchTopic(topic_id=broker.ids["a"], partitions=[FetchPartition(partition=0)])]
    later = b"%016d" % 3  # the next topic's id: the session takes 2
    topics.append(FetchTopic(topic_id=later, partitions=[FetchPartition(partition=0)]))
    opened = through(FetchRequest(session_epoch=0, topics=topics))
    assert [p.error_code for t in opened.responses for p in t.partitions] == [0, UNKNOWN_ID]

    through.facts.cluster.forget_id(later)
    broker.make("b")
    response = through(FetchRequest(session_id=opened.session_id, session_epoch=1))

    assert broker.ids["b"] == later
    assert [(t.topic_id, p.error_code) for t in response.responses for p in t.partitions] == [(later, 0)]
    assert through.sent is not None
    assert [key for (key, _), _ in each(through.sent, True)] == [later]


def test_whoever_fetches_very_much_does_so_without_a_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_sessions, "MAX_PARTITIONS", 2)
    client = Client("a", "b", "c")

    assert client.session == 0
    assert client.through.sent is not None
    assert client.through.sent.session_epoch == -1


def test_a_session_that_grows_too_big_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch_sessions, "MAX_PARTITIONS", 3)
    client = Client("a", "b", "c")
    assert client.session

    assert client.fetch(("a", 1)).error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND
    assert client.fetch().error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND
    client.through(asking(("a", 0)))
    assert client.session not in client.broker.sessions


def test_with_nothing_left_the_answer_comes_at_once_and_the_session_stays() -> None:
    client = Client("a", "b", "c")
    response = client.fetch(may=())

    assert client.through.sent is None
    assert response.session_id == client.session
    assert codes(response) == [(topic, 0, DENIED) for topic in SESSION_TOPICS]
    assert codes(client.fetch(("b", 1))) == [(topic, index, DENIED) for topic, index in FOUR_PLACES]
    response = client.fetch(may=("b",))
    assert codes(response) == [("b", 0, 0), ("b", 1, 0), ("a", 0, DENIED), ("c", 0, DENIED)]
    assert client.sent == (0, [("b", 0), ("b", 1)], [])
    assert response.session_id == client.session
    assert client.session not in client.broker.sessions
    assert codes(client.fetch(may=("b", "c"))) == [("c", 0, 0), ("a", 0, DENIED)]
    assert client.sent == (1, [("c", 0)], [])


def test_where_there_is_no_room_for_sessions_clients_go_without(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Client("a", "b", "c")
    monkeypatch.setattr(session_room, "MAX_PARTITIONS", 0)

    assert Client("a", "b", "c").session == 0
    assert codes(held.fetch()) == []
    assert held.fetch(("a", 1)).error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND
