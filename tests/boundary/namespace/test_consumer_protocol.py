from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoneproxy.boundary.namespace.consumer_protocol import assignment, subscription
from zoneproxy.wire.messages import consumer_protocol_assignment as assignments
from zoneproxy.wire.messages import consumer_protocol_subscription as subscriptions
from zoneproxy.wire.messages.consumer_protocol_assignment import ConsumerProtocolAssignment
from zoneproxy.wire.messages.consumer_protocol_subscription import ConsumerProtocolSubscription
from zoneproxy.wire.reader import Reader
from zoneproxy.wire.writer import Writer

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NUMBERS = st.lists(st.integers(0, 1000), max_size=3)
USER_DATA = st.none() | st.binary(max_size=8)


def put(name: bytes) -> bytes:
    return b"p." + name


def take(name: bytes) -> bytes | None:
    return name[2:] if name.startswith(b"p.") else None


def written(message: ConsumerProtocolSubscription | ConsumerProtocolAssignment, version: int) -> bytes:
    w = Writer()
    w.int16(version)
    message.write(w, version)
    return w.getvalue()


def read_subscription(data: bytes) -> ConsumerProtocolSubscription:
    return ConsumerProtocolSubscription.read(Reader(data, 2), int.from_bytes(data[:2], "big"))


@st.composite
def a_subscription(draw: st.DrawFn) -> tuple[ConsumerProtocolSubscription, int]:
    version = draw(st.integers(0, 3))
    owned = draw(st.lists(st.tuples(NAMES, NUMBERS), max_size=3)) if version >= 1 else []
    message = ConsumerProtocolSubscription(
        topics=draw(st.lists(NAMES, max_size=3)),
        user_data=draw(USER_DATA),
        owned_partitions=[subscriptions.TopicPartition(topic=t, partitions=p) for t, p in owned],
        generation_id=draw(st.integers(-1, 9)) if version >= 2 else -1,
        rack_id=draw(st.none() | NAMES) if version >= 3 else None,
    )
    return message, version


@given(a_subscription())
def test_subscriptions_are_renamed_wherever_they_name_topics(drawn: tuple[ConsumerProtocolSubscription, int]) -> None:
    message, version = drawn
    data = written(message, version)
    renamed = read_subscription(subscription(data, put))
    assert renamed.topics == ["p." + topic for topic in message.topics]
    assert [each.topic for each in renamed.owned_partitions] == ["p." + each.topic for each in message.owned_partitions]
    assert [each.partitions for each in renamed.owned_partitions] == [e.partitions for e in message.owned_partitions]
    assert (renamed.user_data, renamed.generation_id, renamed.rack_id) == (
        message.user_data,
        message.generation_id,
        message.rack_id,
    )
    assert subscription(subscription(data, put), take) == data


@given(st.lists(st.tuples(NAMES, NUMBERS), max_size=3), USER_DATA, st.integers(0, 3))
def test_assignments_are_renamed(parts: list[tuple[str, list[int]]], user_data: bytes | None, version: int) -> None:
    partitions = [assignments.TopicPartition(topic=t, partitions=p) for t, p in parts]
    data = written(ConsumerProtocolAssignment(assigned_partitions=partitions, user_data=user_data), version)
    renamed = assignment(data, put)
    message = ConsumerProtocolAssignment.read(Reader(renamed, 2), version)
    assert [(each.topic, each.partitions) for each in message.assigned_partitions] == [("p." + t, p) for t, p in parts]
    assert message.user_data == user_data
    assert assignment(renamed, take) == data


def test_what_has_no_place_is_left_out() -> None:
    owned = [subscriptions.TopicPartition(topic=name, partitions=[1]) for name in ("p.a", "q.b")]
    message = ConsumerProtocolSubscription(topics=["q.b", "p.a", "p"], owned_partitions=owned)
    left = read_subscription(subscription(written(message, 1), take))
    assert left.topics == ["a"]
    assert [each.topic for each in left.owned_partitions] == ["a"]


def test_names_need_not_be_text() -> None:
    data = b"\0\0" + b"\0\0\0\1" + b"\0\2\xff\xfe" + b"\xff\xff\xff\xff"
    assert subscription(data, put) == b"\0\0" + b"\0\0\0\1" + b"\0\4p.\xff\xfe" + b"\xff\xff\xff\xff"


def test_what_follows_the_fields_does_not_go_on() -> None:
    """Kafka takes a later version for the last one that it knows, and does not look at what is behind its fields."""
    message = ConsumerProtocolSubscription(topics=["a"], rack_id="r")
    later = b"\0\x07" + written(message, 3)[2:] + b"theirs.secret"
    assert subscription(later, put) == written(ConsumerProtocolSubscription(topics=["p.a"], rack_id="r"), 3)
    trailing = written(ConsumerProtocolAssignment(user_data=b"u"), 0) + b"theirs.secret"
    assert assignment(trailing, put) == written(ConsumerProtocolAssignment(user_data=b"u"), 0)


GOOD = written(
    ConsumerProtocolSubscription(topics=["a"], owned_partitions=[subscriptions.TopicPartition(topic="a")]), 3
)


@pytest.mark.parametrize("end", range(len(GOOD)))
def test_what_kafka_cannot_read_stays(end: int) -> None:
    assert subscription(GOOD[:end], put) == GOOD[:end]


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xff" + GOOD[2:],  # a negative version
        b"\0\0\xff\xff\xff\xff",  # null where there must be a list
        b"\0\0\x7f\xff\xff\xff",
        b"\0\0\0\0\0\1\xff\xff\xff\xff\xff\xff",  # a name that is null
        b"{}",
        b"",
    ],
)
def test_what_is_malformed_stays(data: bytes) -> None:
    assert subscription(data, put) == data
    assert assignment(data, put) == data


@given(st.binary(max_size=64))
def test_anything_can_be_thrown_at_it(data: bytes) -> None:
    for translate in (subscription, assignment):
        once = translate(data, put)
        assert translate(once, take) in (data, translate(data, lambda name: name))
