from __future__ import annotations

import pytest

from tests.boundary.kit import answered, chain, context, finish, read_again, reply
from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.facts import Denied
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.list_offsets_request import ListOffsetsPartition, ListOffsetsRequest, ListOffsetsTopic
from zoneproxy.wire.messages.list_offsets_response import (
    ListOffsetsPartitionResponse,
    ListOffsetsResponse,
    ListOffsetsTopicResponse,
)

DENIED = ErrorCode.TOPIC_AUTHORIZATION_FAILED


class Listing:
    """One ListOffsets."""

    def __init__(
        self, places: dict[str, list[int]], *, version: int = 7, who: str = "clerk", replica: int = -1
    ) -> None:
        topics = [
            ListOffsetsTopic(name=name, partitions=[ListOffsetsPartition(partition_index=i) for i in indexes])
            for name, indexes in places.items()
        ]
        self.ctx = context("clerk", ApiKey.LIST_OFFSETS, version)
        self.message: ListOffsetsRequest = read_again(ListOffsetsRequest(replica_id=replica, topics=topics), self.ctx)
        self.routed: Routed = finish(chain().request(self.message, self.ctx), self.ctx)

    @property
    def forwarded(self) -> list[tuple[str, int]]:
        assert self.routed.forward
        return [(topic.name, p.partition_index) for topic in self.message.topics for p in topic.partitions]

    @property
    def response(self) -> ListOffsetsResponse:
        if not self.routed.forward:
            response = answered(self.routed, self.ctx)
        else:
            topics = [
                ListOffsetsTopicResponse(
                    name=topic.name,
                    partitions=[
                        ListOffsetsPartitionResponse(partition_index=p.partition_index, offset=5)
                        for p in topic.partitions
                    ],
                )
                for topic in reversed(self.message.topics)
            ]
            response = reply(self.routed, ListOffsetsResponse(topics=topics), self.ctx)
        assert isinstance(response, ListOffsetsResponse)
        return response

    @property
    def codes(self) -> list[tuple[str, int, int]]:
        return [(t.name, p.partition_index, p.error_code) for t in self.response.topics for p in t.partitions]


@pytest.mark.parametrize("version", [1, 6, 11])
def test_describe_is_enough_and_the_reply_is_not_even_looked_at(version: int) -> None:
    listing = Listing({"open.a": [0, 1], "seen.b": [0]}, version=version)

    assert listing.forwarded == [("open.a", 0), ("open.a", 1), ("seen.b", 0)]
    assert not listing.routed.edited
    assert not listing.routed.thens


def test_what_is_denied_is_cut_and_merged_in_its_place() -> None:
    listing = Listing({"secret": [1], "seen.b": [0], "none.such": [0]})

    assert listing.forwarded == [("seen.b", 0)]
    assert listing.codes == [("secret", 1, DENIED), ("seen.b", 0, 0), ("none.such", 0, DENIED)]
    assert listing.response.topics[0].partitions[0].offset == -1
    assert listing.ctx.facts == [
        Denied("LIST_OFFSETS", "DESCRIBE", "topic", name, DENIED, "acl") for name in ("secret", "none.such")
    ]


def test_with_everything_denied_the_broker_hears_nothing() -> None:
    listing = Listing({"secret": [1]})

    assert not listing.routed.forward
    assert listing.response.topics == [
        ListOffsetsTopicResponse(
            name="secret", partitions=[ListOffsetsPartitionResponse(partition_index=1, error_code=DENIED)]
        )
    ]


def test_only_partitions_asked_for_twice_are_refused_as_kafka_does() -> None:
    listing = Listing({"open.a": [0, 0, 1], "seen.b": [0]})

    assert listing.forwarded == [("open.a", 1), ("seen.b", 0)]
    invalid = ErrorCode.INVALID_REQUEST
    assert listing.codes == [("open.a", 0, invalid), ("open.a", 0, invalid), ("open.a", 1, 0), ("seen.b", 0, 0)]


@pytest.mark.parametrize("replica", [1, 0, -2])
def test_nobody_is_a_replica(replica: int) -> None:
    listing = Listing({"open.a": [0]}, replica=replica)

    assert listing.routed.edited
    assert listing.message.replica_id == -1


def test_an_answer_to_something_else_is_not_passed_on() -> None:
    listing = Listing({"open.a": [0], "secret": [0]})

    with pytest.raises(ProtocolError, match="reply_mismatch"):
        reply(listing.routed, ListOffsetsResponse(), listing.ctx)
