"""The control connection of one upstream: who its brokers are, which topics there are, and whether it answers.

Sessions never use it for their clients' requests, nor their own connection for look-ups: a broker handles one request
of a connection at a time, and a look-up would wait behind a Fetch of a minute.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING, TypeVar

from zoneproxy.errors import ProtocolError
from zoneproxy.net.asking import UpstreamError
from zoneproxy.net.broker_settings import auto_creates_topics, message_sizes
from zoneproxy.net.look_ups import LookUps
from zoneproxy.wire.codec import decode_response
from zoneproxy.wire.messages.metadata_request import MetadataRequest, MetadataRequestTopic
from zoneproxy.wire.messages.metadata_response import MetadataResponse

if TYPE_CHECKING:
    from zoneproxy.boundary.cluster import ClusterView
    from zoneproxy.net.observer import Observer
    from zoneproxy.net.upstream import Dialled, Dialler

LOOK_UP_SECONDS = 5.0  # how long a session waits for a look-up
SETTINGS_SECONDS = 2.0  # for the brokers to say how they are configured; look-ups wait as long
MAX_ASKED = 1_000  # topics in one question
MAX_ANSWER = 64 * 1024 * 1024  # bytes; 1,000 topics of 1,000 partitions are about 50 MB

T = TypeVar("T")

BACKOFF_SECONDS = (0.1, 5.0)  # between attempts to connect: the first, and what doubling ends at

BY_ID_FROM = 12  # Metadata finds topics by id from this version on (KIP-516)


class Control:
    """Run it with ``run``; ask it with ``look_up``.

    Args:
        name: of the upstream.
        cluster: learns what is heard.
        clock: the seconds that ``cluster`` reckons in.
        seconds: for one answer.
        refresh: seconds between questions for the brokers.
        chance: gives numbers from 0 to 1, so that many proxies do not connect at once.
    """

    def __init__(
        self,
        name: str,
        cluster: ClusterView,
        dialler: Dialler,
        observer: Observer,
        clock: Callable[[], float],
        *,
        seconds: float = 10.0,
        refresh: float = 5.0,
        chance: Callable[[], float] | None = None,
    ) -> None:
        self.up = False
        self._name = name
        self._cluster = cluster
        self._dialler = dialler
        self._observer = observer
        self._clock = clock
        self._seconds = seconds
        self._refresh = refresh
        self._chance = chance or secrets.SystemRandom().random
        self._look_ups = LookUps()
        self._told: tuple[bool, int, str] | None = None  # what the observer knows

    async def look_up(
        self,
        ids: frozenset[bytes],
        names: frozenset[str],
        *,
        every: bool = False,
        sizes: frozenset[str] = frozenset(),
    ) -> None:
        """Ask for topics, or for all of them; afterwards the cluster view knows what can be known.

        Takes at most LOOK_UP_SECONDS; never raises.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_UP_SECONDS):
                await self._look_ups.wait(ids, names, every=every, sizes=sizes)

    async def run(self) -> None:
        """Keep connected until cancelled."""
        pause, longest = BACKOFF_SECONDS
        while True:
            try:
                await self._connected(await self._dialler.dial(None))
            except (UpstreamError, ProtocolError) as error:
                reason = error.reason
            except TimeoutError:
                reason = "timeout"
            if self.up:
                pause = BACKOFF_SECONDS[0]
            self._tell(up=False, reason=reason)
            await asyncio.sleep(pause * (0.5 + self._chance() / 2))
            pause = min(2 * pause, longest)

    async def _connected(self, dialled: Dialled) -> None:
        """Ask until the connection breaks, which it says by raising."""
        dialled.asker.lost = self._look_ups.wanted.set
        dialled.link.reader.cap = MAX_ANSWER
        self._cluster.first_versions = dialled.versions
        loop = asyncio.get_running_loop()
        settled = False
        renew = _after(loop, dialled.renew)
        try:
            while True:
                if loop.time() >= renew:
                    renew = _after(loop, await self._log_in_again(dialled))
                await self._ask(dialled, [])  # no topics: only the brokers
                self._tell(up=True)
                if not settled:
                    settled = True
                    await self._learn_settings(dialled)
                again = loop.time() + self._refresh
                while (left := again - loop.time()) > 0:
                    await self._answer_within(left, dialled)
        finally:
            dialled.link.drop()
            self._look_ups.finish(answered=False)

    async def _log_in_again(self, dialled: Dialled) -> float | None:
        """Nothing else is asked meanwhile; seconds until it is due again."""
        login = self._dialler.login
        assert login is not None
        async with asyncio.timeout(self._seconds):
            return await login.run(dialled.asker.ask, dialled.versions, dialled.host)

    async def _learn_settings(self, dialled: Dialled) -> None:
        """Brokers read them when they start, so once for each control connection. What is not told stays as it was."""
        with suppress(UpstreamError, ProtocolError, TimeoutError):
            async with asyncio.timeout(SETTINGS_SECONDS):
                for node in self._cluster.node_ids()[:1]:
                    creates = await auto_creates_topics(self._dialler, node, dialled.versions)
                    if creates is not None:
                        self._cluster.auto_create_topics = creates

    async def _answer_within(self, seconds: float, dialled: Dialled) -> None:
        """Wait for a look-up, so long; ask."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._look_ups.wanted.wait()
        if dialled.link.lost:
            raise UpstreamError("closed")
        batch = self._look_ups.take()
        # A broker that is asked by name and by id at once answers the ids only.
        for topics in _parts([MetadataRequestTopic(topic_id=id_, name=None) for id_ in batch.ids]):
            await self._ask(dialled, topics)
        for topics in _parts([MetadataRequestTopic(name=name) for name in batch.names]):
            await self._ask(dialled, topics)
        if batch.every:
            await self._ask(dialled, None)
        for sizes in _parts(sorted(batch.sizes)):
            await self._ask_sizes(dialled, sizes)
        self._look_ups.finish(answered=True)

    async def _ask_sizes(self, dialled: Dialled, topics: list[str]) -> None:
        """How large a batch topics take: any broker says so, to who may DescribeConfigs."""
        async with asyncio.timeout(self._seconds):
            answer = await message_sizes(dialled, topics)
        if answer is not None:
            self._cluster.learn_sizes(answer, self._clock())

    async def _ask(self, dialled: Dialled, topics: list[MetadataRequestTopic] | None) -> None:
        """None asks for all topics, [] for none."""
        version = _version(dialled)
        if topics and topics[0].name is None and version < BY_ID_FROM:
            return
        question = MetadataRequest(topics=topics, allow_auto_topic_creation=False)
        async with asyncio.timeout(self._seconds):
            frame = await dialled.asker.ask(question, version)
        answer = decode_response(frame, MetadataRequest.API_KEY, version).message
        assert isinstance(answer, MetadataResponse)
        self._cluster.learn_metadata(answer, self._clock())
        if topics is None:
            self._cluster.learn_every(answer, self._clock())

    def _tell(self, up: bool, reason: str = "") -> None:
        self.up = up
        state = (up, len(self._cluster.node_ids()), reason)
        if state != self._told:
            self._told = state
            self._observer.upstream_state(self._name, *state)


def _after(loop: asyncio.AbstractEventLoop, seconds: float | None) -> float:
    return inf if seconds is None else loop.time() + seconds


def _version(dialled: Dialled) -> int:
    """The version to ask in. 0 would mean all topics by naming none; 1 to 3 would create those asked for."""
    version = min(dialled.versions.apis.get(MetadataRequest.API_KEY, (0, 0))[1], MetadataRequest.MAX_VERSION)
    if version < 4:
        raise UpstreamError("metadata_version")
    return version


def _parts(topics: Sequence[T]) -> Iterator[list[T]]:
    for at in range(0, len(topics), MAX_ASKED):
        yield list(topics[at : at + MAX_ASKED])
