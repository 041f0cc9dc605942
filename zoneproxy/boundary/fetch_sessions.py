"""Fetch sessions (KIP-227): what a client has in its session, and what of that the broker has.

In a session a client names only what has changed since its last fetch, and the broker remembers the rest. So does
this, since every fetch is decided on anew for all of it. A partition that may not be read leaves the broker's session
and stays in the client's; once it may be read again it goes back, as the client last asked for it. A fetch of which
nothing may be read never gets to the broker; the next one of which something may opens another session there, and the
client does not notice: it keeps its own id and epochs.

One session for each connection, as all clients have it; whoever opens another closes the first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zoneproxy.boundary.cut import TopicKey
from zoneproxy.boundary.fetch_partitions import (
    FULL_WITH_NEW_SESSION,
    NO_SESSION,
    Partition,
    each,
    forgotten,
    topic_key,
)
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.fetch_request import FetchPartition, FetchRequest, FetchTopic, ForgottenTopic

if TYPE_CHECKING:
    from zoneproxy.boundary.fetch_verdict import Verdict
    from zoneproxy.boundary.session_room import Lease

LAST_EPOCH = (1 << 31) - 1
MAX_PARTITIONS = 10_000  # of one session, 4 MB; whoever fetches more does so without a session
MAX_NAME_LENGTH = 249  # Kafka's: no topic has a longer name


class FetchSession:
    """One session, as it is between client and proxy and as it is between proxy and broker."""

    __slots__ = (
        "_at_broker",
        "_broker_epoch",
        "_lease",
        "broker_id",
        "by_id",
        "epoch",
        "id",
        "names",
        "partitions",
        "verdict",
    )

    def __init__(
        self, partitions: dict[Partition, FetchPartition], verdict: Verdict, by_id: bool, lease: Lease
    ) -> None:
        """``verdict`` is about ``partitions``; what it allows goes to the broker with the request that opens this."""
        self.id = NO_SESSION  # until the broker has given it one
        self.broker_id = NO_SESSION  # while the reply that opens it is awaited
        self.by_id = by_id
        self.epoch = 1  # of the client's next fetch
        self.partitions = partitions  # what the client has in it, as it was last asked for
        self.names: Mapping[TopicKey, str] = verdict.names
        self.verdict = verdict
        self._at_broker: frozenset[Partition] | None = verdict.allowed  # None: not what it should be
        self._broker_epoch = 1
        self._lease = lease

    def fits(self) -> bool:
        """Whether it may be kept in memory as it is now; otherwise it is to be given up."""
        small = len(self.partitions) <= MAX_PARTITIONS and all(
            len(name) <= MAX_NAME_LENGTH for name in self.names.values()
        )
        return small and self._lease.hold(len(self.partitions))

    def mismatch(self, message: FetchRequest, by_id: bool) -> ErrorCode:
        """Kafka's error if the request does not go on with this session as it is."""
        if self.id != message.session_id or self.broker_id == NO_SESSION:
            return ErrorCode.FETCH_SESSION_ID_NOT_FOUND
        if self.epoch != message.session_epoch:
            return ErrorCode.INVALID_FETCH_SESSION_EPOCH
        return ErrorCode.NONE if self.by_id is by_id else ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR

    def update(self, message: FetchRequest, name_of: Callable[[TopicKey], str]) -> bool:
        """Take over what the request adds, changes and takes out; True if the session holds other partitions now.

        ``name_of`` is asked for topics without a name. As in Kafka, what is both added and taken out is out.
        """
        partitions, before = self.partitions, len(self.partitions)
        partitions.update(each(message, self.by_id))
        changed = len(partitions) != before
        for place in forgotten(message, self.by_id):
            changed |= partitions.pop(place, None) is not None
        if changed or self.verdict.nameless:
            names = self.names
            self.names = {key: names.get(key) or name_of(key) for key in dict.fromkeys(key for key, _ in partitions)}
        self.epoch = _next(self.epoch)
        return changed

    def stay_away(self) -> None:
        """The broker does not hear of this fetch."""
        self._at_broker = None

    def align(self, message: FetchRequest) -> tuple[bool, bool]:
        """Make the request one that leaves in the broker's session what may be read.

        Whether it opens a session, and whether it had to be changed.
        """
        allowed, held = self.verdict.allowed, self._at_broker
        self._at_broker = allowed
        if held is None:
            self._reopen(message)
            return True, True
        edited = (message.session_id, message.session_epoch) != (self.broker_id, self._broker_epoch)
        message.session_id, message.session_epoch = self.broker_id, self._broker_epoch
        self._broker_epoch = _next(self._broker_epoch)
        if allowed is not held or self.verdict.refused or message.forgotten_topics_data:
            edited |= self._add(message, allowed, held) | _forget(message, held - allowed, self.by_id)
        return False, edited

    def _reopen(self, message: FetchRequest) -> None:
        """Name everything, to a broker that has missed some of what the client said."""
        message.session_id, message.session_epoch = self.broker_id, FULL_WITH_NEW_SESSION
        message.topics, message.forgotten_topics_data = [], []
        self._name(message, self.verdict.allowed)
        self.broker_id = NO_SESSION
        self._broker_epoch = 1

    def _add(self, message: FetchRequest, allowed: frozenset[Partition], held: frozenset[Partition]) -> bool:
        """Leave what may not be read out of what the request names, and name what the broker lacks besides."""
        places = [place for place, _ in each(message, self.by_id)]
        missing = allowed - held
        missing -= set(places)
        if not missing and allowed.issuperset(places):
            return False
        topics = [_without(topic, allowed, topic_key(topic, self.by_id)) for topic in message.topics]
        message.topics = [topic for topic in topics if topic.partitions]
        self._name(message, missing)
        return True

    def _name(self, message: FetchRequest, places: frozenset[Partition]) -> None:
        """Have the request name ``places`` as they were last asked for."""
        topics: dict[TopicKey, FetchTopic] = {}
        for key, index in (place for place in self.partitions if place in places):
            if key not in topics:
                topics[key] = FetchTopic(topic_id=key) if isinstance(key, bytes) else FetchTopic(topic=key)
            topics[key].partitions.append(self.partitions[key, index])
        message.topics += topics.values()


