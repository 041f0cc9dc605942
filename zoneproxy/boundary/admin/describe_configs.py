"""DescribeConfigs: DESCRIBE_CONFIGS on the topic, on the group, or on the cluster for whatever else has settings."""

from __future__ import annotations

from zoneproxy.boundary.admin.config_resources import config_denial, is_known
from zoneproxy.boundary.admin.entries import forward_kept
from zoneproxy.boundary.interceptor import Context, Outcome, Reply
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES, ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_configs_request import DescribeConfigsRequest, DescribeConfigsResource
from zoneproxy.wire.messages.describe_configs_response import DescribeConfigsResponse, DescribeConfigsResult


class DescribeConfigsInterceptor:
    """Authorises DescribeConfigs. What of the replies would name a host is blanked further down the chain."""

    apis = frozenset({ApiKey.DESCRIBE_CONFIGS})

    def request(self, message: DescribeConfigsRequest, ctx: Context) -> Outcome:
        """See the module. One resource of a type that there is not makes the whole request invalid, as in Kafka."""
        if not all(is_known(resource.resource_type) for resource in message.resources):
            results = [_not_described(resource, ErrorCode.INVALID_REQUEST) for resource in message.resources]
            return Reply(DescribeConfigsResponse(results=results))
        kept: list[DescribeConfigsResource] = []
        refused: list[DescribeConfigsResult] = []
        for resource in message.resources:
            error = config_denial(ctx, Operation.DESCRIBE_CONFIGS, resource.resource_type, resource.resource_name)
            if error is None:
                kept.append(resource)
            else:
                refused.append(_not_described(resource, error))
        return forward_kept(message.resources, kept, refused, response=DescribeConfigsResponse, results="results")


def _not_described(resource: DescribeConfigsResource, error: ErrorCode) -> DescribeConfigsResult:
    return DescribeConfigsResult(
        error_code=error,
        error_message=DEFAULT_MESSAGES[error],
        resource_type=resource.resource_type,
        resource_name=resource.resource_name,
    )
