"""ListConfigResources: DESCRIBE_CONFIGS on the cluster, for the names of everything that has settings."""

from __future__ import annotations

from zoneproxy.boundary.admin.config_resources import ConfigResourceType
from zoneproxy.boundary.admin.reserved import is_reserved
from zoneproxy.boundary.interceptor import Context, Forward, Outcome, Reply
from zoneproxy.boundary.may import cluster_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.list_config_resources_request import ListConfigResourcesRequest
from zoneproxy.wire.messages.list_config_resources_response import ListConfigResourcesResponse


class ListConfigResourcesInterceptor:
    """Authorises ListConfigResources. In version 0 it lists client metrics only."""

    apis = frozenset({ApiKey.LIST_CONFIG_RESOURCES})

    def request(self, message: ListConfigResourcesRequest, ctx: Context) -> Outcome:
        """See the module."""
        if cluster_error(ctx, Operation.DESCRIBE_CONFIGS):
            return Reply(ListConfigResourcesResponse(error_code=ErrorCode.CLUSTER_AUTHORIZATION_FAILED))
        return Forward(_hide_reserved)


def _hide_reserved(response: ListConfigResourcesResponse, ctx: Context) -> bool:
    seen = [
        resource
        for resource in response.config_resources
        if resource.resource_type != ConfigResourceType.TOPIC or not is_reserved(resource.resource_name)
    ]
    hidden = len(seen) != len(response.config_resources)
    response.config_resources = seen
    return hidden
