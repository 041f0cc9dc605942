"""Configurations: what a resource's name is follows from its type. Nothing is changed of brokers that are shared."""

from __future__ import annotations

from typing import Any, Final, Protocol

from zoneproxy.boundary.interceptor import Context, Reply
from zoneproxy.boundary.may import CLUSTER_NAME, denied
from zoneproxy.boundary.namespace.refusals import WHY
from zoneproxy.boundary.namespace.special import Special
from zoneproxy.boundary.namespace.translation import Names
from zoneproxy.boundary.namespace.walk import GROUP, TOPIC
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages import alter_configs_response, incremental_alter_configs_response
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_configs_request import DescribeConfigsRequest
from zoneproxy.wire.messages.list_config_resources_request import ListConfigResourcesRequest

# ConfigResource.Type. Client metrics are named by whoever makes them, as groups are.
ENTITIES: Final = {2: TOPIC, 32: GROUP, 16: GROUP}
CHANGED_HERE: Final = frozenset({2, 32})


class _Resource(Protocol):
    resource_type: int
    resource_name: str


def _to_physical(resources: list[Any], names: Names) -> None:
    for resource in resources:
        entity = ENTITIES.get(resource.resource_type)
        if entity is not None:
            resource.resource_name = names.physical(entity, resource.resource_name)


def _is_own(resource: _Resource, names: Names) -> bool:
    """Whether it is of this namespace, or of nobody; its name is virtual then."""
    entity = ENTITIES.get(resource.resource_type)
    if entity is None:
        return True
    name = names.virtual(entity, resource.resource_name)
    if name is None:
        return False
    resource.resource_name = name
    return True


def describe(message: DescribeConfigsRequest, names: Names, _ctx: Context) -> Special:
    """DescribeConfigs."""
    _to_physical(message.resources, names)

    def after(response: Any) -> None:
        response.results = [result for result in response.results if _is_own(result, names)]
        for resource in message.resources:
            _is_own(resource, names)

    return Special(after=after)


def list_resources(_message: ListConfigResourcesRequest, names: Names, _ctx: Context) -> Special:
    """ListConfigResources."""

    def after(response: Any) -> None:
        response.config_resources = [each for each in response.config_resources if _is_own(each, names)]

    return Special(after=after, edited=False)


def alter(message: Any, names: Names, ctx: Context) -> Special | Reply:
    """AlterConfigs and IncrementalAlterConfigs."""
    module: Any = _RESPONSES[ApiKey(ctx.header.api_key)]
    refused = [each for each in message.resources if each.resource_type not in CHANGED_HERE]
    results = [_refusal(module, each, ctx) for each in refused]
    own = [each for each in message.resources if each.resource_type in CHANGED_HERE]
    if refused and not own:
        return Reply(_response(module, ctx)(responses=results))
    asked, message.resources = message.resources, own
    _to_physical(own, names)

    def after(response: Any) -> None:
        response.responses = [each for each in response.responses if _is_own(each, names)] + results
        for each in own:
            _is_own(each, names)
        message.resources = asked

    return Special(after=after)


_RESPONSES = {
    ApiKey.ALTER_CONFIGS: alter_configs_response,
    ApiKey.INCREMENTAL_ALTER_CONFIGS: incremental_alter_configs_response,
}


def _response(module: Any, ctx: Context) -> Any:
    incremental = ctx.header.api_key == ApiKey.INCREMENTAL_ALTER_CONFIGS
    return module.IncrementalAlterConfigsResponse if incremental else module.AlterConfigsResponse


def _refusal(module: Any, resource: _Resource, ctx: Context) -> Any:
    error = ErrorCode.CLUSTER_AUTHORIZATION_FAILED
    denied(ctx, Operation.ALTER_CONFIGS, CLUSTER_NAME, error, why="namespace", kind="cluster")
    return module.AlterConfigsResourceResponse(
        error_code=error,
        error_message=WHY,
        resource_type=resource.resource_type,
        resource_name=resource.resource_name,
    )
