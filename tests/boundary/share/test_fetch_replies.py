from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import NOW, context, metadata
from tests.boundary.kit import topic_id as id_of
from tests.boundary.share.kit import DENIED, policy
from zoneproxy.boundary.fetch_verdict import judge
from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.session_room import Room
from zoneproxy.boundary.share.fetch_replies import ShareFetched
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.share_fetch_response import (
    AcquiredRecords,
    LeaderIdAndEpoch,
    PartitionData,
    ShareFetchableTopicResponse,
    ShareFetchResponse,
)

A, B, C = id_of("a"), id_of("b"), id_of("c")
MEMBER = ("g", "m")


def made() -> Context:
    return context("clerk", ApiKey.SHARE_FETCH, 1, policy=policy("a"))


def fetched(ctx: Context, named: Any = (), errors: Any = None) -> ShareFetched:
    """A session of a, which may be read, and b, which may not."""
    verdict = judge([(A, 0), (B, 0)], {A: "a", B: "b"}, ctx)
    return ShareFetched(MEMBER, verdict, frozenset(named), errors or {})


def response(id_: bytes, **fields: Any) -> ShareFetchResponse:
    return ShareFetchResponse(
        responses=[ShareFetchableTopicResponse(topic_id=id_, partitions=[PartitionData(**fields)])]
    )


def codes(response: ShareFetchResponse) -> list[tuple[bytes, int, int]]:
    return [(t.topic_id, p.error_code, p.acknowledge_error_code) for t in response.responses for p in t.partitions]


def test_what_was_refused_is_added_as_a_broker_puts_it() -> None:
    ctx = made()
    answer = response(A, records=b"x")

    assert fetched(ctx).then(answer, ctx)
    assert codes(answer) == [(A, 0, 0), (B, DENIED, 0)]
    assert answer.responses[1].partitions == [
        PartitionData(partition_index=0, error_code=DENIED, current_leader=LeaderIdAndEpoch())
    ]


def test_nothing_refused_nothing_changed() -> None:
    ctx = made()
    verdict = judge([(A, 0)], {A: "a"}, ctx)

    assert not ShareFetched(MEMBER, verdict, frozenset(), {}).then(response(A), ctx)


def test_what_was_acknowledged_is_answered_beside_what_was_refused() -> None:
    ctx = made()
    answer = response(B, acknowledge_error_code=ErrorCode.INVALID_RECORD_STATE)

    fetched(ctx, named=[(B, 0)], errors={(C, 0): DENIED}).then(answer, ctx)
    assert codes(answer) == [(B, DENIED, ErrorCode.INVALID_RECORD_STATE), (C, 0, DENIED)]


@pytest.mark.parametrize("more", [{"records": b"x"}, {"acquired_records": [AcquiredRecords()]}])
def test_records_come_only_of_what_may_be_read(more: dict[str, Any]) -> None:
    ctx = made()

    with pytest.raises(ProtocolError, match="reply_mismatch"):
        fetched(ctx, named=[(B, 0)]).then(response(B, **more), ctx)
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        fetched(ctx).then(response(B), ctx)


def test_an_error_for_all_of_it_ends_the_session() -> None:
    ctx = made()
    ctx.session.sharing.open(MEMBER, Room().lease())
    answer = ShareFetchResponse(error_code=ErrorCode.INVALID_SHARE_SESSION_EPOCH)

    assert not fetched(ctx).then(answer, ctx)
    assert answer.responses == []
    assert ctx.session.sharing.get(MEMBER) is None


def test_ids_that_the_broker_finds_wrong_are_forgotten() -> None:
    ctx = made()
    ctx.session.cluster.learn_metadata(metadata(["a"]), NOW)
    fetched(ctx).then(response(A, error_code=ErrorCode.UNKNOWN_TOPIC_ID), ctx)

    assert not ctx.session.cluster.asked(A, NOW)


def test_the_last_reply_has_acknowledgements_only() -> None:
    ctx = made()
    answer = response(A)

    assert not ShareFetched(MEMBER, None, frozenset({(A, 0)}), {}).then(answer, ctx)
    with pytest.raises(ProtocolError, match="reply_mismatch"):
        ShareFetched(MEMBER, None, frozenset({(A, 0)}), {}).then(response(A, records=b"x"), ctx)
