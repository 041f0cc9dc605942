from __future__ import annotations

import pytest

from tests.boundary.rights import HIDDEN, OFFSETS, asks, merged, passes, refusal
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_producers_request import DescribeProducersRequest, TopicRequest
from zoneproxy.wire.messages.describe_producers_response import (
    DescribeProducersResponse,
    PartitionResponse,
    ProducerState,
    TopicResponse,
)

API = ApiKey.DESCRIBE_PRODUCERS
TEXT = "Topic authorization failed."


def describe(*topics: str) -> DescribeProducersRequest:
    return DescribeProducersRequest(topics=[TopicRequest(name=topic, partition_indexes=[0, 3]) for topic in topics])


def described(*topics: str) -> DescribeProducersResponse:
    partitions = [
        PartitionResponse(partition_index=index, active_producers=[ProducerState(producer_id=1)]) for index in (0, 3)
    ]
    return DescribeProducersResponse(topics=[TopicResponse(name=topic, partitions=partitions) for topic in topics])


def test_refused_topics_keep_their_places() -> None:
    response = merged(
        describe(HIDDEN, "open.a", "seen.a", "open.b"), described("open.a", "open.b"), asks("member", API, 0)
    )

    assert [
        (topic.name, [(p.partition_index, p.error_code, p.error_message) for p in topic.partitions])
        for topic in response.topics
    ] == [
        (HIDDEN, [(0, 29, TEXT), (3, 29, TEXT)]),
        ("open.a", [(0, 0, None), (3, 0, None)]),
        ("seen.a", [(0, 29, TEXT), (3, 29, TEXT)]),
        ("open.b", [(0, 0, None), (3, 0, None)]),
    ]


def test_only_refused_topics_are_answered_here() -> None:
    (topic,) = refusal(describe(OFFSETS), asks("operator", API, 0)).topics
    assert [p.error_code for p in topic.partitions] == [29, 29]


def test_what_is_allowed_passes() -> None:
    passes(describe("open.a"), asks("member", API, 0))


@pytest.mark.parametrize("answered", [[HIDDEN], [], ["open.a", "open.a"]])
def test_a_reply_about_other_topics_fits_nothing(answered: list[str]) -> None:
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        merged(describe("open.a", HIDDEN), described(*answered), asks("member", API, 0))
