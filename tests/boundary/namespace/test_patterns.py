from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boundary.namespace.tenants import answered, received, sent, tenant
from zoneproxy.boundary.namespace.patterns import behind
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_group_describe_request import ConsumerGroupDescribeRequest
from zoneproxy.wire.messages.consumer_group_describe_response import (
    ConsumerGroupDescribeResponse,
    DescribedGroup,
    Member,
)
from zoneproxy.wire.messages.consumer_group_heartbeat_request import ConsumerGroupHeartbeatRequest
from zoneproxy.wire.messages.consumer_group_heartbeat_response import ConsumerGroupHeartbeatResponse
from zoneproxy.wire.messages.list_transactions_request import ListTransactionsRequest
from zoneproxy.wire.messages.list_transactions_response import ListTransactionsResponse, TransactionState
from zoneproxy.wire.messages.streams_group_heartbeat_request import (
    StreamsGroupHeartbeatRequest,
    Subtopology,
    Topology,
)
from zoneproxy.wire.messages.streams_group_heartbeat_response import Status, StreamsGroupHeartbeatResponse

INVALID = ErrorCode.INVALID_REGULAR_EXPRESSION


@pytest.mark.parametrize(
    ("pattern", "found"), [(None, ["a-1", "b", "ab"]), ("", ["a-1", "b", "ab"]), ("a.*", ["a-1", "ab"]), ("a", [])]
)
def test_transactions_are_chosen_by_the_names_that_clients_know(pattern: str | None, found: list[str]) -> None:
    ctx = tenant(ApiKey.LIST_TRANSACTIONS, 2)
    message = ListTransactionsRequest(transactional_id_pattern=pattern)
    upstream, left = sent(message, ctx)
    assert not upstream.transactional_id_pattern
    states = [TransactionState(transactional_id=name) for name in ("ours.a-1", "theirs.a", "ours.b", "ours.ab")]
    response = received(left, ListTransactionsResponse(transaction_states=states), ctx)
    assert [state.transactional_id for state in response.transaction_states] == found
    assert message.transactional_id_pattern == pattern


def test_no_pattern_reaches_over_the_prefix() -> None:
    ctx = tenant(ApiKey.LIST_TRANSACTIONS, 2)
    _, left = sent(ListTransactionsRequest(transactional_id_pattern="ours.*"), ctx)
    states = [TransactionState(transactional_id="ours.a")]
    assert received(left, ListTransactionsResponse(transaction_states=states), ctx).transaction_states == []


def test_a_pattern_that_is_none() -> None:
    ctx = tenant(ApiKey.LIST_TRANSACTIONS, 2)
    assert answered(ListTransactionsRequest(transactional_id_pattern="("), ctx).error_code == INVALID


# --- subscriptions -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    [
        "orders.*",
        "^orders.*",
        "(^orders.*)",
        r"(^a[.]?b)|(^orders$)",
        "orders$",
        "a|b",
        "(a|b)c",
        "(?:a)+",
        r"a\.b",
        "[a-z0-9._-]+",
        "[^a]x",
        "a{2,3}",
        r"\w+",
    ],
)
def test_patterns_that_go_on_behind_the_prefix(pattern: str) -> None:
    made = behind("our-1.", pattern)
    assert made is not None
    names = ["orders", "orders-1", "a", "b", "ac", "bc", "aa", "a.b", "axb", "bx", "z", ""]
    for name in names:
        assert bool(re.fullmatch(made, "our-1." + name)) == bool(re.fullmatch(pattern, name)), name
        assert not re.fullmatch(made, "our-11" + name)
        assert not re.fullmatch(made, name)


MISLEADING = [
    *("a)|(b", "a)|.*|(?:b", "(", ")", "[)]|x", r"\)", "[a", "[]a]", "[" * 500, "(" * 500, r"[\]]", "[[:alpha:]]"),
    *(
        r"\Qa",
        r"a\E",
        "(?i)a",
        "(?P<n>a)",
        "a\\",
        "a^b",
        "^a|b",
        "(^a)b",
        "x(^a)",
        r"(^a\)",
        "(^(a))",
        r"\bx",
        r"\x29",
        "a{2,1}",
        "é",
        "a\n",
        "x" * 1001,
    ),
]


