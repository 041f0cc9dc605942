from __future__ import annotations

import pytest

from tests.boundary.kit import chain, finish, read_again, reply
from tests.boundary.rights import HIDDEN, OFFSETS, asks, merged, passes, refusal
from zoneproxy.boundary.leader_epochs import CONSUMER
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.offset_for_leader_epoch_request import (
    OffsetForLeaderEpochRequest,
    OffsetForLeaderPartition,
    OffsetForLeaderTopic,
)
from zoneproxy.wire.messages.offset_for_leader_epoch_response import (
    EpochEndOffset,
    OffsetForLeaderEpochResponse,
    OffsetForLeaderTopicResult,
)

API = ApiKey.OFFSET_FOR_LEADER_EPOCH
VERSIONS = range(2, 5)
NO_REPLICA_ID = -2  # the default, which versions without one stand for


def asked(version: int, *topics: str, replica_id: int = CONSUMER) -> OffsetForLeaderEpochRequest:
    partitions = [OffsetForLeaderPartition(partition=index, leader_epoch=1) for index in (0, 3)]
    return OffsetForLeaderEpochRequest(
        replica_id=replica_id if version >= 3 else NO_REPLICA_ID,
        topics=[OffsetForLeaderTopic(topic=topic, partitions=partitions) for topic in topics],
    )


def told(*topics: str) -> OffsetForLeaderEpochResponse:
    partitions = [EpochEndOffset(partition=index, leader_epoch=1, end_offset=7) for index in (0, 3)]
    return OffsetForLeaderEpochResponse(
        topics=[OffsetForLeaderTopicResult(topic=topic, partitions=partitions) for topic in topics]
    )


def ends(response: OffsetForLeaderEpochResponse) -> list[tuple[str, int, int, int, int]]:
    return [
        (topic.topic, p.partition, p.error_code, p.leader_epoch, p.end_offset)
        for topic in response.topics
        for p in topic.partitions
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_refused_topics_stand_last(version: int) -> None:
    response = merged(asked(version, HIDDEN, "seen.a", OFFSETS), told("seen.a"), asks("member", API, version))
    assert ends(response) == [
        ("seen.a", 0, 0, 1, 7),
        ("seen.a", 3, 0, 1, 7),
        (HIDDEN, 0, 29, -1, -1),
        (HIDDEN, 3, 29, -1, -1),
        (OFFSETS, 0, 29, -1, -1),
        (OFFSETS, 3, 29, -1, -1),
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_only_refused_topics_are_answered_here(version: int) -> None:
    assert [end[2] for end in ends(refusal(asked(version, HIDDEN), asks("member", API, version)))] == [29, 29]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_may_be_described_passes(version: int) -> None:
    passes(asked(version, "seen.a", "open.a"), asks("member", API, version))


def test_cluster_action_is_enough_for_all_but_reserved_topics() -> None:
    passes(asked(4, HIDDEN), asks("viewer", API, 4))
    assert [end[2] for end in ends(refusal(asked(4, OFFSETS), asks("viewer", API, 4)))] == [29, 29]


@pytest.mark.parametrize("replica_id", [0, 7])
@pytest.mark.parametrize("topics", [["open.a"], ["open.a", HIDDEN]])
def test_nobody_asks_as_a_follower(topics: list[str], replica_id: int) -> None:
    ctx = asks("member", API, 4)
    message = read_again(asked(4, *topics, replica_id=replica_id), ctx)
    routed = finish(chain().request(message, ctx), ctx)
    assert routed.edited
    assert message.replica_id == CONSUMER
    assert len(ends(reply(routed, told("open.a"), ctx))) == 2 * len(topics)


def test_a_reply_about_other_topics_fits_nothing() -> None:
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        merged(asked(4, "open.a", HIDDEN), told(HIDDEN), asks("member", API, 4))
