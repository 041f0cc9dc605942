"""Metadata: who may describe a topic learns of it; who may not does not even learn whether it exists.

As Kafka's authorizer does it: a topic asked for by name is refused with 29 and no id, one asked for by id with 29 and
no name; a reply that lists all topics leaves out what may not be described.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from zoneproxy.boundary.auto_create import AutoCreate
from zoneproxy.boundary.interceptor import Close, Context, Eventually, Forward, Outcome, Waiting
from zoneproxy.boundary.may import cluster_operations, denied, may_topic, topic_operations
from zoneproxy.boundary.said.names import TopicNames
from zoneproxy.policy.model import Operation
from zoneproxy.wire.buffer import ZERO_UUID
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic
from zoneproxy.wire.messages.metadata_response import MetadataResponse, MetadataResponseTopic

_IDS_FROM_VERSION = 12


class MetadataInterceptor:
    """Authorises Metadata."""

    apis = frozenset({ApiKey.METADATA})

    def __init__(self, names: TopicNames) -> None:
        """``names``: what a topic that comes into being by this may be called."""
        self._names = names

    def request(self, message: MetadataRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        version = ctx.header.api_version
        if message.topics is None or (version == 0 and not message.topics):
            return Forward(_AllTopics(message).then)
        by_id = [topic for topic in message.topics if topic.topic_id != ZERO_UUID]
        if by_id and version >= _IDS_FROM_VERSION:
            return _by_id(message, by_id)
        names = [topic.name for topic in message.topics if topic.name is not None]
        if by_id or len(names) != len(message.topics):
            return Close("invalid_request")  # what Kafka has no answer for either
        return _by_name(message, dict.fromkeys(names), self._names, ctx)


def _by_id(message: MetadataRequest, by_id: list[MetadataRequestTopic]) -> Forward:
    """Once there is an id, Kafka looks at no names, and nobody decides on them: they do not go on.

    The reply tells the names, which are decided on then.
    """
    edited = message.topics != by_id or any(topic.name for topic in by_id)
    message.topics = [
        topic if not topic.name else MetadataRequestTopic(topic_id=topic.topic_id, name=None) for topic in by_id
    ]
    return Forward(_ByIds(message).then, edited)


def _by_name(message: MetadataRequest, names: dict[str, None], allowed: TopicNames, ctx: Context) -> Waiting[Outcome]:
    then = _ByNames(message)
    for name in names:
        if may_topic(ctx, Operation.DESCRIBE, name):
            then.names.add(name)
        else:
            denied(ctx, Operation.DESCRIBE, name, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
            then.refuse(name, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    creation = yield from AutoCreate.of(message, then.names, allowed, ctx)
    if creation is None:
        return _cut(message, then, edited=False)
    refused = yield from creation.refuse(ctx)
    for name, error in refused.items():
        then.names.discard(name)
        then.refuse(name, error)
    message.allow_auto_topic_creation = creation.creates
    return _cut(message, then, edited=True)


def _cut(message: MetadataRequest, then: _ByNames, *, edited: bool) -> Forward:
    """A request of which nothing is left still goes on: its reply lists the brokers."""
    if then.refused:
        message.topics = [topic for topic in message.topics or () if topic.name in then.names]
    return Forward(then.then, edited or bool(then.refused))


# --- replies -------------------------------------------------------------------------------------------------


class _Reply(ABC):
    """What all forms have in common: which topics stay, and what may be done to them and to the cluster."""

    def __init__(self, request: MetadataRequest) -> None:
        self._topic_operations = request.include_topic_authorized_operations
        self._cluster_operations = request.include_cluster_authorized_operations

    def then(self, response: MetadataResponse, ctx: Context) -> bool:
        response.topics = self.visible(response.topics, ctx)
        if self._topic_operations:
            for topic in response.topics:
                if topic.name and topic.error_code != ErrorCode.TOPIC_AUTHORIZATION_FAILED:
                    topic.topic_authorized_operations = topic_operations(ctx, topic.name)
        if self._cluster_operations:
            response.cluster_authorized_operations = cluster_operations(ctx)
        return True

    @abstractmethod
    def visible(self, topics: list[MetadataResponseTopic], ctx: Context) -> list[MetadataResponseTopic]:
        """Those that the client gets to see."""


class _AllTopics(_Reply):
    """Topics that may not be described are left out without a word."""

    def visible(self, topics: list[MetadataResponseTopic], ctx: Context) -> list[MetadataResponseTopic]:
        return [topic for topic in topics if topic.name and may_topic(ctx, Operation.DESCRIBE, topic.name)]


class _ByIds(_Reply):
    """Ids are no secret in Kafka, names are."""

    def visible(self, topics: list[MetadataResponseTopic], ctx: Context) -> list[MetadataResponseTopic]:
        return [self._seen(topic, ctx) for topic in topics]

    def _seen(self, topic: MetadataResponseTopic, ctx: Context) -> MetadataResponseTopic:
        if topic.name is None or may_topic(ctx, Operation.DESCRIBE, topic.name):
            return topic
        denied(ctx, Operation.DESCRIBE, topic.name, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
        return MetadataResponseTopic(
            error_code=ErrorCode.TOPIC_AUTHORIZATION_FAILED, name=None, topic_id=topic.topic_id
        )


class _ByNames(_Reply):
    """Refused topics stand behind the others, as Kafka puts them."""

    def __init__(self, request: MetadataRequest) -> None:
        super().__init__(request)
        self.names: set[str] = set()  # what is forwarded
        self.refused: list[MetadataResponseTopic] = []

    def refuse(self, name: str, error: ErrorCode) -> None:
        self.refused.append(MetadataResponseTopic(error_code=error, name=name))

    def visible(self, topics: list[MetadataResponseTopic], ctx: Context) -> list[MetadataResponseTopic]:
        return [topic for topic in topics if topic.name in self.names] + self.refused
