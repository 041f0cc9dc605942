from __future__ import annotations

from typing import Any

from tests.boundary.kit import context
from zoneproxy.boundary.admin.entries import forward_kept
from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.delete_topics_response import DeletableTopicResult, DeleteTopicsResponse

CTX = context("nobody", ApiKey.DELETE_TOPICS, 5)


def settle(asked: list[str], kept: list[str], refused: list[str], seen: Any = None) -> Outcome:
    results = [DeletableTopicResult(name=name) for name in refused]
    return forward_kept(asked, kept, results, response=DeleteTopicsResponse, results="responses", seen=seen)


def touch(response: DeleteTopicsResponse, ctx: Context) -> bool:
    response.throttle_time_ms = 7
    return True


def test_with_nothing_refused_the_request_goes_on_as_it_is() -> None:
    assert settle(["a"], ["a"], []) is GO_ON
    assert settle([], [], []) is GO_ON
    assert settle(["a"], ["a"], [], touch) == Forward(touch)


def test_with_nothing_left_it_is_answered_here() -> None:
    outcome = settle(["a"], [], ["a"], touch)

    assert isinstance(outcome, Reply)
    assert outcome.message == DeleteTopicsResponse(responses=[DeletableTopicResult(name="a")])


def test_what_is_refused_leaves_and_comes_back() -> None:
    asked = ["a", "b"]
    outcome = settle(asked, ["b"], ["a"], touch)
    response = DeleteTopicsResponse(responses=[DeletableTopicResult(name="b")])

    assert asked == ["b"]
    assert isinstance(outcome, Forward)
    assert outcome.edited
    assert outcome.then is not None
    assert outcome.then(response, CTX) is True
    assert [result.name for result in response.responses] == ["b", "a"]
    assert response.throttle_time_ms == 7
