"""CreateTopics, AlterConfigs and IncrementalAlterConfigs: what new topics are called, and what settings say.

Kafka keeps any value of some settings, and anybody who may describe them reads it. ``POLICY_VIOLATION`` is what a
broker with a policy of its own (create.topic.policy.class.name) answers, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zoneproxy.boundary.admin.entries import forward_kept
from zoneproxy.boundary.interceptor import GO_ON, Context, Eventually, Outcome
from zoneproxy.boundary.said.names import TopicNames
from zoneproxy.boundary.said.screen import Hearing, Screen, aside
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages import alter_configs_response as legacy
from zoneproxy.wire.messages import incremental_alter_configs_response as incremental
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.create_topics_request import CreateTopicsRequest
from zoneproxy.wire.messages.create_topics_response import CreatableTopicResult, CreateTopicsResponse

PLACE = "setting"
HOLDS_DATA = "The policy finds data in a setting that may not be there."


class NewTopicsInterceptor:
    """Looks through CreateTopics."""

    apis = frozenset({ApiKey.CREATE_TOPICS})

    def __init__(self, screen: Screen, names: TopicNames) -> None:
        self._screen = screen
        self._names = names

    def request(self, message: CreateTopicsRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        hearing = self._screen.hearing(ctx)
        size = 0 if hearing is None else sum(len(topic.name) + _size(topic.configs) for topic in message.topics)
        return aside(lambda: self._decide(message, hearing, ctx), size)

    def _decide(self, message: CreateTopicsRequest, hearing: Hearing | None, ctx: Context) -> Outcome:
        kept, refused = [], []
        texts = [text for topic in message.topics for text in (topic.name.encode(), *_texts(topic.configs))]
        too_much = HOLDS_DATA if hearing and hearing.is_too_much(PLACE, texts) else None
        for topic in message.topics:
            why = too_much or self._names.refusal(topic.name, hearing, ctx) or _refusal(topic.configs, hearing)
            if why is None:
                kept.append(topic)
            else:
                refused.append(
                    CreatableTopicResult(name=topic.name, error_code=ErrorCode.POLICY_VIOLATION, error_message=why)
                )
        if hearing:
            hearing.tell(ctx)
        return forward_kept(message.topics, kept, refused, response=CreateTopicsResponse, results="topics")


_FORMS: dict[ApiKey, tuple[Any, Any]] = {
    ApiKey.ALTER_CONFIGS: (legacy.AlterConfigsResponse, legacy.AlterConfigsResourceResponse),
    ApiKey.INCREMENTAL_ALTER_CONFIGS: (
        incremental.IncrementalAlterConfigsResponse,
        incremental.AlterConfigsResourceResponse,
    ),
}


class SettingsInterceptor:
    """Looks through both APIs that change settings; what a group or a client metric is called stands there too."""

    apis = frozenset(_FORMS)

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def request(self, message: Any, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        hearing = self._screen.hearing(ctx)
        if hearing is None:
            return GO_ON
        size = sum(len(resource.resource_name) + _size(resource.configs) for resource in message.resources)
        return aside(lambda: self._decide(message, hearing, ctx), size)

    @staticmethod
    def _decide(message: Any, hearing: Hearing, ctx: Context) -> Outcome:
        response, result = _FORMS[ApiKey(ctx.header.api_key)]
        kept, refused = [], []
        texts = [text for each in message.resources for text in (each.resource_name.encode(), *_texts(each.configs))]
        too_much = hearing.is_too_much(PLACE, texts)
        for resource in message.resources:
            named = not too_much and hearing.allows("resource_name", resource.resource_name.encode())
            why = None if too_much else _refusal(resource.configs, hearing)
            if named and why is None:
                kept.append(resource)
            else:
                refused.append(
                    result(
                        error_code=ErrorCode.POLICY_VIOLATION,
                        error_message=why or HOLDS_DATA,
                        resource_type=resource.resource_type,
                        resource_name=resource.resource_name,
                    )
                )
        hearing.tell(ctx)
        return forward_kept(message.resources, kept, refused, response=response, results="responses")


def _size(configs: Iterable[Any]) -> int:
    return sum(len(config.name or "") + len(config.value or "") for config in configs)


def _texts(configs: Iterable[Any]) -> Iterator[bytes]:
    return (text.encode() for config in configs for text in (config.name, config.value) if text)


def _refusal(configs: Iterable[Any], hearing: Hearing | None) -> str | None:
    if hearing is None:
        return None
    clean = [hearing.allows(PLACE, text) for text in _texts(configs)]  # each is told of
    return None if all(clean) else HOLDS_DATA
