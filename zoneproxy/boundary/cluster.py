"""What one worker knows of one upstream: its brokers, its topics, and what each broker speaks.

Everything learned here was said by a peer, so it is bounded and checked, and a reply that cannot be believed changes
nothing: the last good state stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Protocol

from zoneproxy.boundary.message_sizes import MessageSizes
from zoneproxy.boundary.node_versions import NodeVersions
from zoneproxy.boundary.topics import TopicIndex
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode

if TYPE_CHECKING:
    from zoneproxy.wire.messages.describe_configs_response import DescribeConfigsResponse
    from zoneproxy.wire.messages.metadata_response import MetadataResponse, MetadataResponseTopic

MAX_BROKERS = 10_000  # the largest clusters known have some hundreds
MAX_HOST_LENGTH = 255  # RFC 1035; librdkafka once overflowed its stack on longer ones
NODE_TTL_SECONDS = 600.0  # how long a broker that Metadata no longer lists may still be dialled
EVERY_SECONDS = 1.0  # how long a list of all topics is believed to be all of them


@dataclass(frozen=True, slots=True)
class Node:
    """Where one upstream broker is, and when it was last heard of (seconds)."""

    host: str
    port: int
    seen: float


class Endpoint(Protocol):
    """A broker as Metadata and the NodeEndpoints of KIP-951 name it."""

    node_id: int
    host: str
    port: int


class ClusterView:
    """State of one upstream as one worker knows it. Times are seconds from any one clock, given by the caller."""

    def __init__(self, *, topic_ttl_seconds: float = 300.0, max_topics: int = 100_000) -> None:
        self.cluster_id: str | None = None
        self.auto_create_topics = True  # the brokers' auto.create.topics.enable as far as known; True is the default
        self._sizes = MessageSizes()
        self._nodes: dict[int, Node] = {}
        self._versions: dict[int, NodeVersions] = {}
        self.first_versions: NodeVersions | None = None  # what the broker of the control connection speaks
        self._common: NodeVersions | None = None
        self._every: tuple[float, Mapping[str, int]] | None = None
        self._topics = TopicIndex(ttl_seconds=topic_ttl_seconds, max_topics=max_topics)

    # --- what sessions and the control connection feed in ---

    def learn_metadata(self, response: MetadataResponse, now: float) -> None:
        """Take over the brokers and topics of a Metadata reply as the upstream gave it.

        Brokers that it does not list stay for NODE_TTL_SECONDS: one broker's view may lag behind the cluster's.
        Raises ProtocolError (``brokers``), with nothing changed, if it cannot be believed.
        """
        self.learn_nodes(response.brokers, now)
        if response.cluster_id is not None:
            self.cluster_id = response.cluster_id
        for topic in response.topics:
            self._learn_topic(topic, now)

    def learn_nodes(self, brokers: Iterable[Endpoint], now: float) -> None:
        """Take over broker addresses. Raises ProtocolError (``brokers``), with nothing changed."""
        heard = _believable(brokers, now)
        kept = {id_: node for id_, node in self._nodes.items() if id_ in heard or now - node.seen <= NODE_TTL_SECONDS}
        if len(kept.keys() | heard.keys()) > MAX_BROKERS:
            raise ProtocolError("brokers")
        self._nodes = kept | heard
        if self._versions.keys() - self._nodes.keys():
            self._versions = {id_: spoken for id_, spoken in self._versions.items() if id_ in self._nodes}
            self._common = None

    def learn_every(self, response: MetadataResponse, now: float) -> None:
        """What a reply to a question for all topics lists, with the number of their partitions."""
        self._every = (now, {topic.name: len(topic.partitions) for topic in response.topics if topic.name})

    def learn_sizes(self, response: DescribeConfigsResponse, now: float) -> None:
        """What a broker said of the settings of topics."""
        self._sizes.learn(response, now)

    def forget_message_bytes(self, names: Iterable[str]) -> None:
        """A broker found a batch too large that should have been small enough: ask again next time."""
        self._sizes.forget(names)

    def learn_versions(self, node: int, versions: NodeVersions) -> None:
        """What a broker answered to ApiVersions."""
        if self._versions.get(node) != versions:
            self._versions[node] = versions
            self._common = None

    def forget_id(self, topic_id: bytes) -> None:
        """A broker said UNKNOWN_TOPIC_ID or INCONSISTENT_TOPIC_ID: ask again next time."""
        self._topics.forget_id(topic_id)

    def forget_names(self, names: Iterable[str]) -> None:
        """What was heard of these topics is not enough: the next look-up decides."""
        for name in names:
            self._topics.forget_name(name)

    def _learn_topic(self, topic: MetadataResponseTopic, now: float) -> None:
        if topic.error_code == ErrorCode.UNKNOWN_TOPIC_ID:
            self._topics.absent_id(topic.topic_id, now)
        elif topic.name is None:
            return
        elif topic.error_code in (ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.INVALID_TOPIC_EXCEPTION):
            self._topics.absent_name(topic.name, now)
        elif topic.error_code in (ErrorCode.NONE, ErrorCode.LEADER_NOT_AVAILABLE):
            self._topics.present(topic.name, topic.topic_id, now)

    # --- what is asked ---

    def node(self, node_id: int) -> Node | None:
        """The broker's address, None while it is not known."""
        return self._nodes.get(node_id)

    def node_ids(self) -> list[int]:
        """Known brokers, the most recently heard of first: what to dial for bootstrap."""
        return sorted(self._nodes, key=lambda id_: (-self._nodes[id_].seen, id_))

    def hosts(self) -> frozenset[str]:
        """Every known broker's host name."""
        return frozenset(node.host for node in self._nodes.values())

    def name_of(self, topic_id: bytes, now: float) -> str | None:
        """The topic's name; None if it is not known, or known not to exist."""
        return self._topics.name_of(topic_id, now)

    def asked(self, topic_id: bytes, now: float) -> bool:
        """Whether the upstream said so lately what that id is, or that there is none, that it need not be asked."""
        return self._topics.asked(topic_id, now)

    def exists(self, name: str, now: float) -> bool | None:
        """Whether there is such a topic as last heard; None if that was never or too long ago."""
        return self._topics.exists(name, now)

    def every_topic(self, now: float) -> Mapping[str, int] | None:
        """All topics and how many partitions they have, None if that was not heard just now."""
        if self._every is None or now - self._every[0] > EVERY_SECONDS:
            return None
        return self._every[1]

    def max_message_bytes(self, name: str, now: float) -> int | None:
        """The largest batch that the topic takes; None if that was not heard lately."""
        return self._sizes.of(name, now)

    def versions_of(self, node: int) -> NodeVersions | None:
        """What that broker speaks, None while it is not known."""
        return self._versions.get(node)

    def common_versions(self) -> NodeVersions | None:
        """What every broker heard so far speaks: the answer to ApiVersions before one is dialled."""
        if self._common is None and self._versions:
            self._common = reduce(NodeVersions.common, self._versions.values())
        return self._common or self.first_versions


def _believable(brokers: Iterable[Endpoint], now: float) -> dict[int, Node]:
    nodes: dict[int, Node] = {}
    for broker in brokers:
        if (
            broker.node_id < 0
            or broker.node_id in nodes
            or not 1 <= broker.port <= 65535
            or not _is_host(broker.host)
            or len(nodes) == MAX_BROKERS
        ):
            raise ProtocolError("brokers")
        nodes[broker.node_id] = Node(broker.host, broker.port, now)
    return nodes


def _is_host(host: str) -> bool:
    return 0 < len(host) <= MAX_HOST_LENGTH and host.isascii() and host.isprintable() and " " not in host
