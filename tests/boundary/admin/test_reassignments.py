from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.admin.kit import OFFSETS, ask, versions
from zoneproxy.wire.messages.alter_partition_reassignments_request import (
    AlterPartitionReassignmentsRequest,
    ReassignablePartition,
    ReassignableTopic,
)
from zoneproxy.wire.messages.alter_partition_reassignments_response import (
    AlterPartitionReassignmentsResponse,
    ReassignablePartitionResponse,
    ReassignableTopicResponse,
)
from zoneproxy.wire.messages.list_partition_reassignments_request import (
    ListPartitionReassignmentsRequest,
    ListPartitionReassignmentsTopics,
)
from zoneproxy.wire.messages.list_partition_reassignments_response import (
    ListPartitionReassignmentsResponse,
    OngoingPartitionReassignment,
    OngoingTopicReassignment,
)

CLUSTER_DENIED = (31, "Cluster authorization failed.")
TOPIC_DENIED = (29, "Topic authorization failed.")


def move(*topics: str) -> AlterPartitionReassignmentsRequest:
    partitions = [ReassignablePartition(partition_index=index, replicas=[1]) for index in (0, 4)]
    return AlterPartitionReassignmentsRequest(
        topics=[ReassignableTopic(name=name, partitions=partitions) for name in topics]
    )


def told(response: Any) -> list[tuple[str, list[tuple[int, int, str | None]]]]:
    return [
        (r.name, [(p.partition_index, p.error_code, p.error_message) for p in r.partitions]) for r in response.responses
    ]


@pytest.mark.parametrize("version", versions(AlterPartitionReassignmentsRequest))
@pytest.mark.parametrize("who", ["topics", "nobody", "stranger"])
def test_moving_takes_a_right_on_the_cluster(who: str, version: int) -> None:
    asked = ask(who, move("all", "x"), version)
    answer = asked.answer

    assert (answer.error_code, answer.error_message) == CLUSTER_DENIED
    assert told(answer) == [(name, [(0, *CLUSTER_DENIED), (4, *CLUSTER_DENIED)]) for name in ("all", "x")]
    assert asked.denials == [("ALTER", "cluster", "kafka-cluster")]


@pytest.mark.parametrize("who", ["cluster", "operator"])
def test_reserved_topics_stay_where_they_are(who: str) -> None:
    asked = ask(who, move(OFFSETS, "x"), 1)
    done = ReassignableTopicResponse(name="x", partitions=[ReassignablePartitionResponse(error_message=None)])
    response = asked.reply(AlterPartitionReassignmentsResponse(error_message=None, responses=[done]))

    assert asked.forwarded == move("x")
    assert told(response) == [("x", [(0, 0, None)]), (OFFSETS, [(0, *TOPIC_DENIED), (4, *TOPIC_DENIED)])]
    assert asked.denials == [("ALTER", "topic", OFFSETS)]


def test_with_nothing_left_it_is_answered_here() -> None:
    answer = ask("operator", move(OFFSETS), 1).answer

    assert (answer.error_code, answer.error_message) == (0, None)
    assert [name for name, _ in told(answer)] == [OFFSETS]


def test_others_are_moved() -> None:
    assert ask("cluster", move("x"), 1).untouched


# --- listing ---


def question(*topics: str) -> ListPartitionReassignmentsRequest:
    asked = [ListPartitionReassignmentsTopics(name=name, partition_indexes=[0, 4]) for name in topics]
    return ListPartitionReassignmentsRequest(topics=asked)


def ongoing(*topics: str) -> ListPartitionReassignmentsResponse:
    partitions = [OngoingPartitionReassignment(partition_index=index) for index in (0, 4)]
    found = [OngoingTopicReassignment(name=name, partitions=partitions) for name in topics]
    return ListPartitionReassignmentsResponse(error_message=None, topics=found)


def test_listing_takes_a_right_on_the_cluster() -> None:
    answer = ask("topics", question("all", OFFSETS), 0).answer

    assert (answer.error_code, answer.error_message) == CLUSTER_DENIED
    assert answer.topics == ongoing("all", OFFSETS).topics
    assert ask("nobody", ListPartitionReassignmentsRequest(topics=None), 0).answer.topics == []


@pytest.mark.parametrize("who", ["cluster", "operator"])
def test_a_list_of_everything_hides_reserved_topics(who: str) -> None:
    asked = ask(who, ListPartitionReassignmentsRequest(topics=None), 0)

    assert asked.untouched
    assert asked.reply(ongoing("a", OFFSETS)) == ongoing("a")
    assert asked.reply(ongoing("a")) == ongoing("a")


def test_reserved_topics_asked_for_by_name_are_not_moving() -> None:
    assert ask("operator", question("a", OFFSETS), 0).forwarded == question("a")
    assert ask("operator", question(OFFSETS), 0).forwarded.topics == []
    assert ask("operator", question("a"), 0).untouched
