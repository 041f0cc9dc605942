from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.boundary.fetch_kit import (
    DENIED,
    TOPICS,
    UNKNOWN_ID,
    Broker,
    Client,
    Consumer,
    Seen,
    Through,
    asking,
    codes,
    policy,
)
from zoneproxy.boundary.fetch_partitions import each, forgotten
from zoneproxy.boundary.namespace.cluster_view import view_within
from zoneproxy.errors import ProtocolError
from zoneproxy.policy.namespaces import Namespace
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.fetch_request import (
    FetchPartition,
    FetchRequest,
    FetchTopic,
    ForgottenTopic,
)
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData

# --- a session goes on ---


def test_a_fetch_that_names_nothing_goes_on_as_it_is_and_waits_at_the_broker() -> None:
    client = Client("a", "b", "c")
    assert client.session
    response = client.fetch()

    assert (response.session_id, codes(response)) == (client.session, [])
    assert not client.through.edited
    assert client.sent == (1, [], [])


@pytest.mark.parametrize("version", [7, 11, 12])
def test_changes_go_on_as_they_are(version: int) -> None:
    client = Client("a", "b", "c", version=version)
    client.fetch(("a", 1), ("b", 0))
    client.fetch(forget=[("a", 1)])

    assert not client.through.edited
    assert client.sent == (2, [], [("a", 1)])


def test_what_was_refused_from_the_start_is_refused_in_every_reply() -> None:
    client = Client("a")
    for _ in range(3):
        assert codes(client.fetch()) == [("b", 0, DENIED), ("c", 0, DENIED)]
        assert client.sent[1:] == ([], [])


def test_a_right_that_is_revoked_stops_the_next_fetch() -> None:
    client = Client("a", "b", "c")
    client.broker.logs["b", 0] = 5

    assert codes(client.fetch(may=("a", "c"))) == [("b", 0, DENIED)]
    assert client.sent == (1, [], [("b", 0)])
    assert codes(client.fetch()) == [("b", 0, DENIED)]
    assert client.sent == (2, [], [])


def test_a_right_that_is_granted_again_lets_it_go_on_where_the_client_was() -> None:
    client = Client("a", "b", "c")
    client.fetch(may=("a", "c"))
    through = client.through
    through(asking(("b", 0), session=(client.session, client.epoch)))
    client.epoch += 1
    asked = FetchTopic(topic="b", partitions=[FetchPartition(partition=0, fetch_offset=3)])
    through(FetchRequest(session_id=client.session, session_epoch=client.epoch, topics=[asked]))
    client.epoch += 1
    client.broker.logs["b", 0] = 5
    response = client.fetch(may=("a", "b", "c"))

    assert client.sent[1:] == ([("b", 0)], [])
    assert through.sent is not None
    assert [p.fetch_offset for _, p in each(through.sent, False)] == [3]
    assert codes(response) == [("b", 0, 0)]
    assert response.responses[0].partitions[0].records
    client.fetch()
    assert not through.edited


@pytest.mark.parametrize("error", [ErrorCode.NONE, ErrorCode.UNKNOWN_SERVER_ERROR])
def test_where_the_broker_opens_no_other_session_there_is_none(error: ErrorCode) -> None:
    client = Client("a", "b", "c")
    client.fetch(may=())
    client.broker.fetch = lambda message, by_id: FetchResponse(error_code=error)  # type: ignore[method-assign]

    assert client.fetch(may=("a",)).session_id == 0
    assert client.fetch().error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND


def test_nobody_goes_on_before_the_other_session_is_there() -> None:
    client = Client("a", "b", "c")
    client.fetch(may=())

    def fetch(message: FetchRequest, by_id: bool) -> FetchResponse:
        again = client.through(asking(session=(client.session, 3)))
        assert again.error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND
        return FetchResponse()

    client.broker.fetch = fetch  # type: ignore[method-assign]
    client.fetch(may=("a",))


