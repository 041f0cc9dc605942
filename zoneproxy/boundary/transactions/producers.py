"""DescribeProducers: READ on each topic."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome, Reply, Then
from zoneproxy.boundary.may import topic_error
from zoneproxy.boundary.split import expect, in_place, refused, split
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_producers_request import DescribeProducersRequest, TopicRequest
from zoneproxy.wire.messages.describe_producers_response import (
    DescribeProducersResponse,
    PartitionResponse,
    TopicResponse,
)


class DescribeProducersInterceptor:
    """Authorises DescribeProducers, whose reply is in the order of the request."""

    apis = frozenset({ApiKey.DESCRIBE_PRODUCERS})

    def request(self, message: DescribeProducersRequest, ctx: Context) -> Outcome:
        """See the module."""
        places = split(message.topics, lambda topic: _refusal(topic, ctx))
        hidden = refused(places)
        if not hidden:
            return GO_ON
        if not message.topics:
            return Reply(DescribeProducersResponse(topics=hidden))
        return Forward(_merge(frozenset(topic.name for topic in message.topics), places), edited=True)


def _merge(asked: frozenset[str], places: list[TopicResponse | None]) -> Then:
    def then(response: DescribeProducersResponse, ctx: Context) -> bool:
        expect(asked, (topic.name for topic in response.topics))
        response.topics = in_place(places, response.topics)
        return True

    return then


def _refusal(topic: TopicRequest, ctx: Context) -> TopicResponse | None:
    error = topic_error(ctx, Operation.READ, topic.name)
    if error is None:
        return None
    partitions = [
        PartitionResponse(partition_index=index, error_code=error, error_message=DEFAULT_MESSAGES[error])
        for index in topic.partition_indexes
    ]
    return TopicResponse(name=topic.name, partitions=partitions)
