"""A topic read from its start to where it ends now, with the proxy's own credential, outside of any group."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING, NamedTuple

from zoneproxy.net.asking import UpstreamError
from zoneproxy.net.publishing.rooms import highest, leaders_of
from zoneproxy.wire.batch import Whole, iter_batches
from zoneproxy.wire.codec import decode_response
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic
from zoneproxy.wire.messages.fetch_response import FetchResponse
from zoneproxy.wire.messages.list_offsets_request import ListOffsetsPartition, ListOffsetsRequest, ListOffsetsTopic
from zoneproxy.wire.messages.list_offsets_response import ListOffsetsResponse

if TYPE_CHECKING:
    from zoneproxy.boundary.cluster import ClusterView
    from zoneproxy.net.upstream import Dialled, Dialler
    from zoneproxy.wire.buffer import Buffer

FETCH_BYTES = 4 * 1024 * 1024
MAX_ANSWER = 128 * 1024 * 1024  # a batch that is larger than was asked for comes all the same (KIP-74)
EARLIEST, LATEST = -2, -1
_NAMES_UNTIL = 12  # Fetch: later versions name topics by id (KIP-516)
_OFFSETS_FROM = 1  # ListOffsets: before, it answers with lists
_NO_REPLICA, _NO_SESSION, _UNCOMMITTED = -1, -1, 0


class Piece(NamedTuple):
    """Some batches of a partition, and how far that is: from ``first`` to ``last``, the offset where it ends."""

    partition: int
    records: Buffer
    first: int
    last: int
    offset: int


class TopicReader:
    """Reads one topic. All deadlines are ``seconds`` for one answer; ``clock`` gives seconds since the epoch."""

    def __init__(
        self, topic: str, cluster: ClusterView, dialler: Dialler, clock: Callable[[], float], seconds: float = 30.0
    ) -> None:
        self._topic = topic
        self._cluster = cluster
        self._dialler = dialler
        self._clock = clock
        self._seconds = seconds

    async def read(self) -> AsyncIterator[Piece]:
        """All partitions, one after another.

        Raises UpstreamError (NoTopic among them), ProtocolError, TimeoutError.
        """
        dialled = await self._dialler.dial(None)
        try:
            async with asyncio.timeout(self._seconds):
                leaders = await leaders_of(self._topic, dialled, self._cluster, self._clock())
        finally:
            dialled.link.drop()
        for partition, leader in sorted(leaders.items()):
            async for piece in self._partition(partition, leader):
                yield piece

    async def _partition(self, partition: int, leader: int) -> AsyncIterator[Piece]:
        dialled = await self._dialler.dial(leader)
        dialled.link.reader.cap = MAX_ANSWER
        try:
            first = offset = await self._offset(partition, EARLIEST, dialled)
            last = await self._offset(partition, LATEST, dialled)
            while offset < last:
                records = await self._fetch(partition, offset, dialled)
                offset = _behind(records, offset)
                yield Piece(partition, records, first, last, offset)
        finally:
            dialled.link.drop()

    async def _offset(self, partition: int, which: int, dialled: Dialled) -> int:
        version = highest(ListOffsetsRequest.API_KEY, ListOffsetsRequest.MAX_VERSION, dialled.versions)
        if version < _OFFSETS_FROM:
            raise UpstreamError("list_offsets_version")
        asked = ListOffsetsPartition(partition_index=partition, timestamp=which)
        topics = [ListOffsetsTopic(name=self._topic, partitions=[asked])]
        question = ListOffsetsRequest(replica_id=_NO_REPLICA, isolation_level=_UNCOMMITTED, topics=topics)
        async with asyncio.timeout(self._seconds):
            frame = await dialled.asker.ask(question, version)
        answer = decode_response(frame, ListOffsetsRequest.API_KEY, version).message
        assert isinstance(answer, ListOffsetsResponse)
        parts = [part for topic in answer.topics for part in topic.partitions if topic.name == self._topic]
        if [part.partition_index for part in parts] != [partition]:
            raise UpstreamError("list_offsets")
        _check(parts[0].error_code)
        return parts[0].offset

    async def _fetch(self, partition: int, offset: int, dialled: Dialled) -> Buffer:
        version = highest(FetchRequest.API_KEY, _NAMES_UNTIL, dialled.versions)
        if version < FetchRequest.MIN_VERSION:
            raise UpstreamError("fetch_version")
        asked = FetchPartition(partition=partition, fetch_offset=offset, partition_max_bytes=FETCH_BYTES)
        question = FetchRequest(
            replica_id=_NO_REPLICA,
            max_wait_ms=500,
            min_bytes=1,
            max_bytes=FETCH_BYTES,
            session_epoch=_NO_SESSION,
            topics=[FetchTopic(topic=self._topic, partitions=[asked])],
        )
        async with asyncio.timeout(self._seconds):
            frame = await dialled.asker.ask(question, version)
        answer = decode_response(frame, FetchRequest.API_KEY, version).message
        assert isinstance(answer, FetchResponse)
        _check(answer.error_code)
        parts = [part for topic in answer.responses for part in topic.partitions if topic.topic == self._topic]
        if [part.partition_index for part in parts] != [partition]:
            raise UpstreamError("fetch")
        _check(parts[0].error_code)
        return parts[0].records or b""


def _behind(records: Buffer, offset: int) -> int:
    """The offset behind the last whole batch. Raises UpstreamError (``fetch``) if there is no way on."""
    behind = offset
    for entry in iter_batches(records):
        if isinstance(entry, Whole):
            behind = entry.header.base_offset + entry.header.last_offset_delta + 1
    if behind <= offset:
        raise UpstreamError("fetch")
    return behind


def _check(error: int) -> None:
    if error == ErrorCode.TOPIC_AUTHORIZATION_FAILED:
        raise UpstreamError("topic_authorization")
    if error != ErrorCode.NONE:
        raise UpstreamError("fetch_error")
