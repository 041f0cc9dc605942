from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import Upstream, chain, finish, reply, request, through_the_wire, topic_id
from tests.boundary.rights import HIDDEN, OFFSETS, asks, refusal
from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.groups.consumer_heartbeat import WIDE_PATTERN
from zoneproxy.boundary.interceptor import Context
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_group_heartbeat_request import ConsumerGroupHeartbeatRequest
from zoneproxy.wire.messages.consumer_group_heartbeat_response import (
    Assignment,
    ConsumerGroupHeartbeatResponse,
    TopicPartitions,
)

API = ApiKey.CONSUMER_GROUP_HEARTBEAT
MEMBER = "AAAAAAAAAAAAAAAAAAAAAQ"


def beat(group: str = "team.a", names: list[str] | None = None, regex: str | None = None) -> Any:
    return ConsumerGroupHeartbeatRequest(
        group_id=group, member_id=MEMBER, subscribed_topic_names=names, subscribed_topic_regex=regex
    )


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("names", [None, [], ["open.a", "seen.a"]])
def test_members_may_subscribe_to_what_they_may_describe(version: int, names: list[str] | None) -> None:
    ctx = asks("member", API, version)
    routed = request(beat(names=names), ctx)
    assert routed.forward
    assert not routed.edited
    assert not ctx.facts


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize(
    ("who", "group", "names", "error"),
    [
        ("member", "other.a", ["open.a"], 30),
        ("nobody", "team.a", None, 30),
        ("member", "team.a", ["open.a", HIDDEN], 29),
        ("member", "team.a", [OFFSETS], 29),
        ("operator", "team.a", [OFFSETS], 29),
        ("guest", "team.a", ["open.a"], 29),
    ],
)
def test_the_group_comes_before_its_topics(
    version: int, who: str, group: str, names: list[str] | None, error: int
) -> None:
    response = refusal(beat(group, names), asks(who, API, version))
    assert (response.error_code, response.error_message, response.member_id) == (error, None, None)


# --- patterns ---


def test_an_empty_pattern_is_none() -> None:
    assert request(beat(regex=""), asks("member", API, 1)).forward


@pytest.mark.parametrize(
    ("who", "regex"),
    [
        ("member", r"open\..*"),
        ("member", r"^seen\.x"),
        ("member", r"(^open[.]x.*)|(^seen[.].*)"),
        ("operator", ".*"),
        ("reader", r"any\.thing.*"),
    ],
)
def test_patterns_that_match_only_what_may_be_described_go_on(who: str, regex: str) -> None:
    routed = request(beat(regex=regex), asks(who, API, 1))
    assert routed.forward
    assert not routed.edited


@pytest.mark.parametrize(
    ("who", "regex"),
    [
        ("member", ".*"),
        ("member", "open.*"),
        ("member", r"open\.a|hidden"),
        ("member", r"(^open[.]x.*)|(^hidden[.].*)"),
        ("reader", ".*"),
        ("reader", "clos.*"),
        ("guest", r"open\.completed"),  # a flow for one topic is none for all that begin so
    ],
)
def test_wider_patterns_are_refused(who: str, regex: str) -> None:
    ctx = asks(who, API, 1)
    response = refusal(beat(regex=regex), ctx)

    assert (response.error_code, response.error_message) == (ErrorCode.INVALID_REGULAR_EXPRESSION, WIDE_PATTERN)
    assert ctx.facts == [Denied(API.name, "DESCRIBE", "group", "team.a", 128, "pattern")]


def test_topics_come_before_the_pattern() -> None:
    assert refusal(beat(names=[HIDDEN], regex="("), asks("member", API, 1)).error_code == 29


# --- assignments ---


def assigned(*names: str) -> ConsumerGroupHeartbeatResponse:
    topics = [TopicPartitions(topic_id=topic_id(name), partitions=[0, 1]) for name in names]
    return ConsumerGroupHeartbeatResponse(member_id=MEMBER, assignment=Assignment(topic_partitions=topics))


def seen(response: ConsumerGroupHeartbeatResponse, ctx: Context, *existing: str) -> tuple[bool, list[bytes]]:
    """Whether the reply was changed, and the ids that the member reads."""
    routed = request(beat(names=["open.a"]), ctx)
    message = through_the_wire(response, ctx)
    changed = finish(chain().reply(message, routed.thens, ctx), ctx, Upstream(*existing))
    told = through_the_wire(message, ctx)
    return changed, [topic.topic_id for topic in told.assignment.topic_partitions]


def test_what_may_be_described_may_be_assigned() -> None:
    ctx = asks("member", API, 1)
    assert seen(assigned("open.a", "seen.b"), ctx, "open.a", "seen.b") == (
        False,
        [topic_id("open.a"), topic_id("seen.b")],
    )


@pytest.mark.parametrize(("who", "hidden"), [("member", HIDDEN), ("operator", OFFSETS)])
def test_other_topics_are_left_out(who: str, hidden: str) -> None:
    told = seen(assigned("open.a", hidden), asks(who, API, 1), "open.a", hidden)
    assert told == (True, [topic_id("open.a")])


def test_an_id_without_a_name_says_nothing_and_stays() -> None:
    ctx = asks("member", API, 1)
    assert seen(assigned("open.new"), ctx) == (False, [topic_id("open.new")])


@pytest.mark.parametrize("response", [ConsumerGroupHeartbeatResponse(), assigned()])
def test_nothing_assigned_is_nothing_to_look_up(response: ConsumerGroupHeartbeatResponse) -> None:
    ctx = asks("member", API, 1)
    told = reply(request(beat(), ctx), response, ctx)
    assert told.assignment is None or not told.assignment.topic_partitions