def _without(topic: FetchTopic, allowed: frozenset[Partition], key: TopicKey) -> FetchTopic:
    topic.partitions = [partition for partition in topic.partitions if (key, partition.partition) in allowed]
    return topic


def _forget(message: FetchRequest, gone: frozenset[Partition], by_id: bool) -> bool:
    """Have the request take ``gone`` out of the broker's session, and nothing else."""
    places = list(forgotten(message, by_id))
    if len(places) == len(gone) and gone.issuperset(places):
        return False
    topics: dict[TopicKey, ForgottenTopic] = {}
    for key, index in sorted(gone, key=lambda place: place[1]):
        if key not in topics:
            topics[key] = ForgottenTopic(topic_id=key) if isinstance(key, bytes) else ForgottenTopic(topic=key)
        topics[key].partitions.append(index)
    message.forgotten_topics_data = list(topics.values())
    return True


def _next(epoch: int) -> int:
    return 1 if epoch == LAST_EPOCH else epoch + 1


@dataclass(slots=True)
class FetchSessions:
    """The session of one connection, if it has one."""

    current: FetchSession | None = None
    _left_open: int = field(default=NO_SESSION)  # a session at the broker that no client goes on with

    def opened(self, session: FetchSession, broker_id: int) -> None:
        """The broker has opened a session."""
        session.broker_id = broker_id
        if session.id == NO_SESSION:
            self.drop()
            session.id = broker_id
            self.current = session
        elif self.current is not session:
            self._left_open = broker_id

    def drop(self, session: FetchSession | None = None) -> None:
        """Nobody goes on with the current session; does nothing if that is not ``session`` (None: any)."""
        if self.current is not None and session in (None, self.current):
            self._left_open = self.current.broker_id
            self.current = None

    def ended(self, session: FetchSession) -> None:
        """The broker has no such session any longer."""
        if self.current is session:
            self.current = None

    def to_close(self) -> int:
        """The session that the next full fetch has the broker close."""
        left_open, self._left_open = self._left_open, NO_SESSION
        return left_open