def test_forgetting_what_is_refused_is_between_client_and_proxy() -> None:
    client = Client("a")
    response = client.fetch(forget=[("b", 0), ("b", 9), ("unheard", 0)])

    assert client.sent == (1, [], [])
    assert codes(response) == [("c", 0, DENIED)]


def test_what_is_added_and_forgotten_at_once_is_out() -> None:
    client = Client("a", "b", "c")
    client.fetch(("a", 0), ("a", 1), forget=[("a", 0), ("a", 1)])

    assert client.sent == (1, [], [("a", 0)])


def test_a_session_with_nothing_in_it_ends() -> None:
    client = Client("a")
    response = client.fetch(forget=[(topic, 0) for topic in TOPICS])

    assert client.sent == (1, [], [("a", 0)])
    assert (response.session_id, codes(response)) == (0, [])
    assert client.broker.sessions == {}
    assert client.fetch().error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND


def test_epochs_wrap_on_both_sides() -> None:
    client = Client("a", "b", "c")
    current = client.through.facts.fetching.current
    assert current is not None
    current.epoch = current._broker_epoch = client.broker.sessions[client.session].epoch = client.epoch = 2**31 - 1

    assert client.fetch().error_code == 0
    client.epoch = 1
    assert client.fetch().error_code == 0
    assert client.sent[0] == 1


# --- sessions that there are not ---


@pytest.mark.parametrize(
    ("session", "epoch", "error"),
    [
        (1, 0, ErrorCode.FETCH_SESSION_ID_NOT_FOUND),
        (0, 1, ErrorCode.INVALID_FETCH_SESSION_EPOCH),
        (0, -3, ErrorCode.INVALID_FETCH_SESSION_EPOCH),
    ],
)
def test_another_id_or_epoch_is_refused_as_kafka_refuses_it(session: int, epoch: int, error: ErrorCode) -> None:
    client = Client("a")
    request = asking(("a", 1), session=(client.session + session, client.epoch + epoch))
    response = client.through(request)

    assert client.through.sent is None
    assert (response.error_code, response.session_id, response.responses) == (error, 0, [])
    assert client.fetch().error_code == 0  # where it was


def test_names_and_ids_do_not_mix() -> None:
    client = Client("a", version=12)
    request = FetchRequest(session_id=client.session, session_epoch=1)

    assert client.through(request, version=13).error_code == ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR


def test_a_session_of_another_connection_is_none() -> None:
    client = Client("a")
    again = Through(client.broker, 12, policy("a"))
    response = again(asking(session=(client.session, 1)))

    assert again.sent is None
    assert response.error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND
    assert again(asking(("a", 0), session=(client.session, 0))).error_code == 0
    assert client.session in client.broker.sessions
    assert client.fetch().error_code == 0


@pytest.mark.parametrize("epoch", [0, -1])
def test_a_client_closes_its_own_session(epoch: int) -> None:
    client = Client("a")
    response = client.through(asking(("a", 0), session=(client.session, epoch)))

    assert client.session not in client.broker.sessions
    assert bool(response.session_id) is (epoch == 0)
    assert client.fetch().error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND


def test_whoever_opens_another_session_closes_the_first() -> None:
    client = Client("a")
    assert client.through(asking(("a", 1))).session_id != client.session
    assert len(client.broker.sessions) == 1


def test_a_session_that_was_closed_here_is_closed_at_the_broker_with_the_next_full_fetch() -> None:
    client = Client("a")
    assert codes(client.through(asking(("b", 0), session=(client.session, -1)))) == [("b", 0, DENIED)]
    assert client.session in client.broker.sessions
    client.through(asking(("a", 0), session=(0, -1)))
    assert client.broker.sessions == {}


def test_a_fetch_besides_a_session_leaves_it_alone() -> None:
    client = Client("a")
    client.through(asking(("a", 1), session=(0, -1)))

    assert codes(client.fetch()) == [("b", 0, DENIED), ("c", 0, DENIED)]


def test_a_session_that_the_broker_has_given_up_is_given_up() -> None:
    client = Client("a", "b", "c")
    client.broker.sessions.clear()

    assert client.fetch().error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND
    assert client.through.facts.fetching.current is None


