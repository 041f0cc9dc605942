"""Requests for everything, and what replies say of things that are everybody's."""

from __future__ import annotations

from typing import Final

from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.namespace.special import NOTHING, Special
from zoneproxy.boundary.namespace.translation import Names
from zoneproxy.boundary.namespace.walk import TOPIC
from zoneproxy.wire.buffer import ZERO_UUID
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.describe_log_dirs_response import DescribeLogDirsResponse
from zoneproxy.wire.messages.describe_topic_partitions_request import Cursor, DescribeTopicPartitionsRequest
from zoneproxy.wire.messages.metadata_request import MetadataRequest
from zoneproxy.wire.messages.metadata_response import MetadataResponse, MetadataResponseTopic

UNKNOWN_BYTES: Final = -1  # Kafka's default, before KIP-827


def metadata(message: MetadataRequest, names: Names, _ctx: Context) -> Special:
    """Metadata by id: an id of another namespace is one that nobody has given. The name comes with the reply."""
    if not message.topics or all(topic.topic_id == ZERO_UUID for topic in message.topics):
        return NOTHING

    def before(response: MetadataResponse) -> None:
        response.topics = [_own_or_unknown(topic, names) for topic in response.topics]

    return Special(before=before, edited=False)


def _own_or_unknown(topic: MetadataResponseTopic, names: Names) -> MetadataResponseTopic:
    if topic.name is None or names.virtual(TOPIC, topic.name) is not None:
        return topic
    return MetadataResponseTopic(error_code=ErrorCode.UNKNOWN_TOPIC_ID, name=None, topic_id=topic.topic_id)


def describe_topic_partitions(message: DescribeTopicPartitionsRequest, _names: Names, ctx: Context) -> Special:
    """DescribeTopicPartitions of all topics: they come in order, page by page, so it begins with the namespace's first.

    The cursor of a page behind its last one names a topic of others, and is taken away with the other names.
    """
    if message.topics or message.cursor is not None:
        return NOTHING
    assert ctx.session.namespace is not None
    message.cursor = Cursor(topic_name=ctx.session.namespace.prefix, partition_index=0)

    def after(_response: object) -> None:
        message.cursor = None

    return Special(after=after)


def describe_log_dirs(_message: object, _names: Names, _ctx: Context) -> Special:
    """DescribeLogDirs: how full a disk is says how much others have on it."""
    return Special(after=_hide_disks, edited=False)


def _hide_disks(response: DescribeLogDirsResponse) -> None:
    for result in response.results:
        result.total_bytes = result.usable_bytes = UNKNOWN_BYTES
