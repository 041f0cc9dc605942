from __future__ import annotations

import pytest

from tests.boundary.namespace.tenants import received, sent, tenant
from tests.boundary.namespace.test_consumer_protocol import read_subscription, written
from zoneproxy.wire.messages import consumer_protocol_assignment as assignments
from zoneproxy.wire.messages import consumer_protocol_subscription as subscriptions
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_protocol_assignment import ConsumerProtocolAssignment
from zoneproxy.wire.messages.consumer_protocol_subscription import ConsumerProtocolSubscription
from zoneproxy.wire.messages.describe_groups_request import DescribeGroupsRequest
from zoneproxy.wire.messages.describe_groups_response import (
    DescribedGroup,
    DescribedGroupMember,
    DescribeGroupsResponse,
)
from zoneproxy.wire.messages.join_group_request import JoinGroupRequest, JoinGroupRequestProtocol
from zoneproxy.wire.messages.join_group_response import JoinGroupResponse, JoinGroupResponseMember
from zoneproxy.wire.messages.sync_group_request import SyncGroupRequest, SyncGroupRequestAssignment
from zoneproxy.wire.messages.sync_group_response import SyncGroupResponse


def subscribed(*topics: str) -> bytes:
    owned = [subscriptions.TopicPartition(topic=topic, partitions=[0]) for topic in topics]
    return written(ConsumerProtocolSubscription(topics=topics, owned_partitions=owned), 3)


def assigned(*topics: str) -> bytes:
    parts = [assignments.TopicPartition(topic=topic, partitions=[0, 1]) for topic in topics]
    return written(ConsumerProtocolAssignment(assigned_partitions=parts, user_data=b"u"), 1)


def joining(kind: str, blob: bytes) -> JoinGroupRequest:
    protocols = [JoinGroupRequestProtocol(name=name, metadata=blob) for name in ("range", "cooperative")]
    return JoinGroupRequest(group_id="g", protocol_type=kind, protocols=protocols)


def test_subscriptions_go_upstream_with_the_upstreams_names() -> None:
    ctx = tenant(ApiKey.JOIN_GROUP, 9)
    upstream, left = sent(joining("consumer", subscribed("a", "b")), ctx)
    assert upstream.group_id == "ours.g"
    assert [each.metadata for each in upstream.protocols] == [subscribed("ours.a", "ours.b")] * 2
    members = [JoinGroupResponseMember(member_id="m", metadata=subscribed("ours.a", "theirs.x"))]
    response = received(left, JoinGroupResponse(members=members), ctx)
    assert response.members[0].metadata == subscribed("a")


def test_topics_that_cannot_be_are_left_out() -> None:
    upstream, _ = sent(joining("consumer", subscribed("a/b", "", "a", "x" * 249)), tenant(ApiKey.JOIN_GROUP, 5))
    assert read_subscription(upstream.protocols[0].metadata).topics == ["ours.a"]


def test_other_types_of_groups_say_what_they_like() -> None:
    ctx = tenant(ApiKey.JOIN_GROUP, 9)
    upstream, left = sent(joining("connect", subscribed("a")), ctx)
    assert upstream.protocols[0].metadata == subscribed("a")
    members = [JoinGroupResponseMember(member_id="m", metadata=subscribed("a"))]
    assert received(left, JoinGroupResponse(members=members), ctx).members == members if left.then else True


@pytest.mark.parametrize(("version", "kind"), [(0, None), (3, None), (5, None), (5, "consumer")])
def test_assignments(version: int, kind: str | None) -> None:
    ctx = tenant(ApiKey.SYNC_GROUP, version)
    message = SyncGroupRequest(group_id="g", protocol_type=kind)
    message.assignments = [
        SyncGroupRequestAssignment(member_id="m", assignment=assigned("a", "b")),
        SyncGroupRequestAssignment(member_id="n", assignment=b""),
    ]
    upstream, left = sent(message, ctx)
    assert [each.assignment for each in upstream.assignments] == [assigned("ours.a", "ours.b"), b""]
    assert received(left, SyncGroupResponse(assignment=assigned("ours.a")), ctx).assignment == assigned("a")


def test_assignments_of_other_types() -> None:
    ctx = tenant(ApiKey.SYNC_GROUP, 5)
    each = SyncGroupRequestAssignment(member_id="m", assignment=assigned("a"))
    upstream, _ = sent(SyncGroupRequest(group_id="g", protocol_type="connect", assignments=[each]), ctx)
    assert upstream.assignments == [each]
    blob = b'{"error": 0}'  # of the schema registry; before version 5 nobody says so
    each = SyncGroupRequestAssignment(member_id="m", assignment=blob)
    ctx = tenant(ApiKey.SYNC_GROUP, 3)
    upstream, left = sent(SyncGroupRequest(group_id="g", assignments=[each]), ctx)
    assert upstream.assignments == [each]
    assert received(left, SyncGroupResponse(assignment=blob), ctx).assignment == blob


def test_a_described_group_shows_what_its_members_said() -> None:
    ctx = tenant(ApiKey.DESCRIBE_GROUPS, 5)
    _, left = sent(DescribeGroupsRequest(groups=["g", "connectors"]), ctx)
    member = DescribedGroupMember(member_metadata=subscribed("ours.a"), member_assignment=assigned("ours.a"))
    groups = [
        DescribedGroup(group_id="ours.g", protocol_type="consumer", members=[member]),
        DescribedGroup(group_id="ours.connectors", protocol_type="connect", members=[member]),
        DescribedGroup(group_id="theirs.g", protocol_type="consumer", members=[member]),
    ]
    consumers, connectors = received(left, DescribeGroupsResponse(groups=groups), ctx).groups
    assert (consumers.group_id, connectors.group_id) == ("g", "connectors")
    assert consumers.members[0].member_metadata == subscribed("a")
    assert consumers.members[0].member_assignment == assigned("a")
    assert connectors.members == [member]
