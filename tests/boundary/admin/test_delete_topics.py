from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.admin.kit import OFFSETS, WORLD, ask
from tests.boundary.kit import NOW, Upstream, topic_id
from zoneproxy.boundary.topic_ids import MAX_ASKED
from zoneproxy.wire.buffer import ZERO_UUID
from zoneproxy.wire.messages.delete_topics_request import DeleteTopicsRequest, DeleteTopicState
from zoneproxy.wire.messages.delete_topics_response import DeletableTopicResult, DeleteTopicsResponse

DENIED = (29, "Topic authorization failed.")
UNKNOWN = (3, "This server does not host this topic-partition.")
UNKNOWN_ID = (100, "This server does not host this topic ID.")


def by_name(version: int, *names: str) -> DeleteTopicsRequest:
    if version < 6:
        return DeleteTopicsRequest(topic_names=names)
    return DeleteTopicsRequest(topics=[DeleteTopicState(name=name) for name in names])


def by_id(*names: str) -> DeleteTopicsRequest:
    return DeleteTopicsRequest(topics=[DeleteTopicState(topic_id=topic_id(name)) for name in names])


def world() -> Upstream:
    return Upstream(*WORLD)


def told(response: Any) -> list[tuple[str | None, int, str | None]]:
    return [(result.name, result.error_code, result.error_message) for result in response.responses]


@pytest.mark.parametrize("version", range(1, 7))
def test_by_name(version: int) -> None:
    asked = ask("topics", by_name(version, "secret", "deleted", "described", "none", ""), version, upstream=world())

    names = asked.forwarded.topic_names if version < 6 else [topic.name for topic in asked.forwarded.topics]
    assert names == ["deleted"]
    results = told(asked.reply(DeleteTopicsResponse(responses=[DeletableTopicResult(name="deleted")])))
    assert [(name, error) for name, error, _ in results] == [
        ("deleted", 0),
        ("secret", 29),
        ("described", 29),
        ("none", 29),
        ("", 29),
    ]
    assert {text for _, error, text in results if error} == {DENIED[1] if version >= 5 else None}
    assert asked.denials == [("DELETE", "topic", name) for name in ("secret", "described", "none", "")]


@pytest.mark.parametrize("version", [5, 6])
def test_what_may_be_deleted_goes_on_as_it_came(version: int) -> None:
    assert ask("topics", by_name(version, "all", "deleted", "deleted-none"), version).untouched


def test_whoever_may_describe_a_topic_learns_that_it_is_not_there() -> None:
    asked = ask("topics", by_name(6, "described", "secret"), 6, upstream=Upstream())

    assert told(asked.answer) == [("described", *UNKNOWN), ("secret", *DENIED)]


def test_and_is_refused_while_that_is_not_known() -> None:
    asked = ask("topics", by_name(6, "described"), 6, upstream=Upstream(silent=True))

    assert told(asked.answer) == [("described", *DENIED)]


def test_deleting_by_name_takes_describe_as_well() -> None:
    assert told(ask("topics", by_name(6, "deleted-unseen"), 6).answer) == [("deleted-unseen", *DENIED)]


def test_by_id() -> None:
    message = by_id("secret", "deleted", "described", "none", "deleted-unseen")
    asked = ask("topics", message, 6, upstream=world())

    assert [topic.topic_id for topic in asked.forwarded.topics] == [topic_id("deleted"), topic_id("deleted-unseen")]
    done = [DeletableTopicResult(name=name, topic_id=topic_id(name)) for name in ("deleted", "deleted-unseen")]
    response = asked.reply(DeleteTopicsResponse(responses=done))
    assert told(response) == [
        ("deleted", 0, None),
        ("deleted-unseen", 0, None),
        (None, *DENIED),
        ("described", *DENIED),
        (None, *UNKNOWN_ID),
    ]
    assert [r.topic_id for r in response.responses[2:]] == [topic_id(n) for n in ("secret", "described", "none")]


def test_ids_and_names_at_once() -> None:
    topics = by_id("deleted", "secret").topics + by_name(6, "all", "altered").topics
    asked = ask("topics", DeleteTopicsRequest(topics=topics), 6, upstream=world())

    assert [(t.name, t.topic_id) for t in asked.forwarded.topics] == [
        (None, topic_id("deleted")),
        ("all", ZERO_UUID),
    ]


@pytest.mark.parametrize("who", ["topics", "operator"])
def test_what_is_there_twice_is_refused_once(who: str) -> None:
    topics = by_id("all", "deleted", "all").topics + by_name(6, "x", "deleted.b", "x", "x").topics
    asked = ask(who, DeleteTopicsRequest(topics=topics), 6, upstream=world())

    assert [(t.name, t.topic_id) for t in asked.forwarded.topics] == [
        (None, topic_id("deleted")),
        ("deleted.b", ZERO_UUID),
    ]
    response = asked.reply(DeleteTopicsResponse())
    assert told(response) == [(None, 42, "Duplicate topic id."), ("x", 42, "Duplicate topic name.")]


def test_names_that_are_there_twice_in_old_versions() -> None:
    assert told(ask("nobody", by_name(5, "x", "x"), 5).answer) == [("x", 42, "Duplicate topic name.")]


def test_neither_name_nor_id_or_both() -> None:
    both = DeleteTopicState(name="secret", topic_id=topic_id("secret"))
    message = DeleteTopicsRequest(topics=[DeleteTopicState(), DeleteTopicState(), both, both])
    response = ask("operator", message, 6, upstream=world()).answer

    assert told(response) == [
        (None, 42, "Neither topic name nor id were specified."),
        (None, 42, "Neither topic name nor id were specified."),
        ("secret", 42, "You may not specify both topic name and topic id."),
        ("secret", 42, "You may not specify both topic name and topic id."),
    ]
    assert response.responses[2].topic_id == topic_id("secret")


@pytest.mark.parametrize("who", ["operator", "topics", "cluster"])
def test_reserved_topics_are_deleted_by_nobody(who: str) -> None:
    assert told(ask(who, by_name(5, OFFSETS), 5).answer) == [(OFFSETS, *DENIED)]
    assert told(ask(who, by_id(OFFSETS), 6, upstream=world()).answer) == [(None, *DENIED)]


def test_no_more_is_asked_than_a_look_up_takes() -> None:
    upstream = Upstream()
    names = [f"d{number}" for number in range(MAX_ASKED + 5)]
    ask("nobody", by_name(6, *names), 6, upstream=upstream)
    assert not upstream.asked

    ids = DeleteTopicsRequest(topics=[DeleteTopicState(topic_id=topic_id(name)) for name in names])
    ask("operator", ids, 6, upstream=upstream)
    assert [len(need.ids) for need in upstream.asked] == [MAX_ASKED]


def test_an_id_that_a_broker_does_not_know_is_not_believed_any_longer() -> None:
    asked = ask("topics", by_id("all"), 6, upstream=world())
    cluster = asked.ctx.session.cluster
    assert cluster.name_of(topic_id("all"), NOW) == "all"

    result = DeletableTopicResult(name=None, topic_id=topic_id("all"), error_code=100)
    asked.reply(DeleteTopicsResponse(responses=[result]))
    assert cluster.name_of(topic_id("all"), NOW) is None
