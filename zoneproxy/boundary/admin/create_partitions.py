"""CreatePartitions: ALTER on every topic."""

from __future__ import annotations

from collections import Counter

from zoneproxy.boundary.admin.entries import forward_kept
from zoneproxy.boundary.cut import Refusal
from zoneproxy.boundary.interceptor import Context, Outcome
from zoneproxy.boundary.may import topic_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.create_partitions_request import CreatePartitionsRequest, CreatePartitionsTopic
from zoneproxy.wire.messages.create_partitions_response import CreatePartitionsResponse, CreatePartitionsTopicResult

_DENIED = Refusal(ErrorCode.TOPIC_AUTHORIZATION_FAILED)
_TWICE = Refusal(ErrorCode.INVALID_REQUEST, "Duplicate topic name.")


class CreatePartitionsInterceptor:
    """Authorises CreatePartitions."""

    apis = frozenset({ApiKey.CREATE_PARTITIONS})

    def request(self, message: CreatePartitionsRequest, ctx: Context) -> Outcome:
        """See the module. A name that is there twice is refused once, for all of its entries."""
        times = Counter(topic.name for topic in message.topics)
        kept: list[CreatePartitionsTopic] = []
        refused: dict[str, CreatePartitionsTopicResult] = {}
        for topic in message.topics:
            if times[topic.name] > 1:
                refused[topic.name] = _not_grown(topic.name, _TWICE)
            elif topic_error(ctx, Operation.ALTER, topic.name):
                refused[topic.name] = _not_grown(topic.name, _DENIED)
            else:
                kept.append(topic)
        return forward_kept(
            message.topics, kept, list(refused.values()), response=CreatePartitionsResponse, results="results"
        )


def _not_grown(name: str, refusal: Refusal) -> CreatePartitionsTopicResult:
    return CreatePartitionsTopicResult(name=name, error_code=refusal.error, error_message=refusal.message)
