from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.rights import asks, passes, refusal
from zoneproxy.boundary.facts import Denied
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.heartbeat_request import HeartbeatRequest
from zoneproxy.wire.messages.join_group_request import JoinGroupRequest
from zoneproxy.wire.messages.leave_group_request import LeaveGroupRequest
from zoneproxy.wire.messages.registry import APIS
from zoneproxy.wire.messages.sync_group_request import SyncGroupRequest

MESSAGES: dict[ApiKey, Any] = {
    ApiKey.JOIN_GROUP: JoinGroupRequest,
    ApiKey.SYNC_GROUP: SyncGroupRequest,
    ApiKey.HEARTBEAT: HeartbeatRequest,
    ApiKey.LEAVE_GROUP: LeaveGroupRequest,
}
EVERY_VERSION = [
    (api, version) for api in MESSAGES for version in range(APIS[api].min_version, APIS[api].max_version + 1)
]


@pytest.mark.parametrize(("api", "version"), EVERY_VERSION)
def test_members_may_read_their_group(api: ApiKey, version: int) -> None:
    passes(MESSAGES[api](group_id="team.a"), asks("member", api, version))


@pytest.mark.parametrize(("api", "version"), EVERY_VERSION)
@pytest.mark.parametrize(("who", "group"), [("member", "other.a"), ("nobody", "team.a"), ("janitor", "team.a")])
def test_others_get_the_groups_error(api: ApiKey, version: int, who: str, group: str) -> None:
    ctx = asks(who, api, version)
    response = refusal(MESSAGES[api](group_id=group), ctx)

    assert response.error_code == ErrorCode.GROUP_AUTHORIZATION_FAILED
    assert ctx.facts == [Denied(api.name, "READ", "group", group, 30, "acl")]


@pytest.mark.parametrize(("version", "protocol"), [(6, ""), (7, None), (9, None)])
def test_a_refused_join_names_no_protocol(version: int, protocol: str | None) -> None:
    response = refusal(JoinGroupRequest(group_id="g"), asks("nobody", ApiKey.JOIN_GROUP, version))
    assert (response.generation_id, response.protocol_name, response.leader) == (-1, protocol, "")


def test_groups_of_another_zone_take_a_flow() -> None:
    passes(HeartbeatRequest(group_id="team.a"), asks("guest", ApiKey.HEARTBEAT, 4))
    response = refusal(HeartbeatRequest(group_id="team.a"), asks("guest", ApiKey.HEARTBEAT, 4, zone="lonely"))
    assert response.error_code == ErrorCode.GROUP_AUTHORIZATION_FAILED
