"""Asking the same of the brokers and of the proxy, and putting both replies into the same words."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from tests.clients.raw import RawClient
from zoneproxy.policy.decisions import RESERVED_TOPICS
from zoneproxy.wire.messages.struct import Struct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.clients.reach import Reach
    from zoneproxy.wire.messages.message import Message

COORDINATORS = 3  # partitions of __consumer_offsets and __transaction_state

# Different in each reply of one and the same broker.
_VOLATILE = frozenset({"throttle_time_ms", "producer_id", "usable_bytes", "total_bytes", "size", "last_timestamp"})
# Lists without an order that means anything.
_UNORDERED = frozenset(
    {
        "topics",
        "brokers",
        "groups",
        "responses",
        "resources",
        "config_resources",
        "configs",
        "coordinators",
        "transaction_states",
    }
)


_UPSTREAM_HOST = re.compile(rb"127\.0\.0\.1[1-3]")  # see tests/kafka/cluster.py


class Side:
    """One of the two ways to a cluster, with names of its own for what the requests make and change.

    ``names`` gives for each real name what it is called in ``plain`` replies, so that both sides' are equal.
    """

    def __init__(self, word: str, reach: Reach, addresses: Mapping[int, str]) -> None:
        self.word = word
        self._nodes = {number: RawClient(reach, address) for number, address in addresses.items()}
        self._addresses = {tuple(address.rsplit(":", 1)): number for number, address in addresses.items()}
        self.names: dict[str, str] = {}
        self.ids: dict[bytes, str] = {}
        self.other: Side | None = None

    def named(self, what: str) -> str:
        """A name of this side for ``what``, kept by the same coordinator as the other side's."""
        for real, token in self.names.items():
            if token == f"<{what}>":
                return real
        while _coordinator(name := f"{self.word}-{uuid.uuid4().hex[:10]}") != 0:
            pass
        self.names[name] = f"<{what}>"
        return name

    def versions(self, api_key: int) -> tuple[int, int]:
        """The range that is offered."""
        return self._nodes[1].versions[api_key]

    def offers(self) -> set[int]:
        """The API keys that are offered."""
        return set(self._nodes[1].versions)

    def ask(self, node: int, request: Message, version: int) -> Message:
        """A node's reply."""
        return self._nodes[node].ask(request, version)

    def names_upstream(self, node: int) -> bool:
        """Whether the last reply of a node holds an address of the brokers' own."""
        return _UPSTREAM_HOST.search(self._nodes[node].last) is not None

    def plain(self, value: Any, field: str = "") -> Any:
        """The reply in words that do not depend on the side: structs as dicts, names as tokens, nodes by number."""
        if field in _VOLATILE:
            return "*"
        if isinstance(value, Struct):
            return self._plain_struct(value)
        if isinstance(value, list):
            elements = [self.plain(element, field) for element in value if not _is_internal(element)]
            return sorted(elements, key=repr) if field in _UNORDERED else elements
        if isinstance(value, str):
            for real, token in self.names.items():
                value = value.replace(real, token)
            for real, token in self.other.names.items() if self.other else ():
                value = value.replace(real, f"<other {token[1:]}")
            return value
        if isinstance(value, bytes | memoryview):
            return self.ids.get(bytes(value), bytes(value))
        return value

    def _plain_struct(self, struct: Struct) -> dict[str, Any]:
        fields = {name: self.plain(getattr(struct, name), name) for name in type(struct).__slots__}
        if {"host", "port"} <= fields.keys():
            number = self._addresses.get((fields["host"], str(fields["port"])))
            if number is not None:
                fields["host"], fields["port"] = "<node>", number
        return fields

    def close(self) -> None:
        """End all connections."""
        for client in self._nodes.values():
            client.__exit__()


def _is_internal(element: object) -> bool:
    """A topic of Kafka's own: the proxy shows none, and in a transaction there may be one, sooner or later."""
    return getattr(element, "topic", None) in RESERVED_TOPICS


class Both:
    """The brokers' side and the proxy's."""

    def __init__(self, direct: Side, proxied: Side) -> None:
        self.direct, self.proxied = direct, proxied
        direct.other, proxied.other = proxied, direct

    def compare(
        self,
        request: Callable[[Side, int], Message],
        *,
        node: int = 1,
        versions: range | None = None,
        hidden: frozenset[str] = frozenset(),
    ) -> dict[int, tuple[Message, Message]]:
        """Ask both sides in every version and compare; both replies by version. ``hidden`` fields are left out."""
        replies = {}
        for version in versions or self.offered(request):
            pair = [side.ask(node, request(side, version), version) for side in (self.direct, self.proxied)]
            assert not self.proxied.names_upstream(node), f"{type(pair[0]).__name__} v{version} names an upstream host"
            expected, got = (
                _without(side.plain(reply), hidden)
                for side, reply in zip((self.direct, self.proxied), pair, strict=True)
            )
            assert got == expected, f"{type(pair[0]).__name__} v{version}: {differences(expected, got)}"
            replies[version] = (pair[0], pair[1])
        return replies

    def offered(self, request: Callable[[Side, int], Message]) -> range:
        """The versions that the proxy offers of the API that ``request`` is for."""
        low, high = self.proxied.versions(request(self.proxied, 0).API_KEY)
        return range(low, high + 1)


def differences(expected: Any, got: Any, path: str = "") -> list[str]:
    """Where two plain replies differ, and how."""
    if isinstance(expected, dict) and isinstance(got, dict) and expected.keys() == got.keys():
        return [found for name in expected for found in differences(expected[name], got[name], f"{path}.{name}")]
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        pairs = enumerate(zip(expected, got, strict=True))
        return [found for n, (one, other) in pairs for found in differences(one, other, f"{path}[{n}]")]
    return [] if expected == got else [f"{path}: {expected!r} is {got!r}"]


def _without(plain: Any, hidden: frozenset[str]) -> Any:
    if isinstance(plain, dict):
        return {name: _without(value, hidden) for name, value in plain.items() if name not in hidden}
    if isinstance(plain, list):
        return [_without(element, hidden) for element in plain]
    return plain


def _coordinator(name: str) -> int:
    """The partition that keeps a group or a transactional id: the absolute value of Java's String.hashCode."""
    code = 0
    for character in name:
        code = (31 * code + ord(character)) & 0xFFFFFFFF
    return abs(code - (1 << 32) if code >= 1 << 31 else code) % COORDINATORS