def test_a_session_whose_epoch_the_broker_does_not_believe_is_closed() -> None:
    client = Client("a")
    client.broker.sessions[client.session].epoch = 7

    assert client.fetch().error_code == ErrorCode.INVALID_FETCH_SESSION_EPOCH
    client.through(asking(("a", 0), session=(client.session, 0)))
    assert client.session not in client.broker.sessions


def test_no_session_is_opened_where_nothing_may_be_read() -> None:
    client = Client()

    assert client.session == 0
    assert client.broker.sessions == {}


# --- bounds ---


def test_names_that_no_topic_has_are_not_kept() -> None:
    through = Through(Broker(TOPICS), 12, policy("a"))

    assert through(asking(("a", 0), ("x" * 250, 0))).session_id == 0
    assert through(asking(("a", 0), ("x" * 249, 0))).session_id != 0


# --- ids ---


def test_a_topic_that_is_made_anew_is_another_one() -> None:
    broker = Broker(["a"])
    through = Through(broker, 17, policy("a"))
    old = broker.ids["a"]
    topics = [FetchTopic(topic_id=old, partitions=[FetchPartition(partition=0)])]
    id_ = through(FetchRequest(session_epoch=0, topics=topics)).session_id
    broker.make("a")
    response = through(FetchRequest(session_id=id_, session_epoch=1))
    assert [p.error_code for t in response.responses for p in t.partitions] == [UNKNOWN_ID]

    topics = [FetchTopic(topic_id=broker.ids["a"], partitions=[FetchPartition(partition=0)])]
    gone = [ForgottenTopic(topic_id=old, partitions=[0])]
    response = through(FetchRequest(session_id=id_, session_epoch=2, topics=topics, forgotten_topics_data=gone))
    assert [(t.topic_id, p.error_code) for t in response.responses for p in t.partitions] == [(broker.ids["a"], 0)]
    assert not through.edited


# --- namespaces ---


def test_what_is_cut_and_put_back_within_a_namespace_has_its_physical_name() -> None:
    broker = Broker(["ours.a", "ours.b", "theirs.a"])
    through = Through(broker, 12, policy("a", "b"))
    through.facts.namespace = Namespace("ours.")
    through.facts.cluster = view_within(through.facts.cluster, through.facts.namespace)
    opened = through(asking(("a", 0), ("b", 0)))
    assert codes(opened) == [("a", 0, 0), ("b", 0, 0)]

    def fetch(epoch: int, *may: str) -> tuple[list[tuple[str, int, int]], list[Any], list[Any]]:
        through.policy = policy(*may)
        seen = codes(through(asking(session=(opened.session_id, epoch))))
        assert through.sent is not None
        return seen, [place for place, _ in each(through.sent, False)], list(forgotten(through.sent, False))

    assert fetch(1, "a") == ([("b", 0, DENIED)], [], [("ours.b", 0)])
    assert fetch(2, "a", "b") == ([("b", 0, 0)], [("ours.b", 0)], [])


# --- brokers that lie ---


@pytest.mark.parametrize(("topic", "partition", "session"), [("b", 0, 0), ("a", 1, 0), ("a", 0, 1)])
def test_what_is_not_in_the_session_is_not_passed_on(topic: str, partition: int, session: int) -> None:
    client = Client("a")
    data = PartitionData(partition_index=partition, high_watermark=3)
    answer = FetchResponse(
        session_id=client.session + session, responses=[FetchableTopicResponse(topic=topic, partitions=[data])]
    )
    client.broker.fetch = lambda message, by_id: answer  # type: ignore[method-assign]

    with pytest.raises(ProtocolError, match="reply_mismatch"):
        client.fetch()


def test_a_broker_may_end_a_session_without_a_word() -> None:
    client = Client("a", "b", "c")
    client.broker.fetch = lambda message, by_id: FetchResponse()  # type: ignore[method-assign]

    assert client.fetch().session_id == 0
    assert client.fetch().error_code == ErrorCode.FETCH_SESSION_ID_NOT_FOUND


