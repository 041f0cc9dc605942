from __future__ import annotations

import pytest

from tests.boundary.rights import HIDDEN, OFFSETS, asks, merged, passes, refusal
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.txn_offset_commit_request import (
    TxnOffsetCommitRequest,
    TxnOffsetCommitRequestPartition,
    TxnOffsetCommitRequestTopic,
)
from zoneproxy.wire.messages.txn_offset_commit_response import (
    TxnOffsetCommitResponse,
    TxnOffsetCommitResponsePartition,
    TxnOffsetCommitResponseTopic,
)

API = ApiKey.TXN_OFFSET_COMMIT
VERSIONS = range(6)


def commit(*topics: str, transactional_id: str = "team.a", group: str = "team.b") -> TxnOffsetCommitRequest:
    partitions = [TxnOffsetCommitRequestPartition(partition_index=index) for index in (0, 3)]
    return TxnOffsetCommitRequest(
        transactional_id=transactional_id,
        group_id=group,
        topics=[TxnOffsetCommitRequestTopic(name=topic, partitions=partitions) for topic in topics],
    )


def committed(*topics: str) -> TxnOffsetCommitResponse:
    partitions = [TxnOffsetCommitResponsePartition(partition_index=index) for index in (0, 3)]
    return TxnOffsetCommitResponse(
        topics=[TxnOffsetCommitResponseTopic(name=topic, partitions=partitions) for topic in topics]
    )


def errors(response: TxnOffsetCommitResponse) -> list[tuple[str, list[tuple[int, int]]]]:
    return [(topic.name, [(p.partition_index, p.error_code) for p in topic.partitions]) for topic in response.topics]


def of(topic: str, error: int) -> tuple[str, list[tuple[int, int]]]:
    return topic, [(0, error), (3, error)]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("who", "transactional_id", "group", "error"),
    [
        ("member", "other.a", "team.b", 53),
        ("member", "other.a", "hidden", 53),
        ("member", "team.a", "other.a", 30),
        ("nobody", "team.a", "team.b", 53),
    ],
)
def test_without_id_or_group_every_partition_is_refused(
    version: int, who: str, transactional_id: str, group: str, error: int
) -> None:
    message = commit("open.a", HIDDEN, transactional_id=transactional_id, group=group)
    assert errors(refusal(message, asks(who, API, version))) == [of("open.a", error), of(HIDDEN, error)]


@pytest.mark.parametrize("version", VERSIONS)
def test_refused_topics_leave_the_request_and_stand_first(version: int) -> None:
    ctx = asks("member", API, version)
    response = merged(commit("open.a", HIDDEN, "seen.a", OFFSETS), committed("open.a"), ctx)
    assert errors(response) == [of(HIDDEN, 29), of("seen.a", 29), of(OFFSETS, 29), of("open.a", 0)]


@pytest.mark.parametrize("version", VERSIONS)
def test_with_no_topic_left_it_is_answered_here(version: int) -> None:
    assert errors(refusal(commit(HIDDEN), asks("member", API, version))) == [of(HIDDEN, 29)]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_allowed_passes(version: int) -> None:
    passes(commit("open.a"), asks("member", API, version))


def test_a_reply_about_other_topics_fits_nothing() -> None:
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        merged(commit("open.a", HIDDEN), committed(HIDDEN), asks("member", API, 5))


def test_topics_that_are_named_twice_are_told_once_beside_refused_ones() -> None:
    message = commit(HIDDEN, "open.a", HIDDEN, "open.a")
    response = merged(message, committed("open.a", "open.a"), asks("member", API, 5))
    assert [(topic.name, len(topic.partitions)) for topic in response.topics] == [(HIDDEN, 4), ("open.a", 4)]
    assert len(refusal(commit(HIDDEN, HIDDEN), asks("member", API, 5)).topics) == 1
