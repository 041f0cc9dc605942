"""What one worker knows of one upstream: its brokers, its topics, and what each broker speaks.

Everything learned here was said by a peer, so it is bounded and checked, and a reply that cannot be believed changes
nothing: the last good state stays.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zoneproxy.errors import ProtocolError

if TYPE_CHECKING:
    from zoneproxy.boundary.node_versions import NodeVersions
    from zoneproxy.wire.messages.metadata_response import MetadataResponse

MAX_BROKERS = 10_000  # the largest clusters known have a few hundred
MAX_HOST_LENGTH = 255  # RFC 1035; librdkafka overflows its stack on longer ones
NODE_TTL_SECONDS = 600.0  # how long a broker that Metadata no longer lists may still be dialled


@dataclass(frozen=True, slots=True)
class Node:
    """Where one upstream broker is, and when it was last seen (seconds)."""

    host: str
    port: int
    seen: float


class ClusterView:
    """State of one upstream as one worker knows it. Times are seconds from any one clock, given by the caller."""

    def __init__(self, *, topic_ttl_seconds: float = 300.0, max_topics: int = 100_000) -> None:
        self.nodes: dict[int, Node] = {}
        self.cluster_id: str | None = None
        self.auto_create_topics = True  # the brokers' auto.create.topics.enable, as far as known (Kafka's default)
        self._ttl = topic_ttl_seconds
        self._max_topics = max_topics

    # what sessions and the control connection feed in

    def learn_metadata(self, response: MetadataResponse, now: float) -> None:
        """Take over brokers and topics of a Metadata reply.

        Topics that it reports as unknown (3, 100) are remembered as not existing. Raises ProtocolError
        (``brokers``), with nothing changed, if it cannot be believed.
        """
        raise NotImplementedError

    def learn_versions(self, node: int, versions: NodeVersions) -> None:
        """What a broker answered to ApiVersions."""
        raise NotImplementedError

    def forget_id(self, topic_id: bytes) -> None:
        """A broker said UNKNOWN_TOPIC_ID or INCONSISTENT_TOPIC_ID: ask again next time."""
        raise NotImplementedError

    # what is asked

    def node(self, node_id: int) -> Node | None:
        """The broker's address, None while it is not known."""
        return self.nodes.get(node_id)

    def bootstrap_nodes(self) -> Iterable[int]:
        """Known brokers, the most recently seen first."""
        raise NotImplementedError

    def name_of(self, topic_id: bytes, now: float) -> str | None:
        """The topic's name, None if it is not known (or known not to exist)."""
        raise NotImplementedError

    def exists(self, name: str, now: float) -> bool | None:
        """True or False as last heard, None if that was never or too long ago."""
        raise NotImplementedError

    def versions_of(self, node: int) -> NodeVersions | None:
        """What that broker speaks, None while it is not known."""
        raise NotImplementedError

    def common_versions(self) -> NodeVersions | None:
        """What every known broker speaks: the answer to ApiVersions on bootstrap, before one is dialled."""
        raise NotImplementedError
