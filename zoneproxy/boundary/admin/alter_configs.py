"""AlterConfigs and IncrementalAlterConfigs: ALTER_CONFIGS on the topic, on the group, or on the cluster.

As in Kafka, a resource that is written wrongly is refused for that before anybody's rights are looked at, and results
stand in the order of the request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zoneproxy.boundary.admin.config_resources import ConfigResourceType, config_denial
from zoneproxy.boundary.admin.forbidden_configs import config_refusal
from zoneproxy.boundary.cut import Refusal
from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply, Then
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES, ErrorCode
from zoneproxy.wire.messages import alter_configs_response as legacy
from zoneproxy.wire.messages import incremental_alter_configs_response as incremental
from zoneproxy.wire.messages.alter_configs_request import AlterConfigsRequest
from zoneproxy.wire.messages.alter_configs_request import AlterConfigsResource as LegacyResource
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.incremental_alter_configs_request import (
    AlterConfigsResource,
    IncrementalAlterConfigsRequest,
)

Resource = AlterConfigsResource | LegacyResource
Key = tuple[int, str]

_DELETE = 1  # the operation that takes no value

_LOGGERS_TOO = frozenset(ConfigResourceType)
_NO_LOGGERS = _LOGGERS_TOO - {ConfigResourceType.BROKER_LOGGER}


@dataclass(frozen=True, slots=True)
class _Form:
    """What differs between the two APIs."""

    types: frozenset[ConfigResourceType]
    response: Callable[..., Any]
    result: Callable[..., Any]


_FORMS = {
    ApiKey.ALTER_CONFIGS: _Form(_NO_LOGGERS, legacy.AlterConfigsResponse, legacy.AlterConfigsResourceResponse),
    ApiKey.INCREMENTAL_ALTER_CONFIGS: _Form(
        _LOGGERS_TOO, incremental.IncrementalAlterConfigsResponse, incremental.AlterConfigsResourceResponse
    ),
}


class AlterConfigsInterceptor:
    """Authorises both APIs."""

    apis = frozenset(_FORMS)

    def request(self, message: AlterConfigsRequest | IncrementalAlterConfigsRequest, ctx: Context) -> Outcome:
        """See the module."""
        form = _FORMS[ApiKey(ctx.header.api_key)]
        resources: list[Any] = message.resources
        asked = [_key(resource) for resource in resources]
        times = Counter(asked)
        refused: dict[Key, Any] = {}
        for resource in resources:
            refusal = _TWICE if times[_key(resource)] > 1 else _refusal(resource, form, ctx)
            if refusal is not None:
                refused[_key(resource)] = _not_changed(resource, refusal, form)
        if not refused:
            return GO_ON
        if len(refused) == len(times):
            return Reply(form.response(responses=[refused[key] for key in asked]))
        resources[:] = [resource for resource in resources if _key(resource) not in refused]
        return Forward(_merge(asked, refused), edited=True)


def _key(resource: Any) -> Key:
    return resource.resource_type, resource.resource_name


def _merge(asked: Sequence[Key], refused: Mapping[Key, Any]) -> Then:
    def then(response: Any, ctx: Context) -> bool:
        answered = {_key(result): result for result in response.responses}
        results = (refused.get(key) or answered.get(key) for key in asked)
        response.responses = [result for result in results if result is not None]
        return True

    return then


# --- refusals ------------------------------------------------------------------------------------------------

_TWICE = Refusal(ErrorCode.INVALID_REQUEST, "Each resource must appear at most once.")


def _refusal(resource: Resource, form: _Form, ctx: Context) -> Refusal | None:
    wrong = _malformed(resource, form)
    if wrong is not None:
        return Refusal(ErrorCode.INVALID_REQUEST, wrong)
    error = config_denial(ctx, Operation.ALTER_CONFIGS, resource.resource_type, resource.resource_name)
    if error is None:
        return config_refusal(resource.configs)
    if resource.resource_type == ConfigResourceType.BROKER_LOGGER:
        return Refusal(error)  # the one type for which Kafka sends no text
    return Refusal(error, DEFAULT_MESSAGES[error])


def _malformed(resource: Resource, form: _Form) -> str | None:
    """In Kafka's words and order."""
    names = [config.name for config in resource.configs]
    if len(names) != len(set(names)):
        return "Error due to duplicate config keys"
    valueless = [
        config.name
        for config in resource.configs
        if config.value is None and getattr(config, "config_operation", None) != _DELETE
    ]
    if valueless:
        return f"Null value not supported for : {', '.join(valueless)}"
    if resource.resource_type not in form.types:
        return f"Unknown resource type {resource.resource_type}"
    return None


def _not_changed(resource: Resource, refusal: Refusal, form: _Form) -> Any:
    return form.result(
        error_code=refusal.error,
        error_message=refusal.message,
        resource_type=resource.resource_type,
        resource_name=resource.resource_name,
    )
