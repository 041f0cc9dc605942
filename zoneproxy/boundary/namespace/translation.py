"""Names both ways for one request and its reply.

Kafka refuses some names, and each API has its own code and place for that. So that clients are told what Kafka would
tell them, such a request goes on, but never with the name: a topic that cannot exist (it is illegal, or has no room
behind the prefix) is replaced by a short stand-in within the namespace that no topic can have either, and takes its
own name again in the reply; an empty or overlong group or transactional id becomes an empty one where Kafka refuses
those. Where Kafka takes an empty group (committed offsets), the prefix alone stands for it.
"""

from __future__ import annotations

from typing import Final

from zoneproxy.boundary.namespace.walk import GROUP, TOPIC, TRANSACTIONAL_ID
from zoneproxy.policy.namespaces import Namespace
from zoneproxy.wire.messages.api_keys import ApiKey

MAX_STRING: Final = 0x7FFF  # bytes of a string in the protocol
_STAND_IN: Final = "/"  # no topic's name has one

_REFUSES_EMPTY: Final = {
    GROUP: frozenset(
        {
            ApiKey.JOIN_GROUP,
            ApiKey.HEARTBEAT,
            ApiKey.LEAVE_GROUP,
            ApiKey.SYNC_GROUP,
            ApiKey.OFFSET_DELETE,
            ApiKey.CONSUMER_GROUP_HEARTBEAT,
            ApiKey.CONSUMER_GROUP_DESCRIBE,
            ApiKey.SHARE_GROUP_HEARTBEAT,
            ApiKey.SHARE_GROUP_DESCRIBE,
            ApiKey.STREAMS_GROUP_HEARTBEAT,
            ApiKey.STREAMS_GROUP_DESCRIBE,
            ApiKey.ALTER_SHARE_GROUP_OFFSETS,
            ApiKey.DELETE_SHARE_GROUP_OFFSETS,
            ApiKey.DESCRIBE_CONFIGS,
            ApiKey.ALTER_CONFIGS,
            ApiKey.INCREMENTAL_ALTER_CONFIGS,
        }
    ),
    TRANSACTIONAL_ID: frozenset(
        {
            ApiKey.INIT_PRODUCER_ID,
            ApiKey.ADD_PARTITIONS_TO_TXN,
            ApiKey.ADD_OFFSETS_TO_TXN,
            ApiKey.END_TXN,
            ApiKey.DESCRIBE_TRANSACTIONS,
        }
    ),
}


class NameTooLong(Exception):
    """A name that the protocol cannot carry with its prefix, in an API that has no answer to it."""


class Names:
    """Of one request. Remembers only what cannot be told from the names themselves."""

    __slots__ = ("_api_key", "_namespace", "_replaced")

    def __init__(self, namespace: Namespace, api_key: int) -> None:
        self._namespace = namespace
        self._api_key = api_key
        self._replaced: dict[str, str] | None = None  # what stands in for a name → the name

    def physical(self, entity: str, name: str) -> str:
        """How the upstream calls it. Raises NameTooLong."""
        if entity == TOPIC:
            namespace = self._namespace
            return namespace.physical(name) if namespace.has_room_for(name) else self._topic_stand_in(name)
        return self._identifier(entity, name)

    def virtual(self, entity: str, name: str) -> str | None:
        """How the client calls it; None: it is not of this namespace."""
        if self._replaced is not None and name in self._replaced:
            return self._replaced[name]
        return self._namespace.virtual(name)

    def _topic_stand_in(self, name: str) -> str:
        replaced = self._stand_ins()
        for stand_in, known in replaced.items():
            if known == name and stand_in:  # an empty one stands for a group's or transaction's
                return stand_in
        stand_in = self._namespace.physical(f"{_STAND_IN}{len(replaced)}")
        replaced[stand_in] = name
        return stand_in

    def _identifier(self, entity: str, name: str) -> str:
        physical = self._namespace.physical(name)
        fits = len(physical) <= MAX_STRING // 4 or len(physical.encode()) <= MAX_STRING
        if name and fits:
            return physical
        if self._api_key in _REFUSES_EMPTY[entity]:
            self._stand_ins()[""] = name
            return ""
        if not fits:
            raise NameTooLong
        return physical

    def _stand_ins(self) -> dict[str, str]:
        if self._replaced is None:
            self._replaced = {}
        return self._replaced
