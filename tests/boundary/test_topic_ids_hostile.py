"""Topics that are not there, in any number."""

from __future__ import annotations

from tests.boundary.kit import NOW, Upstream, chain, context, finish, read_again, request, topic_id
from zoneproxy.boundary.topics import MAX_ABSENT, TopicIndex
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic


def test_topics_that_are_not_there_push_out_none_that_are() -> None:
    index = TopicIndex(ttl_seconds=300, max_topics=100)
    index.present("open.a", topic_id("open.a"), NOW)
    for number in range(500):
        index.absent_id(number.to_bytes(16, "big"), NOW)
        index.absent_name(f"absent.{number}", NOW)

    assert index.name_of(topic_id("open.a"), NOW) == "open.a"
    assert index.exists("open.a", NOW)
    assert not index.asked((0).to_bytes(16, "big"), NOW)
    assert index.asked((499).to_bytes(16, "big"), NOW)
    assert index.exists("absent.0", NOW) is None
    assert index.exists("absent.499", NOW) is False


def test_what_is_absent_is_bounded() -> None:
    index = TopicIndex(ttl_seconds=300, max_topics=10 * MAX_ABSENT)
    for number in range(MAX_ABSENT + 1):
        index.absent_id(number.to_bytes(16, "big"), NOW)

    assert not index.asked((0).to_bytes(16, "big"), NOW)
    assert index.asked((1).to_bytes(16, "big"), NOW)


def test_what_was_absent_and_is_there_now_is_there() -> None:
    index = TopicIndex(ttl_seconds=300, max_topics=100)
    index.absent_name("open.a", NOW)
    index.absent_id(topic_id("open.a"), NOW)
    index.present("open.a", topic_id("open.a"), NOW)

    assert index.exists("open.a", NOW)
    assert index.name_of(topic_id("open.a"), NOW) == "open.a"
    index.absent_name("open.a", NOW)
    index.absent_id(topic_id("open.a"), NOW)
    assert index.exists("open.a", NOW) is False
    assert index.name_of(topic_id("open.a"), NOW) is None


def test_one_request_has_only_so_many_ids_looked_up() -> None:
    upstream = Upstream()
    topics = [
        FetchTopic(topic_id=number.to_bytes(16, "big"), partitions=[FetchPartition()]) for number in range(1, 3_000)
    ]
    request(FetchRequest(topics=topics), context("clerk", ApiKey.FETCH, 16), upstream)

    assert [len(need.ids) for need in upstream.asked] == [1_000]


def test_a_name_beside_an_id_does_not_go_on() -> None:
    ctx = context("clerk", ApiKey.METADATA, 12)
    asked = [MetadataRequestTopic(topic_id=topic_id("open.a"), name="secret")]
    message = read_again(MetadataRequest(topics=asked), ctx)
    routed = finish(chain().request(message, ctx), ctx)

    assert routed.edited
    assert [(topic.topic_id, topic.name) for topic in message.topics] == [(topic_id("open.a"), None)]
