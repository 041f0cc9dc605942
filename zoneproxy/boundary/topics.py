"""What is known of an upstream's topics: names and ids, both ways, bounded in number and in age."""

from __future__ import annotations

from collections import OrderedDict

from zoneproxy.wire.buffer import ZERO_UUID

MAX_NAME_LENGTH = 249  # Kafka's own limit; longer names cannot exist
ABSENT_SECONDS = 1.0  # how long "there is no such topic" is believed: it may be created at any moment


class TopicIndex:
    """Ids never change their topic in Kafka and names may: a topic that is made anew gets a new id.

    At the bound the topics heard of longest ago go first. Times are seconds from any one clock.
    """

    def __init__(self, *, ttl_seconds: float, max_topics: int) -> None:
        self._ttl = ttl_seconds
        self._max = max_topics
        self._ids: OrderedDict[str, tuple[float, bytes | None]] = OrderedDict()  # None: does not exist
        self._names: OrderedDict[bytes, tuple[float, str | None]] = OrderedDict()

    def present(self, name: str, topic_id: bytes, now: float) -> None:
        """The upstream says that the topic is there. A zero id (old brokers) says nothing about ids."""
        if len(name) > MAX_NAME_LENGTH:
            return
        self._put_name(name, topic_id, now)
        if topic_id != ZERO_UUID:
            self._put_id(topic_id, name, now)

    def absent_name(self, name: str, now: float) -> None:
        """The upstream says that there is no topic of that name."""
        if len(name) <= MAX_NAME_LENGTH:
            self._put_name(name, None, now)

    def absent_id(self, topic_id: bytes, now: float) -> None:
        """The upstream says that there is no topic with that id."""
        self._put_id(topic_id, None, now)

    def forget_id(self, topic_id: bytes) -> None:
        """Ask again next time, for the id and for the name that went with it."""
        _, name = self._names.pop(topic_id, (0.0, None))
        if name is not None:
            self._ids.pop(name, None)

    def forget_name(self, name: str) -> None:
        """Ask again next time."""
        self._ids.pop(name, None)

    def name_of(self, topic_id: bytes, now: float) -> str | None:
        """The topic's name; None if it is not known, or known not to exist."""
        learned, name = self._names.get(topic_id, (0.0, None))
        return name if name is not None and now - learned <= self._ttl else None

    def exists(self, name: str, now: float) -> bool | None:
        """True or False as last heard, None if that was never or too long ago."""
        if len(name) > MAX_NAME_LENGTH:
            return False
        known = self._ids.get(name)
        if known is None:
            return None
        learned, topic_id = known
        age_limit = ABSENT_SECONDS if topic_id is None else self._ttl
        return topic_id is not None if now - learned <= age_limit else None

    def asked(self, topic_id: bytes, now: float) -> bool:
        """Whether the upstream was asked for the id so lately that asking again would say nothing new."""
        known = self._names.get(topic_id)
        if known is None:
            return False
        learned, name = known
        return now - learned <= (ABSENT_SECONDS if name is None else self._ttl)

    def _put_name(self, name: str, topic_id: bytes | None, now: float) -> None:
        self._ids[name] = (now, topic_id)
        self._ids.move_to_end(name)
        while len(self._ids) > self._max:
            self._ids.popitem(last=False)

    def _put_id(self, topic_id: bytes, name: str | None, now: float) -> None:
        self._names[topic_id] = (now, name)
        self._names.move_to_end(topic_id)
        while len(self._names) > self._max:
            self._names.popitem(last=False)