# --- against a plain model: the same broker, with Kafka's own authorizer ---


def produce(broker: Broker, consumer: Consumer, place: tuple[str, int]) -> None:
    broker.logs[place] += 1


def remake(broker: Broker, consumer: Consumer, place: tuple[str, int]) -> None:
    broker.make(place[0])


def learn(broker: Broker, consumer: Consumer, place: tuple[str, int]) -> None:
    consumer.learn(broker.ids)


def evict(broker: Broker, consumer: Consumer, place: tuple[str, int]) -> None:
    broker.sessions.clear()


def want(broker: Broker, consumer: Consumer, place: tuple[str, int]) -> None:
    consumer.wanted.setdefault(place, 0)


def leave(broker: Broker, consumer: Consumer, place: tuple[str, int]) -> None:
    consumer.wanted.pop(place, None)


OPERATIONS = {operation.__name__: operation for operation in (produce, remake, learn, evict, want, leave)}


class Both:
    """The same consumer at a broker that decides, and through the proxy at one that does not."""

    def __init__(self, version: int) -> None:
        self.may: tuple[str, ...] = ("a", "b")
        self.version = version
        self.plain = Broker(TOPICS, lambda topic: topic in self.may)
        self.open = Broker(TOPICS)
        self.connect()

    def connect(self) -> None:
        by_id = self.version >= 13
        self.through = Through(self.open, self.version, policy(*self.may))
        self.one = Consumer(lambda message: self.plain.fetch(message, by_id), by_id, self.plain.ids)
        self.other = Consumer(self.through, by_id, self.open.ids)

    def run(self, operation: str, topic: str, index: int, may: set[str]) -> None:
        if operation == "policy":
            self.may = tuple(sorted(may))
            self.through.policy = policy(*self.may)
        elif operation == "reconnect":
            wanted = self.one.wanted
            self.connect()
            self.one.wanted, self.other.wanted = dict(wanted), dict(wanted)
        else:
            for broker, consumer in ((self.plain, self.one), (self.open, self.other)):
                OPERATIONS[operation](broker, consumer, (topic, index))

    def fetch(self) -> None:
        error, expected = self.one.fetch()
        got_error, got = self.other.fetch()
        if error or got_error:  # one session may be older than the other: both start anew
            assert {error, got_error} <= {0, ErrorCode.FETCH_SESSION_ID_NOT_FOUND}
            self.one._session_id = self.one._epoch = self.other._session_id = self.other._epoch = 0
            error, expected = self.one.fetch()
            got_error, got = self.other.fetch()
            assert error == got_error == 0
        compare(expected, got, set(self.may))
        for place, (_, records, _) in expected.items():
            if records and place in self.one.wanted:
                self.one.wanted[place] += 1
                self.other.wanted[place] += 1


def compare(expected: Seen, got: Seen, may: set[str]) -> None:
    """The same partitions, errors and records."""
    assert expected.keys() == got.keys()
    for (name, _), (error, records, _) in got.items():
        assert name in may or (error in (DENIED, UNKNOWN_ID) and not records)
    for place, seen in expected.items():
        # Of a topic that is gone, Kafka says so to everybody; so does the proxy once it has heard of it.
        assert got[place] == seen or {got[place][0], seen[0]} == {DENIED, UNKNOWN_ID}


STEPS = st.tuples(
    st.lists(
        st.tuples(
            st.sampled_from(["policy", "reconnect", "want", *OPERATIONS]),
            st.sampled_from(TOPICS),
            st.integers(0, 1),
            st.sets(st.sampled_from(TOPICS)),
        ),
        max_size=3,
    )
)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([7, 12, 13, 18]), st.lists(STEPS, max_size=12))
def test_a_consumer_sees_what_it_would_see_without_a_proxy(version: int, steps: list[Any]) -> None:
    both = Both(version)
    for topic in TOPICS:
        both.run("want", topic, 0, set())
    for (operations,) in steps:
        for operation in operations:
            both.run(*operation)
        both.fetch()
