"""Classic consumer groups: the topics inside what members and their leader tell each other.

Before version 5 SyncGroup does not say of which type its group is: what can be read as an assignment is taken for one.
Whatever else it might be comes back to its members as they sent it, as the same is done both ways.
"""

from __future__ import annotations

from typing import Final

from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.namespace.consumer_protocol import Rename, assignment, subscription
from zoneproxy.boundary.namespace.special import NOTHING, Special
from zoneproxy.boundary.namespace.translation import Names
from zoneproxy.policy.namespaces import Namespace
from zoneproxy.wire.messages.describe_groups_request import DescribeGroupsRequest
from zoneproxy.wire.messages.describe_groups_response import DescribeGroupsResponse
from zoneproxy.wire.messages.join_group_request import JoinGroupRequest
from zoneproxy.wire.messages.join_group_response import JoinGroupResponse
from zoneproxy.wire.messages.sync_group_request import SyncGroupRequest
from zoneproxy.wire.messages.sync_group_response import SyncGroupResponse

CONSUMER: Final = "consumer"  # the protocol type that brokers look into


def join_group(message: JoinGroupRequest, _names: Names, ctx: Context) -> Special:
    """JoinGroup: subscriptions, to the broker and, for the leader, back."""
    if message.protocol_type != CONSUMER:
        return NOTHING
    for protocol in message.protocols:
        protocol.metadata = subscription(protocol.metadata, _to_physical(ctx))

    def after(response: JoinGroupResponse) -> None:
        for member in response.members:
            member.metadata = subscription(member.metadata, _to_virtual(ctx))

    return Special(after=after)


def sync_group(message: SyncGroupRequest, _names: Names, ctx: Context) -> Special:
    """SyncGroup: assignments, from the leader and to each member."""
    if message.protocol_type not in (None, CONSUMER):
        return NOTHING
    for each in message.assignments:
        each.assignment = assignment(each.assignment, _to_physical(ctx))

    def after(response: SyncGroupResponse) -> None:
        response.assignment = assignment(response.assignment, _to_virtual(ctx))

    return Special(after=after, edited=bool(message.assignments))


def describe_groups(_message: DescribeGroupsRequest, _names: Names, ctx: Context) -> Special:
    """DescribeGroups: both."""

    def after(response: DescribeGroupsResponse) -> None:
        for group in response.groups:
            if group.protocol_type == CONSUMER:
                for member in group.members:
                    member.member_metadata = subscription(member.member_metadata, _to_virtual(ctx))
                    member.member_assignment = assignment(member.member_assignment, _to_virtual(ctx))

    return Special(after=after, edited=False)


def _to_physical(ctx: Context) -> Rename:
    """Topics that cannot exist are left out: nobody could be given a partition of them."""
    namespace, prefix = _namespace(ctx)

    def rename(name: bytes) -> bytes | None:
        return prefix + name if namespace.has_room_for(name.decode("utf-8", "replace")) else None

    return rename


def _to_virtual(ctx: Context) -> Rename:
    _, prefix = _namespace(ctx)

    def rename(name: bytes) -> bytes | None:
        return name[len(prefix) :] if name.startswith(prefix) else None

    return rename


def _namespace(ctx: Context) -> tuple[Namespace, bytes]:
    namespace = ctx.session.namespace
    assert namespace is not None
    return namespace, namespace.prefix.encode()