@pytest.mark.parametrize("pattern", MISLEADING)
def test_patterns_that_might_be_read_otherwise_are_refused(pattern: str) -> None:
    assert behind("ours.", pattern) is None


@given(st.text(st.sampled_from("a|()[]\\^$*+?.Q-:{}1,E"), max_size=10))
def test_no_pattern_matches_a_name_of_others(pattern: str) -> None:
    made = behind("ours.", pattern)
    if made is not None:
        for name in ("theirs.a", "a", "", "aours.", "aours.a", "our"):
            assert not re.fullmatch(made.replace("*+", "*").replace("++", "+").replace("?+", "?"), name)


def test_a_subscription_by_pattern() -> None:
    ctx = tenant(ApiKey.CONSUMER_GROUP_HEARTBEAT, 1)
    message = ConsumerGroupHeartbeatRequest(group_id="g", subscribed_topic_regex="^orders.*")
    upstream, left = sent(message, ctx)
    assert upstream.group_id == "ours.g"
    assert upstream.subscribed_topic_regex == r"ours\.(?:orders.*)"
    received(left, ConsumerGroupHeartbeatResponse(), ctx)
    assert message == ConsumerGroupHeartbeatRequest(group_id="g", subscribed_topic_regex="^orders.*")


@pytest.mark.parametrize("pattern", [None, ""])
def test_no_subscription_by_pattern(pattern: str | None) -> None:
    message = ConsumerGroupHeartbeatRequest(group_id="g", subscribed_topic_names=["a"], subscribed_topic_regex=pattern)
    upstream, _ = sent(message, tenant(ApiKey.CONSUMER_GROUP_HEARTBEAT, 1))
    assert (upstream.subscribed_topic_regex, upstream.subscribed_topic_names) == (pattern, ["ours.a"])


def test_a_subscription_by_a_pattern_that_might_be_read_otherwise() -> None:
    ctx = tenant(ApiKey.CONSUMER_GROUP_HEARTBEAT, 1)
    message = ConsumerGroupHeartbeatRequest(group_id="g", subscribed_topic_regex="a)|(.*")
    assert answered(message, ctx).error_code == INVALID
    assert message.group_id == "g"
    assert len(ctx.facts) == 1


def test_a_described_member_shows_its_pattern_as_it_wrote_it() -> None:
    ctx = tenant(ApiKey.CONSUMER_GROUP_DESCRIBE, 1)
    _, left = sent(ConsumerGroupDescribeRequest(group_ids=["g"]), ctx)
    members = [Member(subscribed_topic_regex=each) for each in (None, "", behind("ours.", "a|b"), "theirs.*")]
    response = ConsumerGroupDescribeResponse(groups=[DescribedGroup(group_id="ours.g", members=members)])
    (group,) = received(left, response, ctx).groups
    assert [member.subscribed_topic_regex for member in group.members] == [None, "", "a|b", None]


# --- streams -------------------------------------------------------------------------------------------------


def test_a_topology_names_its_sources() -> None:
    ctx = tenant(ApiKey.STREAMS_GROUP_HEARTBEAT, 0)
    subtopologies = [Subtopology(source_topics=["a"], source_topic_regex=["b.*"])]
    message = StreamsGroupHeartbeatRequest(group_id="g", topology=Topology(subtopologies=subtopologies))
    assert answered(message, ctx).error_code == INVALID
    assert subtopologies[0].source_topics == ["a"]


def test_a_status_is_told_in_words_without_names() -> None:
    ctx = tenant(ApiKey.STREAMS_GROUP_HEARTBEAT, 0)
    message = StreamsGroupHeartbeatRequest(
        group_id="g", topology=Topology(subtopologies=[Subtopology(source_topics=["a"])])
    )
    upstream, left = sent(message, ctx)
    assert upstream.topology.subtopologies[0].source_topics == ["ours.a"]
    statuses = [Status(status_code=code, status_detail="Source topics ours.a are missing.") for code in (1, 99)]
    response = received(left, StreamsGroupHeartbeatResponse(status=statuses), ctx)
    assert [each.status_detail for each in response.status] == ["Source topics are missing.", ""]
    _, left = sent(StreamsGroupHeartbeatRequest(group_id="g"), ctx)
    assert received(left, StreamsGroupHeartbeatResponse(status=None), ctx).status is None
