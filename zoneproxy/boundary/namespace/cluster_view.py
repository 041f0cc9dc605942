"""What is known of an upstream, in the words of one namespace: names are virtual, what is of others does not exist.

What is learned is the upstream's own and goes to the view that all zones of it share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from zoneproxy.boundary.cluster import ClusterView, Endpoint, Node

if TYPE_CHECKING:
    from zoneproxy.boundary.node_versions import NodeVersions
    from zoneproxy.policy.namespaces import Namespace
    from zoneproxy.wire.messages.describe_configs_response import DescribeConfigsResponse
    from zoneproxy.wire.messages.metadata_response import MetadataResponse


def view_within(cluster: ClusterView, namespace: Namespace | None) -> ClusterView:
    """The view that the decisions of a zone are made with."""
    return cluster if namespace is None else NamespacedView(cluster, namespace)


class NamespacedView(ClusterView):
    """Holds nothing itself."""

    def __init__(self, shared: ClusterView, namespace: Namespace) -> None:
        self._shared = shared
        self._namespace = namespace

    # --- in this namespace's words ---

    def name_of(self, topic_id: bytes, now: float) -> str | None:
        """The topic's name; None if there is no such topic in this namespace, as far as is known."""
        name = self._shared.name_of(topic_id, now)
        return None if name is None else self._namespace.virtual(name)

    def exists(self, name: str, now: float) -> bool | None:
        """See ClusterView."""
        return self._shared.exists(self._namespace.physical(name), now)

    def every_topic(self, now: float) -> Mapping[str, int] | None:
        """See ClusterView."""
        every = self._shared.every_topic(now)
        if every is None:
            return None
        named = ((self._namespace.virtual(name), partitions) for name, partitions in every.items())
        return {name: partitions for name, partitions in named if name is not None}

    def forget_names(self, names: Iterable[str]) -> None:
        """See ClusterView."""
        self._shared.forget_names(map(self._namespace.physical, names))

    def max_message_bytes(self, name: str, now: float) -> int | None:
        """See ClusterView."""
        return self._shared.max_message_bytes(self._namespace.physical(name), now)

    def forget_message_bytes(self, names: Iterable[str]) -> None:
        """See ClusterView."""
        self._shared.forget_message_bytes(map(self._namespace.physical, names))

    # --- the upstream's ---

    @property
    def cluster_id(self) -> str | None:  # type: ignore[override]  # an attribute of the shared view
        """See ClusterView."""
        return self._shared.cluster_id

    @property
    def auto_create_topics(self) -> bool:  # type: ignore[override]  # an attribute of the shared view
        """See ClusterView."""
        return self._shared.auto_create_topics

    def learn_metadata(self, response: MetadataResponse, now: float) -> None:
        """See ClusterView; the reply is the upstream's, with physical names."""
        self._shared.learn_metadata(response, now)

    def learn_nodes(self, brokers: Iterable[Endpoint], now: float) -> None:
        """See ClusterView."""
        self._shared.learn_nodes(brokers, now)

    def learn_every(self, response: MetadataResponse, now: float) -> None:
        """See ClusterView; the reply is the upstream's, with physical names."""
        self._shared.learn_every(response, now)

    def learn_sizes(self, response: DescribeConfigsResponse, now: float) -> None:
        """See ClusterView; the reply is the upstream's, with physical names."""
        self._shared.learn_sizes(response, now)

    def learn_versions(self, node: int, versions: NodeVersions) -> None:
        """See ClusterView."""
        self._shared.learn_versions(node, versions)

    def forget_id(self, topic_id: bytes) -> None:
        """See ClusterView."""
        self._shared.forget_id(topic_id)

    def asked(self, topic_id: bytes, now: float) -> bool:
        """See ClusterView."""
        return self._shared.asked(topic_id, now)

    def node(self, node_id: int) -> Node | None:
        """See ClusterView."""
        return self._shared.node(node_id)

    def node_ids(self) -> list[int]:
        """See ClusterView."""
        return self._shared.node_ids()

    def hosts(self) -> frozenset[str]:
        """See ClusterView."""
        return self._shared.hosts()

    def versions_of(self, node: int) -> NodeVersions | None:
        """See ClusterView."""
        return self._shared.versions_of(node)

    def common_versions(self) -> NodeVersions | None:
        """See ClusterView."""
        return self._shared.common_versions()
