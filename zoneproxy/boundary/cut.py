"""Cut and merge: what is refused leaves the request, and comes back into the reply where it stood.

For requests of the form topics -> partitions. The rest of the request goes on; when its reply comes, the client gets
exactly the partitions that it asked for, in its order, refused or not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from zoneproxy.errors import ProtocolError

TopicKey = str | bytes  # how a reply names a topic: by id from the version on that has ids, by name before
Place = tuple[int, int]  # position of the topic in the request, position of the partition in the topic


@dataclass(frozen=True, slots=True)
class Refusal:
    """Kafka's error code, and the text that goes with it where the reply has room (None: the client has its own)."""

    error: int
    message: str | None = None


RT = TypeVar("RT")  # a topic of the request
RP = TypeVar("RP")  # a partition of the request
ST = TypeVar("ST")  # a topic of the reply
SP = TypeVar("SP")  # a partition of the reply


@dataclass(frozen=True, slots=True)
class Shape(Generic[RT, RP, ST, SP]):
    """How the messages of one API name topics and partitions."""

    asked_partitions: Callable[[RT], list[RP]]
    asked_index: Callable[[RP], int]
    reply_topic: Callable[[RT], ST]  # a reply's topic for a request's topic, still without partitions
    reply_key: Callable[[ST], TopicKey]
    reply_partitions: Callable[[ST], list[SP]]
    reply_index: Callable[[SP], int]
    refused: Callable[[int, Refusal], SP]  # a reply's partition that carries a refusal


class Cut(Generic[RT, RP, ST, SP]):
    """The partitions of one request as the client asked for them, some of them refused.

    Remembers names and numbers only, so that a request's records need not stay in memory until its reply comes.
    """

    def __init__(self, shape: Shape[RT, RP, ST, SP], topics: Sequence[RT], refused: Mapping[Place, Refusal]) -> None:
        self._shape = shape
        self._refused = refused
        self._asked = [
            (shape.reply_topic(topic), [shape.asked_index(p) for p in shape.asked_partitions(topic)])
            for topic in topics
        ]

    @property
    def forwarded(self) -> int:
        """How many partitions are left to be forwarded."""
        return sum(len(indexes) for _, indexes in self._asked) - len(self._refused)

    def apply(self, topics: list[RT]) -> None:
        """Take what is refused out of the request, topics that are left empty too."""
        partitions_of = self._shape.asked_partitions
        for t, topic in enumerate(topics):
            partitions = partitions_of(topic)
            partitions[:] = [p for i, p in enumerate(partitions) if (t, i) not in self._refused]
        topics[:] = [topic for topic in topics if partitions_of(topic)]

    def merge(self, answered: Sequence[ST]) -> list[ST]:
        """The topics of the whole reply. ``answered`` is what the broker said of the rest, () if nothing was left.

        Raises ProtocolError (``reply_mismatch``) if that is not exactly what was forwarded.
        """
        shape = self._shape
        pool: dict[tuple[TopicKey, int], SP] = {}
        count = 0
        for topic in answered:
            key = shape.reply_key(topic)
            for partition in shape.reply_partitions(topic):
                pool[key, shape.reply_index(partition)] = partition
                count += 1
        if count != self.forwarded:
            raise ProtocolError("reply_mismatch")
        return [self._whole(t, topic, indexes, pool) for t, (topic, indexes) in enumerate(self._asked)]

    def _whole(self, t: int, topic: ST, indexes: list[int], pool: dict[tuple[TopicKey, int], SP]) -> ST:
        shape = self._shape
        key = shape.reply_key(topic)
        partitions = shape.reply_partitions(topic)
        for i, index in enumerate(indexes):
            refusal = self._refused.get((t, i))
            partition = shape.refused(index, refusal) if refusal is not None else pool.pop((key, index), None)
            if partition is None:
                raise ProtocolError("reply_mismatch")
            partitions.append(partition)
        return topic
