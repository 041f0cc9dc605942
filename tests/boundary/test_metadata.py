from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.kit import (
    Upstream,
    chain,
    context,
    finish,
    metadata,
    read_again,
    reply,
    request,
    snapshot,
    topic_id,
)
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.interceptor import Context
from zoneproxy.policy.model import Operation, Principal
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic
from zoneproxy.wire.messages.metadata_response import MetadataResponse, MetadataResponseTopic

UNKNOWN = -(1 << 31)
WORLD = ["open.a", "open.completed", "seen.b", "secret", "__consumer_offsets"]


def by_name(*names: str, create: bool = False, operations: bool = False) -> MetadataRequest:
    return MetadataRequest(
        topics=[MetadataRequestTopic(name=name) for name in names],
        allow_auto_topic_creation=create,
        include_topic_authorized_operations=operations,
    )


def by_id(*names: str, operations: bool = False) -> MetadataRequest:
    return MetadataRequest(
        topics=[MetadataRequestTopic(name=None, topic_id=topic_id(name)) for name in names],
        include_topic_authorized_operations=operations,
    )


def forwarded(message: MetadataRequest) -> list[str | None]:
    assert message.topics is not None
    return [topic.name for topic in message.topics]


def told(response: MetadataResponse) -> list[tuple[str | None, int, bytes]]:
    return [(topic.name, topic.error_code, topic.topic_id) for topic in response.topics]


def asked(message: MetadataRequest, ctx: Context) -> tuple[MetadataRequest, Routed]:
    """The request as it goes on, and what is done with it."""
    read = read_again(message, ctx)
    routed = finish(chain().request(read, ctx), ctx, Upstream(*WORLD))
    assert routed.forward
    return read, routed


def test_topics_by_name_that_may_be_described_pass() -> None:
    ctx = context("clerk", ApiKey.METADATA, 12)
    message, routed = asked(by_name("open.a", "seen.b"), ctx)

    assert forwarded(message) == ["open.a", "seen.b"]
    assert not routed.edited
    assert [name for name, *_ in told(reply(routed, metadata(["open.a", "seen.b"]), ctx))] == ["open.a", "seen.b"]


def test_a_refused_name_is_not_forwarded_and_stands_last_without_an_id() -> None:
    ctx = context("clerk", ApiKey.METADATA, 12)
    message, routed = asked(by_name("secret", "open.a", "none.such", "secret"), ctx)

    assert forwarded(message) == ["open.a"]
    assert routed.edited
    assert told(reply(routed, metadata(["open.a"]), ctx)) == [
        ("open.a", 0, topic_id("open.a")),
        ("secret", ErrorCode.TOPIC_AUTHORIZATION_FAILED, bytes(16)),
        ("none.such", ErrorCode.TOPIC_AUTHORIZATION_FAILED, bytes(16)),
    ]
    assert ctx.facts == [
        Denied("METADATA", "DESCRIBE", "topic", name, ErrorCode.TOPIC_AUTHORIZATION_FAILED, "acl")
        for name in ("secret", "none.such")
    ]


@pytest.mark.parametrize("version", [0, 1, 8, 13])
def test_with_every_name_refused_the_brokers_are_still_told(version: int) -> None:
    ctx = context("nobody", ApiKey.METADATA, version)
    message, routed = asked(by_name("secret", create=version < 4), ctx)

    assert forwarded(message) == []
    # In version 0 an empty list means all topics: what the broker then tells is not for this client.
    response = reply(routed, metadata(WORLD if version == 0 else []), ctx)
    assert [(name, error) for name, error, _ in told(response)] == [("secret", ErrorCode.TOPIC_AUTHORIZATION_FAILED)]
    assert len(response.brokers) == 1


@pytest.mark.parametrize(
    ("version", "message"),
    [(0, MetadataRequest()), (1, MetadataRequest(topics=None)), (13, MetadataRequest(topics=None))],
)
def test_a_reply_with_all_topics_leaves_out_what_is_hidden(version: int, message: MetadataRequest) -> None:
    ctx = context("clerk", ApiKey.METADATA, version)
    _, routed = asked(message, ctx)

    assert [name for name, *_ in told(reply(routed, metadata(WORLD), ctx))] == ["open.a", "open.completed", "seen.b"]
    assert not routed.edited
    assert ctx.facts == []


def test_kafkas_own_topics_are_hidden_from_everyone() -> None:
    ctx = context("operator", ApiKey.METADATA, 13)
    _, routed = asked(MetadataRequest(topics=None), ctx)

    assert [name for name, *_ in told(reply(routed, metadata(WORLD), ctx))] == WORLD[:-1]


def test_another_zones_principal_sees_what_flows_name() -> None:
    ctx = context("dashboards", ApiKey.METADATA, 13)
    _, routed = asked(MetadataRequest(topics=None), ctx)

    assert [name for name, *_ in told(reply(routed, metadata(WORLD), ctx))] == ["open.completed"]


# --- by id ---


