from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.admin.kit import OFFSETS, ask, versions
from zoneproxy.wire.messages.alter_replica_log_dirs_request import (
    AlterReplicaLogDir,
    AlterReplicaLogDirsRequest,
    AlterReplicaLogDirTopic,
)
from zoneproxy.wire.messages.alter_replica_log_dirs_response import (
    AlterReplicaLogDirPartitionResult,
    AlterReplicaLogDirsResponse,
    AlterReplicaLogDirTopicResult,
)
from zoneproxy.wire.messages.describe_log_dirs_request import DescribableLogDirTopic, DescribeLogDirsRequest
from zoneproxy.wire.messages.describe_log_dirs_response import (
    DescribeLogDirsPartition,
    DescribeLogDirsResponse,
    DescribeLogDirsResult,
    DescribeLogDirsTopic,
)


def question(*topics: str) -> DescribeLogDirsRequest:
    return DescribeLogDirsRequest(topics=[DescribableLogDirTopic(topic=name, partitions=[0]) for name in topics])


def described(*topics: str) -> DescribeLogDirsResponse:
    found = [DescribeLogDirsTopic(name=name, partitions=[DescribeLogDirsPartition()]) for name in topics]
    return DescribeLogDirsResponse(results=[DescribeLogDirsResult(log_dir="/data", topics=found)])


@pytest.mark.parametrize("version", versions(DescribeLogDirsRequest))
@pytest.mark.parametrize("who", ["topics", "nobody", "stranger"])
def test_describing_takes_a_right_on_the_cluster(who: str, version: int) -> None:
    asked = ask(who, question("all"), version)

    assert (asked.answer.error_code, asked.answer.results) == (31 if version >= 3 else 0, [])
    assert asked.denials == [("DESCRIBE", "cluster", "kafka-cluster")]


@pytest.mark.parametrize("version", versions(DescribeLogDirsRequest))
@pytest.mark.parametrize("who", ["cluster", "operator"])
def test_a_list_of_everything_hides_reserved_topics(who: str, version: int) -> None:
    asked = ask(who, DescribeLogDirsRequest(topics=None), version)

    assert asked.untouched
    assert asked.forwarded.topics is None
    assert asked.reply(described("a", OFFSETS, "b")) == described("a", "b")
    assert asked.reply(described("a")) == described("a")


def test_reserved_topics_asked_for_by_name_are_not_there() -> None:
    asked = ask("operator", question("a", OFFSETS), 4)

    assert asked.outcome.edited  # type: ignore[union-attr]  # it is forwarded
    assert asked.forwarded == question("a")
    assert asked.reply(described("a", OFFSETS)) == described("a")


def test_no_topics_left_is_not_all_topics() -> None:
    assert ask("operator", question(OFFSETS), 4).forwarded.topics == []


def test_topics_asked_for_by_name_go_on_as_they_came() -> None:
    assert ask("cluster", question("a"), 4).untouched


# --- moving ---


def move(**dirs: list[tuple[str, list[int]]]) -> AlterReplicaLogDirsRequest:
    return AlterReplicaLogDirsRequest(
        dirs=[
            AlterReplicaLogDir(
                path=f"/{path}", topics=[AlterReplicaLogDirTopic(name=name, partitions=p) for name, p in topics]
            )
            for path, topics in dirs.items()
        ]
    )


def told(response: Any) -> list[tuple[str, list[tuple[int, int]]]]:
    return [(r.topic_name, [(p.partition_index, p.error_code) for p in r.partitions]) for r in response.results]


@pytest.mark.parametrize("version", versions(AlterReplicaLogDirsRequest))
@pytest.mark.parametrize("who", ["topics", "nobody", "stranger"])
def test_moving_takes_a_right_on_the_cluster(who: str, version: int) -> None:
    asked = ask(who, move(a=[("all", [0, 9]), ("x", [1])], b=[("all", [0])]), version)

    assert told(asked.answer) == [("all", [(0, 31), (9, 31)]), ("x", [(1, 31)]), ("all", [(0, 31)])]
    assert asked.denials == [("ALTER", "cluster", "kafka-cluster")]


@pytest.mark.parametrize("who", ["cluster", "operator"])
def test_reserved_topics_stay_where_they_are(who: str) -> None:
    asked = ask(who, move(a=[(OFFSETS, [0, 1]), ("x", [1])], b=[(OFFSETS, [2])]), 2)
    done = AlterReplicaLogDirTopicResult(topic_name="x", partitions=[AlterReplicaLogDirPartitionResult()])

    assert asked.forwarded == move(a=[("x", [1])], b=[])
    assert told(asked.reply(AlterReplicaLogDirsResponse(results=[done]))) == [
        ("x", [(0, 0)]),
        (OFFSETS, [(0, 29), (1, 29)]),
        (OFFSETS, [(2, 29)]),
    ]
    assert told(ask(who, move(a=[(OFFSETS, [0])]), 2).answer) == [(OFFSETS, [(0, 29)])]


def test_others_are_moved() -> None:
    assert ask("cluster", move(a=[("x", [1])]), 2).untouched
