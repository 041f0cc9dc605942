from __future__ import annotations

from typing import Any

import pytest

from tests.boundary.kit import Upstream, answered, chain, finish, reply, request, topic_id
from tests.boundary.said.said_kit import CARD, EMAIL, refusals, says
from zoneproxy.boundary.said import screen
from zoneproxy.boundary.said.screen import LARGE
from zoneproxy.wire.error_codes import ErrorCode
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
from zoneproxy.wire.messages.offset_fetch_request import (
    OffsetFetchRequest,
    OffsetFetchRequestGroup,
    OffsetFetchRequestTopic,
    OffsetFetchRequestTopics,
)
from zoneproxy.wire.messages.offset_fetch_response import (
    OffsetFetchResponse,
    OffsetFetchResponseGroup,
    OffsetFetchResponsePartition,
    OffsetFetchResponsePartitions,
    OffsetFetchResponseTopic,
    OffsetFetchResponseTopics,
)
from zoneproxy.wire.messages.txn_offset_commit_request import (
    TxnOffsetCommitRequest,
    TxnOffsetCommitRequestPartition,
    TxnOffsetCommitRequestTopic,
)

UPSTREAM = Upstream("open.a", "open.b")
REFUSED = ErrorCode.POLICY_VIOLATION


def named(topic: str, version: int) -> dict[str, Any]:
    return {"name": topic} if version < 10 else {"topic_id": topic_id(topic)}


def commit(version: int, *texts: str | None, group: str = "g") -> OffsetCommitRequest:
    partitions = [OffsetCommitRequestPartition(partition_index=i, committed_metadata=t) for i, t in enumerate(texts)]
    return OffsetCommitRequest(
        group_id=group, topics=[OffsetCommitRequestTopic(**named("open.a", version), partitions=partitions)]
    )


@pytest.mark.parametrize("version", [2, 8, 9, 10])
def test_a_partition_is_refused_for_the_text_beside_its_offset(version: int) -> None:
    ctx = says("teller", ApiKey.OFFSET_COMMIT, version)
    message = commit(version, "fine", f"last {CARD}", None, "")
    routed = request(message, ctx, UPSTREAM)
    assert routed.edited
    done = [OffsetCommitResponsePartition(partition_index=i) for i in (0, 2, 3)]
    topics = [OffsetCommitResponseTopic(**named("open.a", version), partitions=done)]
    response = reply(routed, OffsetCommitResponse(topics=topics), ctx)
    (topic,) = response.topics
    assert [(p.partition_index, p.error_code) for p in topic.partitions] == [(0, 0), (1, REFUSED), (2, 0), (3, 0)]
    assert refusals(ctx) == [("offset_metadata", "finding")]


def test_nothing_is_forwarded_if_nothing_is_left() -> None:
    ctx = says("teller", ApiKey.OFFSET_COMMIT, 8)
    response = answered(request(commit(8, CARD, CARD), ctx), ctx)
    assert [p.error_code for p in response.topics[0].partitions] == [REFUSED, REFUSED]


def test_ids_are_refused_with_all_partitions() -> None:
    ctx = says("teller", ApiKey.OFFSET_COMMIT, 8)
    response = answered(request(commit(8, "fine", None, group=CARD), ctx), ctx)
    assert [p.error_code for p in response.topics[0].partitions] == [REFUSED, REFUSED]
    assert refusals(ctx) == [("group_id", "finding")]


def test_what_is_to_be_redacted_is() -> None:
    ctx = says("analyst", ApiKey.OFFSET_COMMIT, 8)
    message = commit(8, f"by {EMAIL}", "é")
    routed = finish(chain().request(message, ctx), ctx)
    assert routed.edited
    first, second = message.topics[0].partitions
    assert first.committed_metadata == "by " + "*" * len(EMAIL)
    assert second.committed_metadata == "é"
    assert refusals(ctx) == []


def test_clean_commits_go_on_byte_for_byte() -> None:
    for who, zone in (("teller", "payments"), ("loner", "lonely")):
        routed = request(commit(8, "fine", None), says(who, ApiKey.OFFSET_COMMIT, 8, zone=zone))
        assert routed.forward
        assert not routed.edited
        assert not routed.thens


