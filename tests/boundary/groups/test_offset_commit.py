from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import Upstream, answered, reply, request, topic_id
from tests.boundary.rights import HIDDEN, OFFSETS, asks, passes, refusal
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.offset_commit_request import (
    OffsetCommitRequest,
    OffsetCommitRequestPartition,
    OffsetCommitRequestTopic,
)
from zoneproxy.wire.messages.offset_commit_response import (
    OffsetCommitResponse,
    OffsetCommitResponsePartition,
    OffsetCommitResponseTopic,
)

API = ApiKey.OFFSET_COMMIT
UPSTREAM = Upstream("open.a", "open.completed", "seen.a", HIDDEN)
VERSIONS = range(2, 11)


def name(topic: str, version: int) -> dict[str, Any]:
    return {"name": topic} if version < 10 else {"topic_id": topic_id(topic)}


def commit(version: int, *topics: str, group: str = "team.a") -> OffsetCommitRequest:
    partitions = [OffsetCommitRequestPartition(partition_index=index) for index in (0, 3)]
    return OffsetCommitRequest(
        group_id=group,
        topics=[OffsetCommitRequestTopic(**name(topic, version), partitions=partitions) for topic in topics],
    )


def committed(version: int, *topics: str) -> OffsetCommitResponse:
    partitions = [OffsetCommitResponsePartition(partition_index=index) for index in (0, 3)]
    return OffsetCommitResponse(
        topics=[OffsetCommitResponseTopic(**name(topic, version), partitions=partitions) for topic in topics]
    )


def errors(response: OffsetCommitResponse, version: int) -> list[tuple[str | bytes, list[int]]]:
    assert all([p.partition_index for p in topic.partitions] == [0, 3] for topic in response.topics)
    return [
        (topic.topic_id if version >= 10 else topic.name, [p.error_code for p in topic.partitions])
        for topic in response.topics
    ]


def key(topic: str, version: int) -> str | bytes:
    return topic_id(topic) if version >= 10 else topic


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("who", "group"), [("member", "other.a"), ("nobody", "team.a")])
def test_without_the_group_every_partition_is_refused(version: int, who: str, group: str) -> None:
    response = refusal(commit(version, "open.a", HIDDEN, group=group), asks(who, API, version))
    assert errors(response, version) == [(key("open.a", version), [30, 30]), (key(HIDDEN, version), [30, 30])]


@pytest.mark.parametrize("version", VERSIONS)
def test_refused_topics_leave_the_request_and_stand_first(version: int) -> None:
    ctx = asks("member", API, version)
    message = commit(version, "open.a", "seen.a", HIDDEN, *([] if version >= 10 else [OFFSETS]))
    routed = request(message, ctx, UPSTREAM)
    assert routed.edited
    response = reply(routed, committed(version, "open.a"), ctx)

    refused = ["seen.a", HIDDEN] if version >= 10 else ["seen.a", HIDDEN, OFFSETS]
    assert errors(response, version) == [
        *((key(topic, version), [29, 29]) for topic in refused),
        (key("open.a", version), [0, 0]),
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_with_no_topic_left_it_is_answered_here(version: int) -> None:
    ctx = asks("member", API, version)
    response = answered(request(commit(version, "seen.a"), ctx, UPSTREAM), ctx)
    assert errors(response, version) == [(key("seen.a", version), [29, 29])]


def test_an_id_that_nobody_knows_is_never_forwarded() -> None:
    ctx = asks("operator", API, 10)
    response = answered(request(commit(10, "gone"), ctx, UPSTREAM), ctx)
    assert errors(response, 10) == [(topic_id("gone"), [100, 100])]


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_allowed_passes(version: int) -> None:
    passes(commit(version, "open.a"), asks("member", API, version), UPSTREAM)


def test_flows_decide_about_topics_of_another_zone() -> None:
    ctx = asks("guest", API, 9)
    routed = request(commit(9, "open.a", "open.completed"), ctx)
    response = reply(routed, committed(9, "open.completed"), ctx)
    assert errors(response, 9) == [("open.a", [29, 29]), ("open.completed", [0, 0])]


def test_a_reply_about_other_topics_fits_nothing() -> None:
    ctx = asks("member", API, 9)
    routed = request(commit(9, "open.a", HIDDEN), ctx)
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        reply(routed, committed(9, HIDDEN), ctx)


@pytest.mark.parametrize("version", [9, 10])
def test_topics_that_are_named_twice_are_told_once_beside_refused_ones(version: int) -> None:
    ctx = asks("member", API, version)
    routed = request(commit(version, HIDDEN, "open.a", HIDDEN, "open.a"), ctx, UPSTREAM)
    response = reply(routed, committed(version, "open.a", "open.a"), ctx)
    assert [(topic.topic_id if version >= 10 else topic.name, len(topic.partitions)) for topic in response.topics] == [
        (key(HIDDEN, version), 4),
        (key("open.a", version), 4),
    ]

    response = answered(request(commit(version, HIDDEN, HIDDEN), ctx, UPSTREAM), ctx)
    assert len(response.topics) == 1
