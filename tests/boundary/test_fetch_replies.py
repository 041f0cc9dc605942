from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import NOW, context, metadata, topic_id
from zoneproxy.boundary.fetch_replies import Fetched, refused_topics
from zoneproxy.boundary.fetch_sessions import FetchSession
from zoneproxy.boundary.fetch_verdict import Verdict, judge
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.session_room import Room
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import FetchPartition
from zoneproxy.wire.messages.fetch_response import FetchableTopicResponse, FetchResponse, PartitionData

DENIED = ErrorCode.TOPIC_AUTHORIZATION_FAILED
A, SECRET = topic_id("open.a"), topic_id("secret")


def fetched(ctx: Context, **fields: Any) -> tuple[Verdict, FetchSession]:
    verdict = judge([(A, 0), (SECRET, 0)], {A: "open.a", SECRET: "secret"}, ctx)
    return verdict, FetchSession({(A, 0): FetchPartition()}, verdict, True, Room().lease())


def codes(response: FetchResponse) -> list[tuple[bytes, int, int]]:
    return [(t.topic_id, p.partition_index, p.error_code) for t in response.responses for p in t.partitions]


def response_of(topic: bytes, error: int = 0, **more: Any) -> FetchResponse:
    data = PartitionData(partition_index=0, error_code=error)
    return FetchResponse(responses=[FetchableTopicResponse(topic_id=topic, partitions=[data])], **more)


def test_refused_partitions_stand_together_by_topic_and_look_as_a_broker_makes_them() -> None:
    topics = refused_topics([("a", 0), ("a", 2), (A, 1), ("a", 1)], {"a": DENIED, A: 100})

    assert [(t.topic, t.topic_id) for t in topics] == [("a", bytes(16)), ("", A), ("a", bytes(16))]
    assert [[p.partition_index for p in t.partitions] for t in topics] == [[0, 2], [1], [1]]
    assert topics[1].partitions == [PartitionData(partition_index=1, error_code=100, high_watermark=-1)]


def test_what_was_refused_stands_behind_what_the_broker_says() -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)
    verdict, _ = fetched(ctx)
    response = response_of(A)

    assert Fetched(verdict, None).then(response, ctx)
    assert codes(response) == [(A, 0, 0), (SECRET, 0, DENIED)]


def test_an_error_for_all_of_it_stands_alone() -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)
    response = FetchResponse(error_code=ErrorCode.UNKNOWN_SERVER_ERROR)

    assert not Fetched(fetched(ctx)[0], None).then(response, ctx)
    assert codes(response) == []


def test_what_was_not_asked_for_is_not_passed_on() -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)

    with pytest.raises(ProtocolError, match="reply_mismatch"):
        Fetched(fetched(ctx)[0], None).then(response_of(SECRET), ctx)


def test_ids_that_the_broker_finds_wrong_are_forgotten() -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)
    ctx.session.cluster.learn_metadata(metadata(["open.a"]), NOW)
    Fetched(fetched(ctx)[0], None).then(response_of(A, ErrorCode.UNKNOWN_TOPIC_ID), ctx)

    assert not ctx.session.cluster.asked(A, NOW)


def test_sessions_are_followed_as_the_broker_opens_and_ends_them() -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)
    verdict, session = fetched(ctx)
    sessions = ctx.session.fetching

    Fetched(verdict, session, opens=True).then(response_of(A, session_id=5), ctx)
    assert sessions.current is session
    assert (session.id, session.broker_id) == (5, 5)

    session.broker_id = 0
    again = response_of(A, session_id=6)
    Fetched(verdict, session, opens=True).then(again, ctx)
    assert (session.id, session.broker_id, again.session_id) == (5, 6, 5)

    with pytest.raises(ProtocolError, match="reply_mismatch"):
        Fetched(verdict, session).then(response_of(A, session_id=5), ctx)
    Fetched(verdict, session).then(FetchResponse(error_code=ErrorCode.FETCH_SESSION_ID_NOT_FOUND), ctx)
    assert (ctx.session.fetching.current, sessions.to_close()) == (None, 0)


def test_after_another_error_the_session_is_to_be_closed() -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)
    verdict, session = fetched(ctx)
    Fetched(verdict, session, opens=True).then(response_of(A, session_id=5), ctx)
    Fetched(verdict, session).then(FetchResponse(error_code=ErrorCode.INVALID_FETCH_SESSION_EPOCH), ctx)

    assert ctx.session.fetching.current is None
    assert [ctx.session.fetching.to_close(), ctx.session.fetching.to_close()] == [5, 0]


def test_a_session_that_comes_too_late_is_to_be_closed() -> None:
    ctx = context("clerk", ApiKey.FETCH, 13)
    verdict, session = fetched(ctx)
    Fetched(verdict, session, opens=True).then(response_of(A, session_id=5), ctx)
    ctx.session.fetching.drop()
    Fetched(verdict, session, opens=True).then(response_of(A, session_id=6), ctx)

    assert ctx.session.fetching.current is None
    assert ctx.session.fetching.to_close() == 6
