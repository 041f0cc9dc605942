from __future__ import annotations

import pytest

from zoneproxy.boundary.namespace.walk import (
    GROUP,
    TOPIC,
    TRANSACTIONAL_ID,
    Step,
    request_steps,
    response_steps,
    to_physical,
    to_virtual,
)
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.consumer_group_describe_response import (
    Assignment,
    ConsumerGroupDescribeResponse,
    DescribedGroup,
    Member,
    TopicPartitions,
)
from zoneproxy.wire.messages.describe_topic_partitions_response import (
    Cursor,
    DescribeTopicPartitionsResponse,
)
from zoneproxy.wire.messages.heartbeat_request import HeartbeatRequest
from zoneproxy.wire.messages.list_partition_reassignments_request import ListPartitionReassignmentsRequest
from zoneproxy.wire.messages.offset_fetch_request import (
    OffsetFetchRequest,
    OffsetFetchRequestGroup,
    OffsetFetchRequestTopics,
)


class Marked:
    """Puts the kind before each name, and takes it off again."""

    def physical(self, entity: str, name: str) -> str:
        return f"{entity}:{name}"

    def virtual(self, entity: str, name: str) -> str | None:
        return name.removeprefix(f"{entity}:") if name.startswith(f"{entity}:") else None


def test_a_version_has_the_names_that_it_has_on_the_wire() -> None:
    topic = Step("name", TOPIC, ())
    assert request_steps(ApiKey.PRODUCE, 12) == (
        Step("transactional_id", TRANSACTIONAL_ID, ()),
        Step("topic_data", None, (topic,)),
    )
    assert request_steps(ApiKey.PRODUCE, 13) == (Step("transactional_id", TRANSACTIONAL_ID, ()),)
    assert response_steps(ApiKey.FETCH, 13) == ()
    assert request_steps(999, 0) == response_steps(999, 0) == ()


def test_a_list_is_gone_through_once() -> None:
    (groups,) = request_steps(ApiKey.OFFSET_FETCH, 9)
    assert groups == Step(
        "groups", None, (Step("group_id", GROUP, ()), Step("topics", None, (Step("name", TOPIC, ()),)))
    )


def test_requests() -> None:
    topics = [OffsetFetchRequestTopics(name="t"), OffsetFetchRequestTopics(name="")]
    groups = [
        OffsetFetchRequestGroup(group_id="g", topics=topics),
        OffsetFetchRequestGroup(group_id="all", topics=None),
    ]
    message = OffsetFetchRequest(groups=groups)
    steps = request_steps(ApiKey.OFFSET_FETCH, 9)
    assert to_physical(message, steps, Marked())
    assert [group.group_id for group in message.groups] == ["groupId:g", "groupId:all"]
    assert [topic.name for topic in message.groups[0].topics or ()] == ["topicName:t", "topicName:"]
    to_virtual(message, steps, Marked())
    assert message == OffsetFetchRequest(groups=groups)
    assert message.groups[0].group_id == "g"


def test_a_request_without_any_name() -> None:
    message = ListPartitionReassignmentsRequest(topics=None)
    assert not to_physical(message, request_steps(ApiKey.LIST_PARTITION_REASSIGNMENTS, 0), Marked())
    assert message == ListPartitionReassignmentsRequest(topics=None)


def test_what_is_of_others_leaves_the_list_that_it_stands_in() -> None:
    partitions = [TopicPartitions(topic_name=name) for name in ("topicName:a", "other:b")]
    members = [Member(subscribed_topic_names=["topicName:a", "b"], assignment=Assignment(topic_partitions=partitions))]
    groups = [DescribedGroup(group_id="groupId:g", members=members), DescribedGroup(group_id="theirs")]
    message = ConsumerGroupDescribeResponse(groups=groups)
    to_virtual(message, response_steps(ApiKey.CONSUMER_GROUP_DESCRIBE, 1), Marked())
    (group,) = message.groups
    assert group.group_id == "g"
    assert group.members[0].subscribed_topic_names == ["a"]
    assert [each.topic_name for each in group.members[0].assignment.topic_partitions] == ["a"]


@pytest.mark.parametrize(("name", "left"), [("topicName:a", Cursor(topic_name="a")), ("theirs", None)])
def test_a_single_struct_of_others_is_none(name: str, left: Cursor | None) -> None:
    message = DescribeTopicPartitionsResponse(next_cursor=Cursor(topic_name=name))
    to_virtual(message, response_steps(ApiKey.DESCRIBE_TOPIC_PARTITIONS, 0), Marked())
    assert message.next_cursor == left


def test_a_message_that_is_wholly_of_others_is_refused() -> None:
    with pytest.raises(ProtocolError, match="foreign_name"):
        to_virtual(HeartbeatRequest(group_id="theirs"), request_steps(ApiKey.HEARTBEAT, 4), Marked())
