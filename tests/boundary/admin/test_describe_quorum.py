from __future__ import annotations

import pytest

from tests.boundary.admin.kit import ask, versions
from zoneproxy.wire.messages.describe_quorum_request import DescribeQuorumRequest, PartitionData, TopicData

QUESTION = DescribeQuorumRequest(topics=[TopicData(topic_name="__cluster_metadata", partitions=[PartitionData()])])


@pytest.mark.parametrize("version", versions(QUESTION))
@pytest.mark.parametrize("who", ["topics", "nobody", "stranger"])
def test_it_takes_a_right_on_the_cluster(who: str, version: int) -> None:
    asked = ask(who, QUESTION, version)

    assert (asked.answer.error_code, asked.answer.topics, asked.answer.nodes) == (31, [], [])
    assert asked.answer.error_message == ("Cluster authorization failed." if version >= 2 else "")
    assert asked.denials == [("DESCRIBE", "cluster", "kafka-cluster")]


@pytest.mark.parametrize("who", ["cluster", "operator"])
def test_with_it_the_question_goes_on_as_it_came(who: str) -> None:
    assert ask(who, QUESTION, 2).untouched
