"""CreateTopics: CREATE on the cluster, or else on the topic; DESCRIBE_CONFIGS to be told how it was made."""

from __future__ import annotations

from collections import Counter

from zoneproxy.boundary.admin.entries import forward_kept
from zoneproxy.boundary.admin.forbidden_configs import config_refusal
from zoneproxy.boundary.admin.reserved import reserved_error
from zoneproxy.boundary.cut import Refusal
from zoneproxy.boundary.interceptor import Context, Outcome
from zoneproxy.boundary.may import may_cluster, may_topic, topic_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.create_topics_request import CreatableTopic, CreateTopicsRequest
from zoneproxy.wire.messages.create_topics_response import CreatableTopicResult, CreateTopicsResponse

_METADATA_LOG = "__cluster_metadata"

_DENIED = Refusal(ErrorCode.TOPIC_AUTHORIZATION_FAILED, "Authorization failed.")  # Kafka's text, here only
_TWICE = Refusal(ErrorCode.INVALID_REQUEST, "Duplicate topic name.")
_NO_TOPIC = Refusal(ErrorCode.INVALID_REQUEST, f"Creation of internal topic {_METADATA_LOG} is prohibited.")


class CreateTopicsInterceptor:
    """Authorises CreateTopics."""

    apis = frozenset({ApiKey.CREATE_TOPICS})

    def request(self, message: CreateTopicsRequest, ctx: Context) -> Outcome:
        """See the module. A name that is there twice is refused once, for all of its entries."""
        times = Counter(topic.name for topic in message.topics)
        anything = may_cluster(ctx, Operation.CREATE)
        kept: list[CreatableTopic] = []
        refused: dict[str, CreatableTopicResult] = {}
        for topic in message.topics:
            refusal = _TWICE if times[topic.name] > 1 else _refusal(topic, anything, ctx)
            if refusal is None:
                kept.append(topic)
            else:
                refused[topic.name] = _not_created(topic.name, refusal)
        return forward_kept(
            message.topics,
            kept,
            list(refused.values()),
            response=CreateTopicsResponse,
            results="topics",
            seen=_hide_configs,
        )


def _refusal(topic: CreatableTopic, anything: bool, ctx: Context) -> Refusal | None:
    if topic.name == _METADATA_LOG:
        return _NO_TOPIC
    if reserved_error(ctx, Operation.CREATE, topic.name):
        return _DENIED
    if not anything and topic_error(ctx, Operation.CREATE, topic.name):
        return _DENIED
    return config_refusal(topic.configs)


def _not_created(name: str, refusal: Refusal) -> CreatableTopicResult:
    return CreatableTopicResult(name=name, error_code=refusal.error, error_message=refusal.message)


def _hide_configs(response: CreateTopicsResponse, ctx: Context) -> bool:
    """How a topic was made is for those only who may describe its configuration."""
    edited = False
    for topic in response.topics:
        if topic.error_code == ErrorCode.NONE and not may_topic(ctx, Operation.DESCRIBE_CONFIGS, topic.name):
            topic.topic_config_error_code = ErrorCode.TOPIC_AUTHORIZATION_FAILED
            topic.num_partitions = topic.replication_factor = -1
            topic.configs = []
            edited = True
    return edited
