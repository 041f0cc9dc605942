from __future__ import annotations

import pytest

from tests.boundary.kit import reply, request
from tests.boundary.said.said_kit import CARD, refusals, says
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_groups_request import DescribeGroupsRequest
from zoneproxy.wire.messages.describe_groups_response import (
    DescribedGroup,
    DescribedGroupMember,
    DescribeGroupsResponse,
)
from zoneproxy.wire.messages.join_group_request import JoinGroupRequest
from zoneproxy.wire.messages.join_group_response import JoinGroupResponse, JoinGroupResponseMember
from zoneproxy.wire.messages.sync_group_request import SyncGroupRequest
from zoneproxy.wire.messages.sync_group_response import SyncGroupResponse

DIRTY = b"\x00\x01" + CARD.encode()


@pytest.mark.parametrize(("version", "protocol"), [(5, ""), (9, None)])
def test_a_leader_is_not_told_what_may_not_be_told(version: int, protocol: str | None) -> None:
    members = [JoinGroupResponseMember(member_id=m, metadata=data) for m, data in (("a", b"x"), ("b", DIRTY))]
    ctx = says("analyst", ApiKey.JOIN_GROUP, version)
    told = reply(
        request(JoinGroupRequest(group_id="g"), ctx), JoinGroupResponse(protocol_name="r", members=members), ctx
    )
    assert (told.error_code, told.members, told.protocol_name) == (ErrorCode.POLICY_VIOLATION, [], protocol)
    assert refusals(ctx) == [("member_data", "finding")]


def test_a_member_is_not_assigned_what_may_not_be_told() -> None:
    ctx = says("analyst", ApiKey.SYNC_GROUP, 5)
    told = reply(request(SyncGroupRequest(group_id="g"), ctx), SyncGroupResponse(assignment=DIRTY), ctx)
    assert (told.error_code, told.assignment) == (ErrorCode.POLICY_VIOLATION, b"")


def test_in_a_description_it_is_blank() -> None:
    members = [
        DescribedGroupMember(member_id="a", member_metadata=b"x", member_assignment=b"y"),
        DescribedGroupMember(member_id="b", member_metadata=b"x", member_assignment=DIRTY),
    ]
    ctx = says("analyst", ApiKey.DESCRIBE_GROUPS, 5)
    response = DescribeGroupsResponse(groups=[DescribedGroup(group_id="g", members=members)])
    told = reply(request(DescribeGroupsRequest(groups=["g"]), ctx), response, ctx)
    (group,) = told.groups
    assert [(m.member_metadata, m.member_assignment) for m in group.members] == [(b"x", b"y"), (b"", b"")]


def test_what_may_be_told_is() -> None:
    members = [JoinGroupResponseMember(member_id="a", metadata=b"x"), JoinGroupResponseMember(member_id="b")]
    ctx = says("teller", ApiKey.JOIN_GROUP, 9)
    told = reply(request(JoinGroupRequest(group_id="g"), ctx), JoinGroupResponse(members=members), ctx)
    assert [member.metadata for member in told.members] == [b"x", b""]
    ctx = says("teller", ApiKey.SYNC_GROUP, 5)
    told = reply(request(SyncGroupRequest(group_id="g"), ctx), SyncGroupResponse(assignment=b"x"), ctx)
    assert (told.error_code, told.assignment) == (0, b"x")


def test_where_no_rule_looks_replies_are_not_even_decoded() -> None:
    assert not request(SyncGroupRequest(group_id="g"), says("loner", ApiKey.SYNC_GROUP, 5, zone="lonely")).thens
