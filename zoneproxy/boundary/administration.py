"""What not even the unrestricted may change: Kafka's internal topics, and how brokers let people in.

These APIs are not decided one by one yet; here they are kept from what the policy reserves. What is refused leaves the
request and comes back at the end of its reply: clients look results up by name.

Configurations that are refused would have a broker load a login module (CVE-2025-27819), open a listener that leads
past the proxy, or read a file into a value that anybody may describe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from zoneproxy.boundary.cut import Refusal
from zoneproxy.boundary.interceptor import GO_ON, Context, Eventually, Forward, LookUp, Outcome, Reply, Waiting
from zoneproxy.boundary.may import denied, may_topic
from zoneproxy.boundary.topic_ids import name_of, unknown
from zoneproxy.policy.model import Operation
from zoneproxy.wire.buffer import ZERO_UUID
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages import alter_configs_response, incremental_alter_configs_response
from zoneproxy.wire.messages.alter_configs_request import AlterConfigsResource
from zoneproxy.wire.messages.alter_partition_reassignments_request import ReassignableTopic
from zoneproxy.wire.messages.alter_partition_reassignments_response import (
    AlterPartitionReassignmentsResponse,
    ReassignablePartitionResponse,
    ReassignableTopicResponse,
)
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.create_partitions_request import CreatePartitionsTopic
from zoneproxy.wire.messages.create_partitions_response import CreatePartitionsResponse, CreatePartitionsTopicResult
from zoneproxy.wire.messages.create_topics_request import CreatableTopic
from zoneproxy.wire.messages.create_topics_response import CreatableTopicResult, CreateTopicsResponse
from zoneproxy.wire.messages.delete_topics_request import DeleteTopicState
from zoneproxy.wire.messages.delete_topics_response import DeletableTopicResult, DeleteTopicsResponse

_TOPIC = 2  # ConfigResource.Type
_NAMES_END_AT = 5  # DeleteTopics: from version 6 on topics have ids, and are structs

_DENIED = Refusal(ErrorCode.TOPIC_AUTHORIZATION_FAILED, None)
_UNKNOWN_ID = Refusal(ErrorCode.UNKNOWN_TOPIC_ID, None)
_FORBIDDEN = Refusal(ErrorCode.POLICY_VIOLATION, "This configuration cannot be changed through the proxy.")

_FORBIDDEN_NAME = re.compile(r"(.*\.)?sasl\..*|ssl\..*|listener\..*|(.*\.)?listeners|.*\.class|.*\.classes", re.I)


class _Config(Protocol):
    name: str
    value: str | None


def _config_refusal(configs: Sequence[_Config]) -> Refusal | None:
    """See the module; a value with ``${`` asks a configuration provider, which may read files."""
    if any(_FORBIDDEN_NAME.fullmatch(config.name) or "${" in (config.value or "") for config in configs):
        return _FORBIDDEN
    return None


def _topic_refusal(operation: Operation, name: str, ctx: Context) -> Refusal | None:
    if may_topic(ctx, operation, name):
        return None
    denied(ctx, operation, name, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    return _DENIED


# --- by API --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Api:
    """How one API names what it changes. ``entries`` and ``results`` are the lists' own names."""

    entries: str
    refusal: Callable[[Any, Context], Refusal | None]
    results: str
    result: Callable[[Any, Refusal], Any]
    response: Callable[..., Any]


def _creation(topic: CreatableTopic, ctx: Context) -> Refusal | None:
    return _topic_refusal(Operation.CREATE, topic.name, ctx) or _config_refusal(topic.configs)


def _not_created(topic: CreatableTopic, refusal: Refusal) -> CreatableTopicResult:
    return CreatableTopicResult(name=topic.name, error_code=refusal.error, error_message=refusal.message)


def _growth(topic: CreatePartitionsTopic, ctx: Context) -> Refusal | None:
    return _topic_refusal(Operation.ALTER, topic.name, ctx)


def _not_grown(topic: CreatePartitionsTopic, refusal: Refusal) -> CreatePartitionsTopicResult:
    return CreatePartitionsTopicResult(name=topic.name, error_code=refusal.error, error_message=refusal.message)


def _move(topic: ReassignableTopic, ctx: Context) -> Refusal | None:
    return _topic_refusal(Operation.ALTER, topic.name, ctx)


def _not_moved(topic: ReassignableTopic, refusal: Refusal) -> ReassignableTopicResponse:
    partitions = [
        ReassignablePartitionResponse(
            partition_index=partition.partition_index, error_code=refusal.error, error_message=refusal.message
        )
        for partition in topic.partitions
    ]
    return ReassignableTopicResponse(name=topic.name, partitions=partitions)


def _deletion(topic: DeleteTopicState | str, ctx: Context) -> Refusal | None:
    if isinstance(topic, str):
        return _topic_refusal(Operation.DELETE, topic, ctx)
    if topic.topic_id == ZERO_UUID:
        return _topic_refusal(Operation.DELETE, topic.name or "", ctx)
    name = name_of(topic.topic_id, ctx)
    return _topic_refusal(Operation.DELETE, name, ctx) if name else _UNKNOWN_ID


def _not_deleted(topic: DeleteTopicState | str, refusal: Refusal) -> DeletableTopicResult:
    state = DeleteTopicState(name=topic) if isinstance(topic, str) else topic
    return DeletableTopicResult(
        name=state.name, topic_id=state.topic_id, error_code=refusal.error, error_message=refusal.message
    )


def _change(resource: AlterConfigsResource, ctx: Context) -> Refusal | None:
    if resource.resource_type == _TOPIC:
        refusal = _topic_refusal(Operation.ALTER_CONFIGS, resource.resource_name, ctx)
        if refusal:
            return refusal
    return _config_refusal(resource.configs)


def _not_changed(result: Callable[..., Any]) -> Callable[[AlterConfigsResource, Refusal], Any]:
    return lambda resource, refusal: result(
        error_code=refusal.error,
        error_message=refusal.message,
        resource_type=resource.resource_type,
        resource_name=resource.resource_name,
    )


def _changes(module: Any, response: Callable[..., Any]) -> _Api:
    return _Api("resources", _change, "responses", _not_changed(module.AlterConfigsResourceResponse), response)


_APIS = {
    ApiKey.CREATE_TOPICS: _Api("topics", _creation, "topics", _not_created, CreateTopicsResponse),
    ApiKey.CREATE_PARTITIONS: _Api("topics", _growth, "results", _not_grown, CreatePartitionsResponse),
    ApiKey.ALTER_PARTITION_REASSIGNMENTS: _Api(
        "topics", _move, "responses", _not_moved, AlterPartitionReassignmentsResponse
    ),
    ApiKey.DELETE_TOPICS: _Api("topics", _deletion, "responses", _not_deleted, DeleteTopicsResponse),
    ApiKey.ALTER_CONFIGS: _changes(alter_configs_response, alter_configs_response.AlterConfigsResponse),
    ApiKey.INCREMENTAL_ALTER_CONFIGS: _changes(
        incremental_alter_configs_response, incremental_alter_configs_response.IncrementalAlterConfigsResponse
    ),
}


class AdministrationInterceptor:
    """See the module."""

    apis = frozenset(_APIS)

    def request(self, message: Any, ctx: Context) -> Eventually[Outcome]:
        """See the module. ``message`` is that of one of ``apis``."""
        if ctx.header.api_key != ApiKey.DELETE_TOPICS:
            return _decide(message, ctx)
        needs = unknown((topic.topic_id for topic in message.topics), ctx)
        return _after_look_up(message, needs, ctx) if needs else _decide(message, ctx)


def _after_look_up(message: Any, needs: Sequence[LookUp], ctx: Context) -> Waiting[Outcome]:
    yield needs
    return _decide(message, ctx)


def _decide(message: Any, ctx: Context) -> Outcome:
    key = ApiKey(ctx.header.api_key)
    api = _APIS[key]
    names = key == ApiKey.DELETE_TOPICS and ctx.header.api_version <= _NAMES_END_AT
    entries = getattr(message, "topic_names" if names else api.entries)
    refused = []
    kept = []
    for entry in entries:
        refusal = api.refusal(entry, ctx)
        if refusal is None:
            kept.append(entry)
        else:
            refused.append(api.result(entry, refusal))
    if not refused:
        return GO_ON
    if not kept:
        return Reply(api.response(**{api.results: refused}))
    entries[:] = kept

    def then(response: Any, ctx: Context) -> bool:
        getattr(response, api.results).extend(refused)
        return True

    return Forward(then, edited=True)
