"""DescribeGroups, ListGroups and DeleteGroups: DESCRIBE or DELETE on each group.

Who may describe the cluster lists all groups.
"""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply, Then
from zoneproxy.boundary.may import group_error, group_operations, may_cluster, may_resource
from zoneproxy.boundary.split import expect, refused, split
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.delete_groups_request import DeleteGroupsRequest
from zoneproxy.wire.messages.delete_groups_response import DeletableGroupResult, DeleteGroupsResponse
from zoneproxy.wire.messages.describe_groups_request import DescribeGroupsRequest
from zoneproxy.wire.messages.describe_groups_response import DescribedGroup, DescribeGroupsResponse
from zoneproxy.wire.messages.list_groups_request import ListGroupsRequest
from zoneproxy.wire.messages.list_groups_response import ListGroupsResponse


class DescribeGroupsInterceptor:
    """Groups that may not be described stand first, as Kafka puts them."""

    apis = frozenset({ApiKey.DESCRIBE_GROUPS})

    def request(self, message: DescribeGroupsRequest, ctx: Context) -> Outcome:
        """See the module."""
        hidden = refused(split(message.groups, lambda group: _undescribed(group, ctx)))
        if hidden and not message.groups:
            return Reply(DescribeGroupsResponse(groups=hidden))
        if not hidden and not message.include_authorized_operations:
            return GO_ON
        return Forward(_describe(message, hidden), edited=bool(hidden))


def _undescribed(group: str, ctx: Context) -> DescribedGroup | None:
    error = group_error(ctx, Operation.DESCRIBE, group)
    return None if error is None else DescribedGroup(error_code=error, group_id=group)


def _describe(message: DescribeGroupsRequest, hidden: list[DescribedGroup]) -> Then:
    asked, operations = frozenset(message.groups), message.include_authorized_operations

    def then(response: DescribeGroupsResponse, ctx: Context) -> bool:
        expect(asked, (group.group_id for group in response.groups))
        for group in response.groups:
            if operations and group.error_code == ErrorCode.NONE:
                group.authorized_operations = group_operations(ctx, group.group_id)
        response.groups = hidden + response.groups
        return True

    return then


class ListGroupsInterceptor:
    """Groups that may not be described are left out without a word."""

    apis = frozenset({ApiKey.LIST_GROUPS})

    def request(self, message: ListGroupsRequest, ctx: Context) -> Outcome:
        """See the module."""
        return GO_ON if may_cluster(ctx, Operation.DESCRIBE) else _FILTERED


def _only_described(response: ListGroupsResponse, ctx: Context) -> bool:
    response.groups = [
        group for group in response.groups if may_resource(ctx, Operation.DESCRIBE, ResourceType.GROUP, group.group_id)
    ]
    return True


_FILTERED = Forward(_only_described)


class DeleteGroupsInterceptor:
    """Groups that may not be deleted stand last, and each once, as Kafka puts them."""

    apis = frozenset({ApiKey.DELETE_GROUPS})

    def request(self, message: DeleteGroupsRequest, ctx: Context) -> Outcome:
        """See the module."""
        kept = refused(split(message.groups_names, lambda group: _undeleted(group, ctx)))
        if not kept:
            return GO_ON
        kept = list({result.group_id: result for result in kept}.values())
        if not message.groups_names:
            return Reply(DeleteGroupsResponse(results=kept))
        return Forward(_deletions(frozenset(message.groups_names), kept), edited=True)


def _undeleted(group: str, ctx: Context) -> DeletableGroupResult | None:
    error = group_error(ctx, Operation.DELETE, group)
    return None if error is None else DeletableGroupResult(group_id=group, error_code=error)


def _deletions(asked: frozenset[str], kept: list[DeletableGroupResult]) -> Then:
    def then(response: DeleteGroupsResponse, ctx: Context) -> bool:
        expect(asked, (result.group_id for result in response.results))
        response.results += kept
        return True

    return then
