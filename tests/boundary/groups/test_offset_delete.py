from __future__ import annotations

import pytest

from tests.boundary.rights import HIDDEN, asks, merged, passes, refusal
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.offset_delete_request import (
    OffsetDeleteRequest,
    OffsetDeleteRequestPartition,
    OffsetDeleteRequestTopic,
)
from zoneproxy.wire.messages.offset_delete_response import (
    OffsetDeleteResponse,
    OffsetDeleteResponsePartition,
    OffsetDeleteResponseTopic,
)

API = ApiKey.OFFSET_DELETE


def delete(*topics: str, group: str = "team.a") -> OffsetDeleteRequest:
    partitions = [OffsetDeleteRequestPartition(partition_index=2)]
    return OffsetDeleteRequest(
        group_id=group, topics=[OffsetDeleteRequestTopic(name=topic, partitions=partitions) for topic in topics]
    )


def deleted(*topics: str, error: int = 0) -> OffsetDeleteResponse:
    partitions = [OffsetDeleteResponsePartition(partition_index=2)]
    return OffsetDeleteResponse(
        error_code=error, topics=[OffsetDeleteResponseTopic(name=topic, partitions=partitions) for topic in topics]
    )


def errors(response: OffsetDeleteResponse) -> list[tuple[str, int, int]]:
    return [(topic.name, p.partition_index, p.error_code) for topic in response.topics for p in topic.partitions]


@pytest.mark.parametrize(("who", "group"), [("member", "team.a"), ("janitor", "other.a"), ("nobody", "team.a")])
def test_without_the_group_it_is_refused_whole(who: str, group: str) -> None:
    response = refusal(delete("open.a", HIDDEN, group=group), asks(who, API, 0))
    assert (response.error_code, response.topics) == (30, [])


def test_refused_topics_stand_first() -> None:
    response = merged(delete("open.a", HIDDEN, "seen.a"), deleted("open.a"), asks("janitor", API, 0))
    assert errors(response) == [(HIDDEN, 2, 29), ("seen.a", 2, 29), ("open.a", 2, 0)]


def test_the_groups_own_error_comes_before_that_of_its_topics() -> None:
    response = merged(delete(HIDDEN), deleted(error=69), asks("janitor", API, 0))
    assert (response.error_code, response.topics) == (69, [])


def test_what_is_allowed_passes() -> None:
    passes(delete("open.a"), asks("janitor", API, 0))


def test_a_reply_about_other_topics_fits_nothing() -> None:
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        merged(delete("open.a", HIDDEN), deleted(HIDDEN), asks("janitor", API, 0))


def test_topics_that_are_named_twice_are_told_once_beside_refused_ones() -> None:
    message = delete(HIDDEN, "open.a", HIDDEN, "open.a")
    response = merged(message, deleted("open.a", "open.a"), asks("janitor", API, 0))
    assert [(topic.name, len(topic.partitions)) for topic in response.topics] == [(HIDDEN, 2), ("open.a", 2)]
