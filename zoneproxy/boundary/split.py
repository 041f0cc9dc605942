"""Split a request's list: entries that are refused leave it, and come back into the reply.

For entries that are refused as wholes: topics, groups, transactional ids. Where one partition may be refused and its
neighbour not, see ``cut``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from zoneproxy.errors import ProtocolError

E = TypeVar("E")  # an entry of the request
R = TypeVar("R")  # an entry of the reply


class _OfPartitions(Protocol):
    partitions: list[Any]


T = TypeVar("T", bound=_OfPartitions)  # a topic of the reply


def split(entries: list[E], refusal: Callable[[E], R | None]) -> list[R | None]:
    """Take what is refused out of ``entries``.

    Returns a place for each entry as it stood: what the reply says of it, or None where the broker is to say it.
    """
    places = [refusal(entry) for entry in entries]
    entries[:] = [entry for entry, place in zip(entries, places, strict=True) if place is None]
    return places


def refused(places: Iterable[R | None]) -> list[R]:
    """What the reply says of the entries that were refused, in their order."""
    return [place for place in places if place is not None]


def in_place(places: Sequence[R | None], answered: Sequence[R]) -> list[R]:
    """The whole reply, in the order of the request, for APIs that the broker answers in that order.

    Raises ProtocolError (``reply_mismatch``) if ``answered`` are not as many as were forwarded.
    """
    if len(answered) != sum(place is None for place in places):
        raise ProtocolError("reply_mismatch")
    rest = iter(answered)
    return [next(rest) if place is None else place for place in places]


def join(topics: Iterable[T], key: Callable[[T], Hashable]) -> list[T]:
    """Topics that a request named more than once, each with all of its partitions: what Kafka does to some replies."""
    found: dict[Hashable, T] = {}
    for topic in topics:
        first = found.setdefault(key(topic), topic)
        if first is not topic:
            first.partitions += topic.partitions
    return list(found.values())


def expect(asked: Iterable[str | bytes], answered: Iterable[str | bytes]) -> None:
    """Raises ProtocolError (``reply_mismatch``) if the broker speaks of anything that it was not asked for."""
    if not set(answered) <= set(asked):
        raise ProtocolError("reply_mismatch")
