from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.admin.kit import OFFSETS, Asked, ask, versions
from tests.boundary.kit import Upstream
from zoneproxy.wire.messages.elect_leaders_request import ElectLeadersRequest, TopicPartitions
from zoneproxy.wire.messages.elect_leaders_response import (
    ElectLeadersResponse,
    PartitionResult,
    ReplicaElectionResult,
)

CLUSTER_DENIED = (31, "Cluster authorization failed.")
EVERYTHING = ElectLeadersRequest(topic_partitions=None)


def election(*topics: tuple[str, list[int]]) -> ElectLeadersRequest:
    return ElectLeadersRequest(topic_partitions=[TopicPartitions(topic=name, partitions=p) for name, p in topics])


def elected(*topics: tuple[str, list[tuple[int, int]]]) -> ElectLeadersResponse:
    return ElectLeadersResponse(
        replica_election_results=[
            ReplicaElectionResult(
                topic=name,
                partition_result=[
                    PartitionResult(partition_id=p, error_code=e, error_message=None) for p, e in results
                ],
            )
            for name, results in topics
        ]
    )


def told(response: Any) -> list[tuple[str, list[tuple[int, int, str | None]]]]:
    return [
        (r.topic, [(p.partition_id, p.error_code, p.error_message) for p in r.partition_result])
        for r in response.replica_election_results
    ]


@pytest.mark.parametrize("version", versions(ElectLeadersRequest))
@pytest.mark.parametrize("who", ["topics", "nobody", "stranger"])
def test_it_takes_a_right_on_the_cluster(who: str, version: int) -> None:
    asked = ask(who, election(("all", [0, 9]), (OFFSETS, [1])), version)

    assert asked.answer.error_code == (31 if version >= 1 else 0)
    assert told(asked.answer) == [
        ("all", [(0, *CLUSTER_DENIED), (9, *CLUSTER_DENIED)]),
        (OFFSETS, [(1, *CLUSTER_DENIED)]),
    ]
    assert asked.denials == [("ALTER", "cluster", "kafka-cluster")]
    assert told(ask(who, EVERYTHING, version).answer) == []


@pytest.mark.parametrize("who", ["cluster", "operator"])
def test_reserved_topics_keep_their_leaders(who: str) -> None:
    asked = ask(who, election((OFFSETS, [1]), ("x", [0])), 2)

    assert asked.forwarded == election(("x", [0]))
    assert told(asked.reply(elected(("x", [(0, 84)])))) == [
        ("x", [(0, 84, None)]),
        (OFFSETS, [(1, 29, "Topic authorization failed.")]),
    ]
    assert ask(who, election(("x", [0])), 2).untouched


def everything(who: str = "operator", version: int = 2, upstream: Upstream | None = None) -> Asked:
    return ask(who, EVERYTHING, version, upstream=upstream or Upstream("b", "a", OFFSETS))


@pytest.mark.parametrize("version", versions(ElectLeadersRequest))
def test_all_topics_are_those_that_may_be_touched(version: int) -> None:
    asked = everything(version=version)

    assert [(t.topic, t.partitions) for t in asked.forwarded.topic_partitions] == [("a", [0, 1]), ("b", [0, 1])]


def test_the_reply_is_that_to_a_question_for_all() -> None:
    response = everything().reply(elected(("a", [(0, 0), (1, 84)]), ("b", [(0, 3), (1, 83)])))

    assert told(response) == [("a", [(0, 0, None)]), ("b", [(1, 83, None)])]


def test_with_no_topics_at_all_it_is_not_about_all_topics() -> None:
    assert everything(upstream=Upstream(OFFSETS)).forwarded.topic_partitions == []


def test_while_the_upstream_cannot_be_asked() -> None:
    assert everything(upstream=Upstream(silent=True)).closed == "upstream_unavailable"