def test_by_id_what_is_refused_keeps_its_id_and_has_no_name() -> None:
    ctx = context("clerk", ApiKey.METADATA, 12)
    message, routed = asked(by_id("open.a", "secret", "none.such"), ctx)
    answer = metadata(["open.a", "secret"])
    unknown = MetadataResponseTopic(error_code=ErrorCode.UNKNOWN_TOPIC_ID, name=None, topic_id=topic_id("none.such"))
    answer.topics.append(unknown)

    assert forwarded(message) == [None, None, None]
    assert not routed.edited
    assert told(reply(routed, answer, ctx)) == [
        ("open.a", 0, topic_id("open.a")),
        (None, ErrorCode.TOPIC_AUTHORIZATION_FAILED, topic_id("secret")),
        (None, ErrorCode.UNKNOWN_TOPIC_ID, topic_id("none.such")),
    ]
    assert [fact.resource for fact in ctx.facts if isinstance(fact, Denied)] == ["secret"]


def test_with_an_id_anywhere_names_count_for_nothing() -> None:
    ctx = context("clerk", ApiKey.METADATA, 13)
    mixed = by_id("open.a")
    assert mixed.topics is not None
    mixed.topics += [MetadataRequestTopic(name="secret"), MetadataRequestTopic(name="x", topic_id=topic_id("secret"))]
    message, routed = asked(mixed, ctx)

    assert routed.edited
    assert message.topics is not None
    assert [topic.topic_id for topic in message.topics] == [topic_id("open.a"), topic_id("secret")]
    assert [name for name, *_ in told(reply(routed, metadata(["open.a", "secret"]), ctx))] == ["open.a", None]


@pytest.mark.parametrize(
    ("version", "topic"),
    [
        (10, MetadataRequestTopic(name="open.a", topic_id=topic_id("open.a"))),
        (11, MetadataRequestTopic(name=None)),
        (13, MetadataRequestTopic(name=None)),
    ],
)
def test_what_kafka_has_no_answer_for_closes(version: int, topic: MetadataRequestTopic) -> None:
    routed = request(MetadataRequest(topics=[topic]), context("operator", ApiKey.METADATA, version))

    assert routed.close == "invalid_request"
    assert not routed.forward


# --- operations (KIP-430) ---


def test_operations_are_those_of_the_clients_own_rules() -> None:
    ctx = context("clerk", ApiKey.METADATA, 12)
    _, routed = asked(by_name("open.a", "seen.b", "secret", operations=True), ctx)
    answer = metadata(["open.a", "seen.b"])
    for topic in answer.topics:
        topic.topic_authorized_operations = 0x1FFFFFF
    response = reply(routed, answer, ctx)

    describe, read, write = 1 << 8, 1 << 3, 1 << 4
    assert [topic.topic_authorized_operations for topic in response.topics] == [
        describe | read | write,
        describe,
        UNKNOWN,
    ]


def test_operations_by_id_of_what_is_refused_are_not_told() -> None:
    ctx = context("clerk", ApiKey.METADATA, 12)
    _, routed = asked(by_id("secret", "seen.b", operations=True), ctx)
    response = reply(routed, metadata(["secret", "seen.b"]), ctx)

    assert [topic.topic_authorized_operations for topic in response.topics] == [UNKNOWN, 1 << 8]


@pytest.mark.parametrize(("who", "operations"), [("clerk", 1 << 8), ("nobody", 0)])
def test_operations_on_the_cluster(who: str, operations: int) -> None:
    ctx = context(who, ApiKey.METADATA, 9)
    message = MetadataRequest(topics=[], allow_auto_topic_creation=False, include_cluster_authorized_operations=True)
    _, routed = asked(message, ctx)
    answer = metadata()
    answer.cluster_authorized_operations = 0x1FFFFFF

    assert reply(routed, answer, ctx).cluster_authorized_operations == operations


def test_operations_that_were_not_asked_for_stay_unknown() -> None:
    ctx = context("clerk", ApiKey.METADATA, 9)
    _, routed = asked(by_name("open.a"), ctx)
    response = reply(routed, metadata(["open.a"]), ctx)

    assert response.cluster_authorized_operations == UNKNOWN
    assert response.topics[0].topic_authorized_operations == UNKNOWN


@given(
    st.sampled_from(["clerk", "operator", "dashboards", "nobody"]),
    st.lists(st.sampled_from([*WORLD, "new.topic", "none.such", ""]), max_size=8),
    st.booleans(),
    st.sampled_from([0, 4, 9, 12, 13]),
)
def test_nobody_learns_of_what_they_may_not_describe(who: str, names: list[str], create: bool, version: int) -> None:
    ctx = context(who, ApiKey.METADATA, version)
    create = create or version < 4
    message, routed = asked(by_name(*names, create=create), ctx)
    all_topics = not message.topics and version == 0
    broker = [name for name in WORLD if all_topics or name in forwarded(message)]
    response = reply(routed, metadata(broker, ids=version >= 10), ctx)

    def visible(name: str) -> bool:
        principal = snapshot().principal(who) or Principal(who, "payments")
        return snapshot().topic_allowed(principal, "payments", Operation.DESCRIBE, name, "192.0.2.7")

    assert all(name is not None and visible(name) for name in forwarded(message))
    for topic in response.topics:
        assert topic.name is not None
        if not visible(topic.name):
            assert topic.error_code == ErrorCode.TOPIC_AUTHORIZATION_FAILED
            assert topic.topic_id == bytes(16)
    if names or version > 0:
        assert {topic.name for topic in response.topics} >= {name for name in names if not visible(name)}
