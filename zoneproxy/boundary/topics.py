"""What is known of an upstream's topics: names and ids, both ways, bounded in number and in age."""

from __future__ import annotations

from collections import OrderedDict
from typing import TypeVar

from zoneproxy.wire.buffer import ZERO_UUID

MAX_NAME_LENGTH = 249  # Kafka's own limit; longer names cannot exist
ABSENT_SECONDS = 1.0  # how long "there is no such topic" is believed: it may be created at any moment
MAX_ABSENT = 10_000  # ids, and as many names; clients can ask for any number of topics that are not there

K = TypeVar("K")
V = TypeVar("V")


class TopicIndex:
    """Ids never change their topic in Kafka and names may: a topic that is made anew gets a new id.

    At the bound the topics heard of longest ago go first; those that do not exist never push out those that do. Times
    are seconds from any one clock.
    """

    def __init__(self, *, ttl_seconds: float, max_topics: int) -> None:
        self._ttl = ttl_seconds
        self._max = max_topics
        self._ids: OrderedDict[str, tuple[float, bytes]] = OrderedDict()
        self._names: OrderedDict[bytes, tuple[float, str]] = OrderedDict()
        self._absent_names: OrderedDict[str, float] = OrderedDict()
        self._absent_ids: OrderedDict[bytes, float] = OrderedDict()

    def present(self, name: str, topic_id: bytes, now: float) -> None:
        """The upstream says that the topic is there. A zero id (old brokers) says nothing about ids."""
        if len(name) > MAX_NAME_LENGTH:
            return
        self._absent_names.pop(name, None)
        _put(self._ids, name, (now, topic_id), self._max)
        if topic_id != ZERO_UUID:
            self._absent_ids.pop(topic_id, None)
            _put(self._names, topic_id, (now, name), self._max)

    def absent_name(self, name: str, now: float) -> None:
        """The upstream says that there is no topic of that name."""
        if len(name) <= MAX_NAME_LENGTH:
            self._ids.pop(name, None)
            _put(self._absent_names, name, now, min(self._max, MAX_ABSENT))

    def absent_id(self, topic_id: bytes, now: float) -> None:
        """The upstream says that there is no topic with that id."""
        self._names.pop(topic_id, None)
        _put(self._absent_ids, topic_id, now, min(self._max, MAX_ABSENT))

    def forget_id(self, topic_id: bytes) -> None:
        """Ask again next time, for the id and for the name that went with it."""
        self._absent_ids.pop(topic_id, None)
        _, name = self._names.pop(topic_id, (0.0, None))
        if name is not None:
            self._ids.pop(name, None)

    def forget_name(self, name: str) -> None:
        """Ask again next time."""
        self._absent_names.pop(name, None)
        self._ids.pop(name, None)

    def name_of(self, topic_id: bytes, now: float) -> str | None:
        """The topic's name; None if it is not known, or known not to exist."""
        known = self._names.get(topic_id)
        return known[1] if known is not None and now - known[0] <= self._ttl else None

    def exists(self, name: str, now: float) -> bool | None:
        """True or False as last heard, None if that was never or too long ago."""
        if len(name) > MAX_NAME_LENGTH or _lately(self._absent_names.get(name), now):
            return False
        known = self._ids.get(name)
        return True if known is not None and now - known[0] <= self._ttl else None

    def asked(self, topic_id: bytes, now: float) -> bool:
        """Whether the upstream was asked for the id so lately that asking again would say nothing new."""
        known = self._names.get(topic_id)
        if known is not None:
            return now - known[0] <= self._ttl
        return _lately(self._absent_ids.get(topic_id), now)


def _lately(heard: float | None, now: float) -> bool:
    """Whether it was heard of late that a topic is absent."""
    return heard is not None and now - heard <= ABSENT_SECONDS


def _put(kept: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    kept[key] = value
    kept.move_to_end(key)
    while len(kept) > most:
        kept.popitem(last=False)
