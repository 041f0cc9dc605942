"""The text beside a committed offset: up to 4 KiB that anybody reads who may describe the group and the topic.

On its way in it is redacted, or its partition is refused; on its way out it is redacted, or blank. The ids of a commit
cannot be changed, so they are refused with all of its partitions. ``POLICY_VIOLATION`` is final for consumers. In a
transaction it is ``TRANSACTION_ABORTABLE`` where clients know that (KIP-890), so that a producer aborts and goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zoneproxy.boundary.cut import Cut, Place, Refusal, Shape, TopicKey
from zoneproxy.boundary.groups.offset_topics import key as key_of_topic
from zoneproxy.boundary.interceptor import GO_ON, Context, Eventually, Forward, Outcome, Reply, Then
from zoneproxy.boundary.said.screen import Hearing, Screen, aside
from zoneproxy.boundary.said.texts import texts_of
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages import offset_commit_response as plain
from zoneproxy.wire.messages import txn_offset_commit_response as transactional
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.offset_fetch_request import OffsetFetchRequest
from zoneproxy.wire.messages.offset_fetch_response import OffsetFetchResponse

PLACE = "offset_metadata"
ABORTABLE_FROM_VERSION = 5  # of TxnOffsetCommit


class OffsetCommitTextsInterceptor:
    """Looks through OffsetCommit and TxnOffsetCommit."""

    apis = frozenset({ApiKey.OFFSET_COMMIT, ApiKey.TXN_OFFSET_COMMIT})

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def request(self, message: Any, ctx: Context) -> Eventually[Outcome]:
        """See the module."""
        hearing = self._screen.hearing(ctx)
        if hearing is None:
            return GO_ON
        size = sum(len(partition.committed_metadata or "") for _, partition in _partitions(message.topics))
        return aside(lambda: _decide(message, hearing, ctx), size)


def _decide(message: Any, hearing: Hearing, ctx: Context) -> Outcome:
    texts = [text for _, text in texts_of(message)]
    if hearing.hears_nothing(texts):
        return GO_ON
    refused: dict[Place, Refusal] = {}
    refusal = Refusal(_error(ctx))
    edited = False
    clean = not hearing.is_too_much(PLACE, texts) and _ids_allowed(message, hearing)
    for place, partition in _partitions(message.topics):
        text = partition.committed_metadata
        said = hearing.redacted(PLACE, text.encode()) if text and clean else b""
        if said is None or not clean:
            refused[place] = refusal
        elif text and said != text.encode():
            partition.committed_metadata = said.decode(errors="replace")
            edited = True
    hearing.tell(ctx)
    if not refused:
        return Forward(edited=True) if edited else GO_ON
    cut = Cut(_shape(ctx), message.topics, refused)
    if not cut.forwarded:
        return Reply(_response(ctx)(topics=cut.merge(())))
    cut.apply(message.topics)
    return Forward(_merge(cut), edited=True)


def _partitions(topics: list[Any]) -> Iterator[tuple[Place, Any]]:
    for t, topic in enumerate(topics):
        for p, partition in enumerate(topic.partitions):
            yield (t, p), partition


def _ids_allowed(message: Any, hearing: Hearing) -> bool:
    topics, message.topics = message.topics, []
    try:
        allowed = [hearing.allows(place, text) for place, text in texts_of(message)]  # each is told of
        return all(allowed)
    finally:
        message.topics = topics


def _error(ctx: Context) -> ErrorCode:
    if ctx.header.api_key == ApiKey.TXN_OFFSET_COMMIT and ctx.header.api_version >= ABORTABLE_FROM_VERSION:
        return ErrorCode.TRANSACTION_ABORTABLE
    return ErrorCode.POLICY_VIOLATION


def _response(ctx: Context) -> Any:
    is_plain = ctx.header.api_key == ApiKey.OFFSET_COMMIT
    return plain.OffsetCommitResponse if is_plain else transactional.TxnOffsetCommitResponse


def _merge(cut: Cut[Any, Any, Any, Any]) -> Then:
    def then(response: Any, ctx: Context) -> bool:
        response.topics = cut.merge(response.topics)
        return True

    return then


def _shape(ctx: Context) -> Shape[Any, Any, Any, Any]:
    of_topic: Any
    of_partition: Any
    if ctx.header.api_key == ApiKey.OFFSET_COMMIT:
        of_topic, of_partition = plain.OffsetCommitResponseTopic, plain.OffsetCommitResponsePartition
    else:
        of_topic, of_partition = (
            transactional.TxnOffsetCommitResponseTopic,
            transactional.TxnOffsetCommitResponsePartition,
        )
    by_id = ctx.header.api_key == ApiKey.OFFSET_COMMIT

    def key(topic: Any) -> TopicKey:
        return key_of_topic(topic, ctx) if by_id else str(topic.name)

    return Shape(
        asked_partitions=lambda topic: topic.partitions,
        asked_index=lambda partition: partition.partition_index,
        reply_topic=lambda topic: of_topic(name=topic.name, **({"topic_id": topic.topic_id} if by_id else {})),
        reply_key=key,
        reply_partitions=lambda topic: topic.partitions,
        reply_index=lambda partition: partition.partition_index,
        refused=lambda index, refusal: of_partition(partition_index=index, error_code=refusal.error),
    )


# --- on the way out ------------------------------------------------------------------------------------------


class OffsetFetchTextsInterceptor:
    """Looks through what OffsetFetch brings."""

    apis = frozenset({ApiKey.OFFSET_FETCH})

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def request(self, message: OffsetFetchRequest, ctx: Context) -> Outcome:
        """See the module."""
        hearing = self._screen.hearing(ctx, "fetch")
        return GO_ON if hearing is None else Forward(_blanking(hearing))


def _blanking(hearing: Hearing) -> Then:
    def then(response: OffsetFetchResponse, ctx: Context) -> Eventually[bool]:
        topics: list[Any] = [topic for group in response.groups for topic in group.topics]
        partitions = [partition for topic in [*response.topics, *topics] for partition in topic.partitions]

        def look_through() -> bool:
            edited = False
            texts = [(partition.metadata or "").encode() for partition in partitions]
            too_much = hearing.is_too_much(PLACE, [text for text in texts if text])
            for partition, text in zip(partitions, texts, strict=True):
                said = None if too_much else hearing.redacted(PLACE, text) if text else text
                if said != text:
                    partition.metadata = (said or b"").decode(errors="replace")
                    edited = True
            hearing.tell(ctx)
            return edited

        return aside(look_through, sum(len(partition.metadata or "") for partition in partitions))

    return then
