from __future__ import annotations

import pytest

from tests.boundary.kit import topic_id
from tests.boundary.namespace.tenants import received, sent, tenant
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_log_dirs_request import DescribeLogDirsRequest
from zoneproxy.wire.messages.describe_log_dirs_response import (
    DescribeLogDirsResponse,
    DescribeLogDirsResult,
    DescribeLogDirsTopic,
)
from zoneproxy.wire.messages.describe_topic_partitions_request import (
    Cursor,
    DescribeTopicPartitionsRequest,
    TopicRequest,
)
from zoneproxy.wire.messages.describe_topic_partitions_response import (
    Cursor as NextCursor,
)
from zoneproxy.wire.messages.describe_topic_partitions_response import (
    DescribeTopicPartitionsResponse,
    DescribeTopicPartitionsResponseTopic,
)
from zoneproxy.wire.messages.list_groups_request import ListGroupsRequest
from zoneproxy.wire.messages.list_groups_response import ListedGroup, ListGroupsResponse
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic
from zoneproxy.wire.messages.metadata_response import MetadataResponse, MetadataResponseTopic


def topics(*names: str | None) -> MetadataResponse:
    return MetadataResponse(
        topics=[MetadataResponseTopic(name=name, topic_id=topic_id(name or "nothing")) for name in names]
    )


@pytest.mark.parametrize(("version", "request_"), [(12, MetadataRequest(topics=None)), (0, MetadataRequest(topics=[]))])
def test_all_topics_are_ones_own(version: int, request_: MetadataRequest) -> None:
    ctx = tenant(ApiKey.METADATA, version)
    _, left = sent(request_, ctx)
    assert not left.edited
    response = received(left, topics("ours.a", "theirs.a", "__consumer_offsets", "ours.b"), ctx)
    assert [topic.name for topic in response.topics] == ["a", "b"]


def test_topics_by_name() -> None:
    ctx = tenant(ApiKey.METADATA, 12)
    asked = [MetadataRequestTopic(name=name) for name in ("a", "theirs.a", "a/b")]
    upstream, left = sent(MetadataRequest(topics=asked), ctx)
    assert [topic.name for topic in upstream.topics] == ["ours.a", "ours.theirs.a", "ours./0"]
    response = received(left, topics("ours.a", "ours.theirs.a", "ours./0"), ctx)
    assert [topic.name for topic in response.topics] == ["a", "theirs.a", "a/b"]


def test_an_id_of_others_is_one_that_nobody_has_given() -> None:
    ctx = tenant(ApiKey.METADATA, 12)
    ids = [topic_id(name) for name in ("ours.a", "theirs.a", "nothing")]
    _, left = sent(MetadataRequest(topics=[MetadataRequestTopic(topic_id=id_, name=None) for id_ in ids]), ctx)
    there = topics("ours.a", "theirs.a")
    there.topics[1].is_internal = True
    unknown = MetadataResponseTopic(error_code=ErrorCode.UNKNOWN_TOPIC_ID, name=None, topic_id=ids[2])
    there.topics.append(unknown)
    own, theirs, nothing = received(left, there, ctx).topics
    assert (own.name, own.topic_id) == ("a", ids[0])
    assert nothing == unknown
    theirs.topic_id = ids[2]
    assert theirs == unknown


def test_pages_begin_with_the_namespaces_first_topic_and_end_with_its_last() -> None:
    ctx = tenant(ApiKey.DESCRIBE_TOPIC_PARTITIONS, 0)
    message = DescribeTopicPartitionsRequest()
    upstream, left = sent(message, ctx)
    assert (upstream.cursor.topic_name, upstream.cursor.partition_index) == ("ours.", 0)
    found = [DescribeTopicPartitionsResponseTopic(name=name) for name in ("ours.a", "theirs.a")]
    page = DescribeTopicPartitionsResponse(topics=found, next_cursor=NextCursor(topic_name="theirs.b"))
    response = received(left, page, ctx)
    assert [topic.name for topic in response.topics] == ["a"]
    assert response.next_cursor is None
    assert message == DescribeTopicPartitionsRequest()


def test_pages_go_on_where_the_last_one_ended() -> None:
    ctx = tenant(ApiKey.DESCRIBE_TOPIC_PARTITIONS, 0)
    message = DescribeTopicPartitionsRequest(cursor=Cursor(topic_name="b", partition_index=3))
    upstream, left = sent(message, ctx)
    assert upstream.cursor == Cursor(topic_name="ours.b", partition_index=3)
    page = DescribeTopicPartitionsResponse(next_cursor=NextCursor(topic_name="ours.c", partition_index=1))
    assert received(left, page, ctx).next_cursor == NextCursor(topic_name="c", partition_index=1)
    assert message.cursor == Cursor(topic_name="b", partition_index=3)


def test_topics_that_are_asked_for_need_no_cursor() -> None:
    ctx = tenant(ApiKey.DESCRIBE_TOPIC_PARTITIONS, 0)
    upstream, _ = sent(DescribeTopicPartitionsRequest(topics=[TopicRequest(name="a")]), ctx)
    assert (upstream.cursor, upstream.topics) == (None, [TopicRequest(name="ours.a")])


def test_disks_are_shared() -> None:
    ctx = tenant(ApiKey.DESCRIBE_LOG_DIRS, 4)
    _, left = sent(DescribeLogDirsRequest(topics=None), ctx)
    there = [DescribeLogDirsTopic(name=name) for name in ("theirs.a", "ours.a")]
    result = DescribeLogDirsResult(log_dir="/d", topics=there, total_bytes=100, usable_bytes=3)
    (seen,) = received(left, DescribeLogDirsResponse(results=[result]), ctx).results
    assert [topic.name for topic in seen.topics] == ["a"]
    assert (seen.total_bytes, seen.usable_bytes) == (-1, -1)


def test_groups_of_nobody_are_not_listed() -> None:
    ctx = tenant(ApiKey.LIST_GROUPS, 5)
    _, left = sent(ListGroupsRequest(), ctx)
    groups = [ListedGroup(group_id=name) for name in ("", "g", "theirs.g", "ours.g", "ours.")]
    response = received(left, ListGroupsResponse(groups=groups), ctx)
    assert [group.group_id for group in response.groups] == ["g", ""]
