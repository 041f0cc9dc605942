"""The rows of the generated tables ``registry`` and ``entity_fields``."""

from __future__ import annotations

from dataclasses import dataclass

from zoneproxy.wire.messages.message import Message


@dataclass(frozen=True, slots=True)
class Api:
    """A request, its response, and what Kafka says of them.

    ``listeners`` are those that serve it: ``broker``, ``controller``. A ``latest_version_unstable`` may still change
    its meaning, so it is not to be advertised.
    """

    request: type[Message]
    response: type[Message]
    latest_version_unstable: bool
    listeners: frozenset[str]

    @property
    def min_version(self) -> int:
        """The oldest version that we read and write."""
        return self.request.MIN_VERSION

    @property
    def max_version(self) -> int:
        """The newest version that we read and write, stable or not."""
        return self.request.MAX_VERSION

    @property
    def max_stable_version(self) -> int:
        """The newest version that may be advertised; below ``min_version`` if there is none."""
        return self.max_version - self.latest_version_unstable


@dataclass(frozen=True, slots=True)
class EntityField:
    """A field that names something: ``entity`` is Kafka's entityType (``topicName``, ``groupId``, ``transactionalId``,
    ``producerId``, ``brokerId``), or ``errorMessage`` for words of the broker's own. ``path`` are attribute names from the root; a list on the way means each element,
    a list at its end that each element is a name. Any value on the way may be None.
    """

    entity: str
    path: tuple[str, ...]
    min_version: int
    max_version: int
