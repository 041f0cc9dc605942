"""The chain: the one list that says what happens to a message, and in which order.

    versions -> authorise (a module for each API) -> said -> records -> namespace -> addresses

Requests go down it, replies come back up. The order is a security property: nothing is scanned that was not allowed,
nothing is forwarded that was not decided on, and what a reply says of brokers is rewritten before anything else
reads it. Above ``namespace``, which only zones with one have in their chain, all names are what clients call them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zoneproxy.boundary.addresses import AddressInterceptor
from zoneproxy.boundary.admin.catalogue import ADMINISTRATION
from zoneproxy.boundary.familiar import recall, remember
from zoneproxy.boundary.fetch import FetchInterceptor
from zoneproxy.boundary.fetch_cache import FetchCache
from zoneproxy.boundary.fetch_records import FetchedRecords, FetchRecordsInterceptor
from zoneproxy.boundary.groups.consumer_describe import ConsumerGroupDescribeInterceptor
from zoneproxy.boundary.groups.consumer_heartbeat import ConsumerHeartbeatInterceptor
from zoneproxy.boundary.groups.coordinators import CoordinatorsInterceptor
from zoneproxy.boundary.groups.describing import (
    DeleteGroupsInterceptor,
    DescribeGroupsInterceptor,
    ListGroupsInterceptor,
)
from zoneproxy.boundary.groups.membership import MembershipInterceptor
from zoneproxy.boundary.groups.offset_commit import OffsetCommitInterceptor
from zoneproxy.boundary.groups.offset_delete import OffsetDeleteInterceptor
from zoneproxy.boundary.groups.offset_fetch import OffsetFetchInterceptor
from zoneproxy.boundary.init_producer_id import InitProducerIdInterceptor
from zoneproxy.boundary.interceptor import (
    GO_ON,
    Close,
    Context,
    Eventually,
    Forward,
    Interceptor,
    Outcome,
    Reply,
    Then,
    Waiting,
    waited,
)
from zoneproxy.boundary.leader_epochs import LeaderEpochsInterceptor
from zoneproxy.boundary.list_offsets import ListOffsetsInterceptor
from zoneproxy.boundary.metadata import MetadataInterceptor
from zoneproxy.boundary.namespace.interceptor import NamespaceInterceptor
from zoneproxy.boundary.plain_replies import is_plain
from zoneproxy.boundary.plans import Plans
from zoneproxy.boundary.produce import ProduceInterceptor
from zoneproxy.boundary.produce_records import ProduceRecordsInterceptor
from zoneproxy.boundary.reading import NO_BOOKS
from zoneproxy.boundary.said.catalogue import said
from zoneproxy.boundary.said.client_id import client_id_refusal
from zoneproxy.boundary.said.names import TopicNames
from zoneproxy.boundary.said.screen import Screen
from zoneproxy.boundary.share.catalogue import SHARE_GROUPS
from zoneproxy.boundary.share.records import ShareRecordsInterceptor
from zoneproxy.boundary.streams.describe import StreamsDescribeInterceptor
from zoneproxy.boundary.streams.heartbeat import StreamsHeartbeatInterceptor
from zoneproxy.boundary.texts import TextsInterceptor
from zoneproxy.boundary.transactions.add_partitions import AddPartitionsInterceptor
from zoneproxy.boundary.transactions.describing import DescribeTransactionsInterceptor, ListTransactionsInterceptor
from zoneproxy.boundary.transactions.offset_commit import TxnOffsetCommitInterceptor
from zoneproxy.boundary.transactions.producers import DescribeProducersInterceptor
from zoneproxy.boundary.transactions.steps import AddOffsetsInterceptor, EndTxnInterceptor
from zoneproxy.boundary.versions import VersionsInterceptor, admit
from zoneproxy.wire.compression import DecompressionLimits

if TYPE_CHECKING:
    from zoneproxy.config.model import Limits
    from zoneproxy.formats.book import Books
    from zoneproxy.wire.messages.message import Message


@dataclass(slots=True)
class Routed:
    """What the session does with one request: forward it, or answer ``reply``, or close.

    - ``forward``: send it upstream; the original bytes may go if the codec found them exact and ``edited`` is False.
      When its reply comes, and ``thens`` are left, decode it and run ``Chain.reply``.
    - ``expects_reply`` False (Produce with acks=0): the upstream sends none, the client waits for none.
    - ``reply``: the answer, given in its turn, in ``reply_version`` (None: the request's version).
    - ``close``: a fixed word; close the client's connection once all earlier replies are flushed.
    """

    forward: bool = False
    edited: bool = False
    thens: list[Then] = field(default_factory=list)
    expects_reply: bool = True
    reply: Message | None = None
    reply_version: int | None = None
    close: str | None = None

    def add(self, outcome: Forward) -> None:
        """One more interceptor lets the request go on."""
        if outcome.then is not None:
            self.thens.append(outcome.then)
        self.edited |= outcome.edited
        self.expects_reply &= outcome.expects_reply


class Chain:
    """All interceptors, compiled once for each worker. Holds no state of requests or sessions."""

    def __init__(
        self,
        keys: Mapping[str, bytes],
        limits: Limits,
        books: Books = NO_BOOKS,
        alone: AbstractContextManager[object] | None = None,
    ) -> None:
        """``keys`` are the bytes of keys that transforms name, ``books`` of schemas; ``limits`` bound decompression.

        ``alone``: a lock, if record batches are looked through in several threads.
        """
        plans = Plans(keys, books)
        bounds = DecompressionLimits(limits.max_decompressed_bytes, limits.max_decompression_ratio)
        fetched = FetchedRecords(plans, bounds, FetchCache(limits.max_cached_bytes, alone))
        self._screen = Screen(plans, limits.max_member_bytes)
        names = TopicNames(self._screen)
        in_order: list[Interceptor[Any]] = [
            VersionsInterceptor(),
            MetadataInterceptor(names),
            ProduceInterceptor(),
            FetchInterceptor(),
            ListOffsetsInterceptor(),
            LeaderEpochsInterceptor(),
            InitProducerIdInterceptor(),
            *ADMINISTRATION,
            CoordinatorsInterceptor(),
            MembershipInterceptor(),
            ConsumerHeartbeatInterceptor(),
            DescribeGroupsInterceptor(),
            ConsumerGroupDescribeInterceptor(),
            ListGroupsInterceptor(),
            DeleteGroupsInterceptor(),
            OffsetCommitInterceptor(),
            OffsetFetchInterceptor(),
            OffsetDeleteInterceptor(),
            AddPartitionsInterceptor(),
            AddOffsetsInterceptor(),
            EndTxnInterceptor(),
            TxnOffsetCommitInterceptor(),
            DescribeTransactionsInterceptor(),
            ListTransactionsInterceptor(),
            DescribeProducersInterceptor(),
            *SHARE_GROUPS,
            StreamsHeartbeatInterceptor(),
            StreamsDescribeInterceptor(),
            *said(self._screen, names),
            ProduceRecordsInterceptor(plans, bounds),
            FetchRecordsInterceptor(fetched),
            ShareRecordsInterceptor(fetched),
            NamespaceInterceptor(),
            AddressInterceptor(),
            TextsInterceptor(),
        ]
        # Whether a reply goes on as it is, by its bytes alone. False: decode it and call ``reply``.
        self.passes = is_plain
        # What was decided about a request just like this one, and that this one was decided; see familiar.py.
        self.recall = recall
        self.remember = remember
        self._by_api = _by_api([each for each in in_order if not isinstance(each, NamespaceInterceptor)])
        self._within_namespaces = _by_api(in_order)

    def admit(self, ctx: Context) -> Routed | None:
        """Decide by the header alone, before the body is decoded.

        None: go on, decode it and call ``request``. Otherwise the API or its version is not there for this
        principal: an answer in a version that the client can read, or a close.
        """
        outcome = admit(ctx) or client_id_refusal(self._screen, ctx)
        return None if outcome is None else _routed(outcome)

    def request(self, message: Message, ctx: Context) -> Eventually[Routed]:
        """Run one decoded request, which was admitted, down the chain.

        Requests of one session run one after the other, in order: the next starts when this one has returned.
        """
        by_api = self._by_api if ctx.session.namespace is None else self._within_namespaces
        routed = Routed(forward=True)
        left = iter(by_api.get(ctx.header.api_key, ()))
        for interceptor in left:
            outcome = interceptor.request(message, ctx)
            if outcome is GO_ON:
                continue
            if not isinstance(outcome, Forward):
                return self._otherwise(outcome, left, message, routed, ctx)
            routed.add(outcome)
        if ctx.facts:
            self._screen.withhold(ctx)
        return routed

    def _otherwise(
        self,
        undecided: Eventually[Outcome],
        left: Iterator[Interceptor[Any]],
        message: Message,
        routed: Routed,
        ctx: Context,
    ) -> Waiting[Routed]:
        """The rest of the way, where something is to be waited for or the request ends."""
        outcome = yield from _outcome(undecided)
        for interceptor in left:
            if not isinstance(outcome, Forward):
                break
            routed.add(outcome)
            outcome = yield from _outcome(interceptor.request(message, ctx))
        if isinstance(outcome, Forward):
            routed.add(outcome)
        else:
            if isinstance(outcome, Reply):
                yield from waited(self.reply(outcome.message, routed.thens, ctx))
            routed = _routed(outcome)
        if ctx.facts:
            self._screen.withhold(ctx)
        return routed

    def reply(self, response: Message, thens: Sequence[Then], ctx: Context) -> Eventually[bool]:
        """Run one decoded reply back up. True: it was edited and must be encoded anew.

        Raises ProtocolError if the upstream's reply does not fit its request.
        """
        edited = False
        left = reversed(thens)
        for then in left:
            changed = then(response, ctx)
            if not isinstance(changed, bool):
                return self._reply_later(changed, left, response, edited, ctx)
            edited |= changed
        if ctx.facts:
            self._screen.withhold(ctx)
        return edited

    def _reply_later(
        self, changed: Waiting[bool], left: Iterator[Then], response: Message, edited: bool, ctx: Context
    ) -> Waiting[bool]:
        """The rest of the way up, once something is to be waited for."""
        edited |= yield from changed
        for then in left:
            edited |= yield from waited(then(response, ctx))
        if ctx.facts:
            self._screen.withhold(ctx)
        return edited

    def keeps_unknown_tags(self, ctx: Context) -> bool:
        """Whether tagged fields that we do not know may stay in replies to this principal.

        Only in those of its own zone, and only if nobody else is on the upstream: they may hold names.
        """
        return ctx.session.namespace is None and ctx.home == ctx.session.zone


def _by_api(in_order: Sequence[Interceptor[Any]]) -> dict[int, tuple[Interceptor[Any], ...]]:
    """For each API those that want to see it, in order."""
    apis = {api for interceptor in in_order for api in interceptor.apis}
    return {int(api): tuple(each for each in in_order if api in each.apis) for api in apis}


def _outcome(outcome: Eventually[Outcome]) -> Waiting[Outcome]:
    return waited(outcome)


def _routed(outcome: Reply | Close) -> Routed:
    if isinstance(outcome, Close):
        return Routed(close=outcome.reason)
    return Routed(reply=outcome.message, reply_version=outcome.version)
