"""Which partitions a Fetch names, and whether it names all of them (KIP-227)."""

from __future__ import annotations

from collections.abc import Iterator

from zoneproxy.boundary.cut import TopicKey
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic, ForgottenTopic

Partition = tuple[TopicKey, int]  # the topic as this version names it, and the partition's number

IDS_FROM_VERSION = 13
NO_SESSION = 0
FULL_WITHOUT_SESSION = -1  # the session epochs of KIP-227
FULL_WITH_NEW_SESSION = 0


def is_full(message: FetchRequest) -> bool:
    """Whether the request names everything that is to be fetched."""
    return message.session_epoch in (FULL_WITHOUT_SESSION, FULL_WITH_NEW_SESSION)


def topic_key(topic: FetchTopic | ForgottenTopic, by_id: bool) -> TopicKey:
    """How requests and replies of a version name a topic."""
    return topic.topic_id if by_id else topic.topic


def each(message: FetchRequest, by_id: bool) -> Iterator[tuple[Partition, FetchPartition]]:
    """The partitions that a request names, in its order."""
    for topic in message.topics:
        key = topic_key(topic, by_id)
        for partition in topic.partitions:
            yield (key, partition.partition), partition


def named(message: FetchRequest, by_id: bool) -> dict[Partition, FetchPartition]:
    """The same at once; the last one stands for those that are there twice."""
    if by_id:
        return {(topic.topic_id, p.partition): p for topic in message.topics for p in topic.partitions}
    return {(topic.topic, p.partition): p for topic in message.topics for p in topic.partitions}


def forgotten(message: FetchRequest, by_id: bool) -> Iterator[Partition]:
    """The partitions that a request takes out of its session, in its order."""
    for topic in message.forgotten_topics_data:
        key = topic_key(topic, by_id)
        for index in topic.partitions:
            yield key, index
