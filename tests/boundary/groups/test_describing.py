from __future__ import annotations

import pytest

from tests.boundary.rights import asks, merged, passes, refusal
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.delete_groups_request import DeleteGroupsRequest
from zoneproxy.wire.messages.delete_groups_response import DeletableGroupResult, DeleteGroupsResponse
from zoneproxy.wire.messages.describe_groups_request import DescribeGroupsRequest
from zoneproxy.wire.messages.describe_groups_response import DescribedGroup, DescribeGroupsResponse
from zoneproxy.wire.messages.list_groups_request import ListGroupsRequest
from zoneproxy.wire.messages.list_groups_response import ListedGroup, ListGroupsResponse

NOT_ASKED = -2147483648
READ_DESCRIBE = 1 << 3 | 1 << 8

# --- DescribeGroups ---


@pytest.mark.parametrize("version", range(7))
def test_described_groups_are_forwarded_and_the_rest_stand_first(version: int) -> None:
    ctx = asks("member", ApiKey.DESCRIBE_GROUPS, version)
    message = DescribeGroupsRequest(groups=["a", "team.a", "b", "a"])
    answer = DescribeGroupsResponse(groups=[DescribedGroup(group_id="team.a", group_state="Stable")])
    response = merged(message, answer, ctx)

    assert [(g.group_id, g.error_code, g.group_state) for g in response.groups] == [
        ("a", 30, ""),
        ("b", 30, ""),
        ("a", 30, ""),
        ("team.a", 0, "Stable"),
    ]


@pytest.mark.parametrize("version", [0, 2, 3, 6])
def test_only_hidden_groups_are_answered_here(version: int) -> None:
    ctx = asks("nobody", ApiKey.DESCRIBE_GROUPS, version)
    message = DescribeGroupsRequest(groups=["a"], include_authorized_operations=version >= 3)
    (group,) = refusal(message, ctx).groups
    assert (group.group_id, group.error_code, group.authorized_operations) == ("a", 30, NOT_ASKED)


def test_described_groups_pass_as_they_are() -> None:
    passes(DescribeGroupsRequest(groups=["team.a", "other.a"]), asks("member", ApiKey.DESCRIBE_GROUPS, 6))


def test_operations_are_those_of_our_rules() -> None:
    ctx = asks("member", ApiKey.DESCRIBE_GROUPS, 6)
    message = DescribeGroupsRequest(groups=["team.a", "other.a", "team.gone"], include_authorized_operations=True)
    answer = [
        DescribedGroup(group_id="team.a", authorized_operations=0xFFF),
        DescribedGroup(group_id="other.a", authorized_operations=0xFFF),
        DescribedGroup(group_id="team.gone", error_code=69),
    ]
    response = merged(message, DescribeGroupsResponse(groups=answer), ctx)
    assert [g.authorized_operations for g in response.groups] == [READ_DESCRIBE, 1 << 8, NOT_ASKED]


def test_groups_that_nobody_asked_for_fit_nothing() -> None:
    ctx = asks("member", ApiKey.DESCRIBE_GROUPS, 6)
    answer = DescribeGroupsResponse(groups=[DescribedGroup(group_id="hidden")])
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        merged(DescribeGroupsRequest(groups=["team.a", "hidden"]), answer, ctx)


# --- ListGroups ---


@pytest.mark.parametrize("version", range(6))
@pytest.mark.parametrize(
    ("who", "listed"), [("member", ["team.a", "other.a"]), ("nobody", []), ("guest", ["team.a", "other.a"])]
)
def test_hidden_groups_are_left_out(version: int, who: str, listed: list[str]) -> None:
    ctx = asks(who, ApiKey.LIST_GROUPS, version)
    groups = [ListedGroup(group_id=group) for group in ("hidden", "team.a", "other.a")]
    response = merged(ListGroupsRequest(), ListGroupsResponse(groups=groups), ctx)
    assert [group.group_id for group in response.groups] == listed
    assert not ctx.facts


@pytest.mark.parametrize("who", ["viewer", "operator"])
def test_who_may_describe_the_cluster_lists_all_groups(who: str) -> None:
    message = ListGroupsRequest(states_filter=["Stable"], types_filter=["consumer"])
    passes(message, asks(who, ApiKey.LIST_GROUPS, 5))


def test_an_error_of_the_broker_stays() -> None:
    response = merged(ListGroupsRequest(), ListGroupsResponse(error_code=15), asks("member", ApiKey.LIST_GROUPS, 5))
    assert response.error_code == 15


# --- DeleteGroups ---


@pytest.mark.parametrize("version", range(3))
def test_groups_that_may_not_be_deleted_stand_last_and_once(version: int) -> None:
    ctx = asks("janitor", ApiKey.DELETE_GROUPS, version)
    message = DeleteGroupsRequest(groups_names=["a", "team.a", "b", "a", "team.a"])
    answer = DeleteGroupsResponse(results=[DeletableGroupResult(group_id="team.a", error_code=69)])
    response = merged(message, answer, ctx)

    assert [(r.group_id, r.error_code) for r in response.results] == [("team.a", 69), ("a", 30), ("b", 30)]


def test_no_group_that_may_be_deleted_is_answered_here() -> None:
    ctx = asks("member", ApiKey.DELETE_GROUPS, 2)  # may read it
    response = refusal(DeleteGroupsRequest(groups_names=["team.a"]), ctx)
    assert [(r.group_id, r.error_code) for r in response.results] == [("team.a", 30)]


def test_groups_that_may_be_deleted_pass() -> None:
    passes(DeleteGroupsRequest(groups_names=["team.a"]), asks("janitor", ApiKey.DELETE_GROUPS, 2))
    passes(DeleteGroupsRequest(groups_names=["anything"]), asks("operator", ApiKey.DELETE_GROUPS, 2))


def test_results_for_other_groups_fit_nothing() -> None:
    ctx = asks("janitor", ApiKey.DELETE_GROUPS, 2)
    answer = DeleteGroupsResponse(results=[DeletableGroupResult(group_id="a")])
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        merged(DeleteGroupsRequest(groups_names=["a", "team.a"]), answer, ctx)
