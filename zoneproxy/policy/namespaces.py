"""Namespaces: one upstream serves several zones, each of which sees only the names that begin with its own prefix.

A namespace is a value. Clients say *virtual* names; the upstream knows *physical* ones, which are the virtual names
behind the prefix. What a zone's prefix may be is decided here too, when policies are loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_TOPIC_LENGTH = 249  # org.apache.kafka.common.internals.Topic
MAX_PREFIX_LENGTH = 100  # so that names of a usual length fit behind it
LEGAL = r"^[a-zA-Z0-9._-]+$"

_LEGAL_TOPIC = re.compile(r"[a-zA-Z0-9._-]{1,249}")


@dataclass(frozen=True, slots=True)
class Namespace:
    """A prefix, both ways."""

    prefix: str

    def physical(self, name: str) -> str:
        """How the upstream calls what a client calls ``name``."""
        return self.prefix + name

    def virtual(self, name: str) -> str | None:
        """How clients call what the upstream calls ``name``; None: it is not of this namespace."""
        return name[len(self.prefix) :] if name.startswith(self.prefix) else None

    def has_room_for(self, topic: str) -> bool:
        """Whether a topic of that virtual name can exist: it is legal for clients, and for the upstream too.

        ``.`` and ``..`` are legal behind a prefix, but are no names that Kafka gives to anybody.
        """
        room = MAX_TOPIC_LENGTH - len(self.prefix)
        return len(topic) <= room and _LEGAL_TOPIC.fullmatch(topic) is not None and topic not in (".", "..")


def overlap(one: str, other: str) -> bool:
    """Whether names behind one prefix could meet names behind the other.

    Kafka refuses a topic whose name differs from another's only in dots and underscores (they are one in the names of
    metrics), so prefixes that differ only in those would let a zone find out what another one has.
    """
    first, second = one.replace(".", "_"), other.replace(".", "_")
    return first.startswith(second) or second.startswith(first)


def reserved_behind(prefix: str, reserved: Iterable[str]) -> Iterator[str]:
    """The reserved topics that a client could name in a namespace of that prefix."""
    alike = prefix.replace(".", "_")
    return (topic for topic in sorted(reserved) if topic.replace(".", "_").startswith(alike))
