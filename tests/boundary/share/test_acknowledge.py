from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.share.kit import DENIED, GROUP, MEMBER, UNKNOWN_ID, ShareBroker, Through, asking, policy, topic_id
from zoneproxy.boundary.facts import Denied
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.share_acknowledge_request import (
    AcknowledgementBatch,
    AcknowledgePartition,
    AcknowledgeTopic,
    ShareAcknowledgeRequest,
)
from zoneproxy.wire.messages.share_acknowledge_response import (
    PartitionData,
    ShareAcknowledgeResponse,
    ShareAcknowledgeTopicResponse,
)


def acknowledging(*names: str, epoch: int = 1, group: str = GROUP) -> ShareAcknowledgeRequest:
    batch = AcknowledgementBatch(first_offset=0, last_offset=3, acknowledge_types=[1])
    topics = [
        AcknowledgeTopic(topic_id=topic_id(name), partitions=[AcknowledgePartition(acknowledgement_batches=[batch])])
        for name in names
    ]
    return ShareAcknowledgeRequest(group_id=group, member_id=MEMBER, share_session_epoch=epoch, topics=topics)


def codes(response: Any) -> list[tuple[str, int]]:
    return [(t.topic_id.rstrip(b"#").decode(), p.error_code) for t in response.responses for p in t.partitions]


def opened(*may: str) -> Through:
    through = Through(ShareBroker(), policy(*may))
    through(asking("a", "b"))
    return through


def test_the_group_must_be_readable() -> None:
    through = opened("a")

    assert through(acknowledging("a", group="other")).error_code == ErrorCode.GROUP_AUTHORIZATION_FAILED
    assert through.sent is None


@pytest.mark.parametrize("version", [1, 2])
def test_what_may_be_read_may_be_acknowledged(version: int) -> None:
    through = opened("a", "b")

    assert codes(through(acknowledging("a", "b"), version)) == [("a", 0), ("b", 0)]
    assert not through.edited


def test_what_may_not_be_read_is_cut_and_refused() -> None:
    through = opened("a")

    assert codes(through(acknowledging("b", "a"))) == [("a", 0), ("b", DENIED)]
    assert [topic.topic_id for topic in through.sent.topics] == [topic_id("a")]
    assert through.told == [Denied("SHARE_ACKNOWLEDGE", "READ", "topic", "b", DENIED, "acl")]


def test_an_id_without_a_name_does_not_go_on() -> None:
    through = opened("a")

    assert codes(through(acknowledging("gone"))) == [("gone", UNKNOWN_ID)]
    assert through.sent.topics == []


def test_it_takes_the_session_one_epoch_further() -> None:
    through = opened("a")
    through(acknowledging("b"))

    assert through(asking(epoch=1)).error_code == ErrorCode.INVALID_SHARE_SESSION_EPOCH
    assert through(asking(epoch=2)).error_code == 0
    assert through(acknowledging("a", epoch=9)).error_code == ErrorCode.INVALID_SHARE_SESSION_EPOCH
    assert through(asking(epoch=3)).error_code == ErrorCode.SHARE_SESSION_NOT_FOUND  # the broker did not believe it


def test_the_last_one_ends_the_session() -> None:
    through = opened("a")
    through(acknowledging("a", epoch=-1))

    assert through.broker.sessions == {}
    assert through(asking(epoch=2)).error_code == ErrorCode.SHARE_SESSION_NOT_FOUND
    assert through.sent is None


def test_other_members_sessions_are_the_brokers_business() -> None:
    through = opened("a")
    again = Through(through.broker, policy("a"))

    assert codes(again(acknowledging("a"))) == [("a", 0)]


def test_answers_that_nobody_asked_for() -> None:
    through = opened("a")
    answer = ShareAcknowledgeResponse(
        responses=[ShareAcknowledgeTopicResponse(topic_id=topic_id("b"), partitions=[PartitionData()])]
    )
    through.broker.acknowledge = lambda message: answer  # type: ignore[method-assign]

    with pytest.raises(ProtocolError, match="reply_mismatch"):
        through(acknowledging("a"))