@pytest.mark.parametrize(("version", "error"), [(3, REFUSED), (4, REFUSED), (5, ErrorCode.TRANSACTION_ABORTABLE)])
def test_in_a_transaction_the_producer_is_to_abort(version: int, error: ErrorCode) -> None:
    partitions = [TxnOffsetCommitRequestPartition(partition_index=0, committed_metadata=CARD)]
    topics = [TxnOffsetCommitRequestTopic(name="open.a", partitions=partitions)]
    ctx = says("teller", ApiKey.TXN_OFFSET_COMMIT, version)
    message = TxnOffsetCommitRequest(transactional_id="t", group_id="g", topics=topics)
    response = answered(request(message, ctx), ctx)
    assert [(topic.name, [p.error_code for p in topic.partitions]) for topic in response.topics] == [
        ("open.a", [error])
    ]


def test_long_texts_are_looked_through_as_well() -> None:
    ctx = says("teller", ApiKey.OFFSET_COMMIT, 8)
    message = commit(8, "x" * LARGE + " " + CARD)
    assert answered(finish(chain().request(message, ctx), ctx), ctx).topics[0].partitions[0].error_code == REFUSED


@pytest.mark.parametrize("observe", [False, True])
def test_so_many_texts_are_looked_at_one_by_one_and_no_more(observe: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "MAX_TEXTS", 10)
    for texts_, goes in (([f"t{n}" for n in range(20)], True), ([f"{CARD} {n}" for n in range(20)], observe)):
        ctx = says("teller", ApiKey.OFFSET_COMMIT, 8)
        ctx.session.observe = observe
        assert request(commit(8, *texts_), ctx).forward is goes
        assert refusals(ctx) == ([] if goes else [("offset_metadata", "too_many")])


# --- on the way out ---


def texts(response: OffsetFetchResponse) -> list[str | None]:
    topics: list[Any] = [*response.topics, *(topic for group in response.groups for topic in group.topics)]
    return [partition.metadata for topic in topics for partition in topic.partitions]


def test_what_stands_beside_an_offset_is_told_redacted_or_not_at_all() -> None:
    stored = ["fine", CARD, f"by {EMAIL}", None, ""]
    ctx = says("analyst", ApiKey.OFFSET_FETCH, 5)
    asked = OffsetFetchRequest(
        group_id="g", topics=[OffsetFetchRequestTopic(name="open.a", partition_indexes=range(5))]
    )
    routed = request(asked, ctx)
    single = [OffsetFetchResponsePartition(partition_index=i, metadata=text) for i, text in enumerate(stored)]
    response = OffsetFetchResponse(topics=[OffsetFetchResponseTopic(name="open.a", partitions=single)])
    expected = ["fine", "", "by " + "*" * len(EMAIL), None, ""]
    assert texts(reply(routed, response, ctx)) == expected
    assert refusals(ctx) == [("offset_metadata", "finding")]

    ctx = says("analyst", ApiKey.OFFSET_FETCH, 8)
    group = OffsetFetchRequestGroup(
        group_id="g", topics=[OffsetFetchRequestTopics(name="open.a", partition_indexes=range(5))]
    )
    routed = request(OffsetFetchRequest(groups=[group]), ctx)
    many = [OffsetFetchResponsePartitions(partition_index=i, metadata=text) for i, text in enumerate(stored)]
    topics = [OffsetFetchResponseTopics(name="open.a", partitions=many)]
    response = OffsetFetchResponse(groups=[OffsetFetchResponseGroup(group_id="g", topics=topics)])
    assert texts(reply(routed, response, ctx)) == expected


def test_where_no_rule_looks_replies_are_not_even_decoded() -> None:
    ctx = says("loner", ApiKey.OFFSET_FETCH, 5, zone="lonely")
    assert not request(OffsetFetchRequest(group_id="g", topics=[]), ctx).thens


@pytest.mark.parametrize("observe", [False, True])
def test_of_too_many_texts_none_is_told(observe: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "MAX_TEXTS", 2)
    for texts, told in (([CARD, "a", ""], ["", "a", ""]), ([CARD, "a", "b"], ["", "", ""]), (["a"] * 5, ["a"] * 5)):
        ctx = says("teller", ApiKey.OFFSET_FETCH, 7)
        ctx.session.observe = observe
        routed = request(OffsetFetchRequest(group_id="g"), ctx, UPSTREAM)
        found = [OffsetFetchResponsePartition(partition_index=i, metadata=text) for i, text in enumerate(texts)]
        response = OffsetFetchResponse(topics=[OffsetFetchResponseTopic(name="open.a", partitions=found)])
        after = reply(routed, response, ctx).topics[0].partitions
        assert [partition.metadata for partition in after] == (texts if observe else told)
