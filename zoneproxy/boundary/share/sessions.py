"""Share sessions (KIP-932): what a member has in its session, and what of that the broker has.

As with fetch sessions (``boundary/fetch_sessions.py``) a request names only what has changed, and all of the session is
decided on anew for each. What may not be read leaves the broker's session, so that no record is acquired for nobody,
and goes back once it may be read. Unlike a fetch session an empty one lives on at the broker, so every request goes
there, and both sides count the same epochs.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zoneproxy.wire.messages.share_fetch_request import FetchPartition, FetchTopic, ForgottenTopic, ShareFetchRequest

if TYPE_CHECKING:
    from zoneproxy.boundary.fetch_verdict import Verdict
    from zoneproxy.boundary.session_room import Lease

Partition = tuple[bytes, int]  # the topic's id and the partition's number
Member = tuple[str, str]  # group and member id: the broker knows sessions by them

OPENS, ENDS = 0, -1  # session epochs
LAST_EPOCH = (1 << 31) - 1
MAX_PARTITIONS = 10_000  # of one session
MAX_SESSIONS = 4  # of one connection; clients have one


def each(message: ShareFetchRequest) -> Iterator[tuple[Partition, FetchPartition]]:
    """The partitions that a request names, in its order."""
    for topic in message.topics:
        for partition in topic.partitions:
            yield (topic.topic_id, partition.partition_index), partition


def forgotten(message: ShareFetchRequest) -> Iterator[Partition]:
    """The partitions that a request takes out of its session, in its order."""
    for topic in message.forgotten_topics_data:
        for index in topic.partitions:
            yield topic.topic_id, index


@dataclass(slots=True)
class ShareSession:
    """One session. ``partitions`` keeps their order."""

    lease: Lease
    epoch: int = 1  # of the next request
    partitions: dict[Partition, None] = field(default_factory=dict)
    names: Mapping[bytes, str] = field(default_factory=dict)
    verdict: Verdict | None = None  # about ``partitions``; None: before the first decision
    at_broker: frozenset[Partition] = frozenset()

    def update(self, message: ShareFetchRequest, name_of: Callable[[bytes], str]) -> bool:
        """Take over what the request adds and takes out; True if the session holds other partitions now."""
        partitions, before = self.partitions, len(self.partitions)
        partitions.update(dict.fromkeys(place for place, _ in each(message)))
        changed = len(partitions) != before
        for place in forgotten(message):
            if place in partitions:
                del partitions[place]
                changed = True
        if changed or (self.verdict is not None and self.verdict.nameless):
            names = self.names
            self.names = {id_: names.get(id_) or name_of(id_) for id_ in dict.fromkeys(id_ for id_, _ in partitions)}
        return changed

    def fits(self) -> bool:
        """Whether it may be kept in memory as it is now; otherwise it is to be given up."""
        return len(self.partitions) <= MAX_PARTITIONS and self.lease.hold(len(self.partitions))

    def advance(self, epoch: int) -> None:
        """A request with that epoch has gone to the broker; one with another leaves the session where it is."""
        if epoch == self.epoch:
            self.epoch = 1 if epoch == LAST_EPOCH else epoch + 1


class ShareSessions:
    """The sessions of one connection, bounded: at the bound the one that was opened first is forgotten."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[Member, ShareSession] = OrderedDict()

    def get(self, member: Member) -> ShareSession | None:
        """The member's session."""
        return self._sessions.get(member)

    def open(self, member: Member, lease: Lease) -> ShareSession:
        """A new session, in place of the member's old one."""
        self._sessions.pop(member, None)
        session = self._sessions[member] = ShareSession(lease)
        if len(self._sessions) > MAX_SESSIONS:
            self._sessions.popitem(last=False)
        return session

    def drop(self, member: Member) -> None:
        """Nobody goes on with the member's session."""
        self._sessions.pop(member, None)


def align(
    message: ShareFetchRequest, fetched: frozenset[Partition], held: frozenset[Partition], named: frozenset[Partition]
) -> bool:
    """Make the request one that leaves ``fetched`` in the broker's session, where ``held`` are.

    It names no others than ``fetched`` and ``named``; those come with acknowledgements, and are not to stay in the
    session if they are not fetched. True if it had to be changed.
    """
    asked = frozenset(place for place, _ in each(message))
    missing = fetched - held - asked
    edited = keep(message, fetched | named) | bool(missing)
    message.topics += [
        FetchTopic(topic_id=id_, partitions=[FetchPartition(partition_index=index)]) for id_, index in sorted(missing)
    ]
    return _forget(message, (held | named & asked) - fetched) | edited


def keep(message: ShareFetchRequest, kept: frozenset[Partition]) -> bool:
    """Have the request name nothing but ``kept``; True if it had to be changed."""
    if all(place in kept for place, _ in each(message)):
        return False
    for topic in message.topics:
        topic.partitions = [p for p in topic.partitions if (topic.topic_id, p.partition_index) in kept]
    message.topics = [topic for topic in message.topics if topic.partitions]
    return True


def _forget(message: ShareFetchRequest, gone: frozenset[Partition]) -> bool:
    """Have the request take ``gone`` out of the broker's session, and nothing else; True if it had to be changed."""
    given = list(forgotten(message))
    if len(given) == len(gone) and gone.issuperset(given):
        return False
    message.forgotten_topics_data = [ForgottenTopic(topic_id=id_, partitions=[index]) for id_, index in sorted(gone)]
    return True
