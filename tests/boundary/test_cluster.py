from __future__ import annotations

import pytest

from tests.boundary.kit import broker_versions, metadata, sizes, topic_id
from zoneproxy.boundary.cluster import EVERY_SECONDS, MAX_BROKERS, NODE_TTL_SECONDS, ClusterView, Node
from zoneproxy.boundary.node_versions import NodeVersions
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.metadata_response import (
    MetadataResponse,
    MetadataResponseBroker,
    MetadataResponsePartition,
    MetadataResponseTopic,
)


def broker(node: int, host: str = "broker.example", port: int = 9092) -> MetadataResponseBroker:
    return MetadataResponseBroker(node_id=node, host=host, port=port)


def learned(*brokers: MetadataResponseBroker, now: float = 0.0) -> ClusterView:
    cluster = ClusterView()
    cluster.learn_metadata(MetadataResponse(brokers=brokers, cluster_id="id"), now)
    return cluster


def test_learns_where_brokers_are() -> None:
    cluster = learned(broker(1, "one.example"), broker(2, "two.example", 9093))

    assert cluster.node(1) == Node("one.example", 9092, 0.0)
    assert cluster.node(2) == Node("two.example", 9093, 0.0)
    assert cluster.node(3) is None
    assert cluster.hosts() == {"one.example", "two.example"}
    assert cluster.cluster_id == "id"


def test_the_latest_address_counts_and_missing_brokers_stay_for_a_while() -> None:
    cluster = learned(broker(1), broker(2))
    cluster.learn_metadata(MetadataResponse(brokers=[broker(1, "moved.example")]), NODE_TTL_SECONDS)

    assert cluster.node(1) == Node("moved.example", 9092, NODE_TTL_SECONDS)
    assert cluster.node(2) is not None
    assert cluster.node_ids() == [1, 2]
    assert cluster.cluster_id == "id"

    cluster.learn_metadata(MetadataResponse(brokers=[broker(1)]), NODE_TTL_SECONDS + 1)
    assert cluster.node(2) is None


@pytest.mark.parametrize(
    "brokers",
    [
        [broker(-1)],
        [broker(1), broker(1, "other.example")],
        [broker(1, port=0)],
        [broker(1, port=-1)],
        [broker(1, port=65536)],
        [broker(1, "")],
        [broker(1, "h" * 256)],
        [broker(1, "h" * 65_536)],
        [broker(1, "a\r\nb")],
        [broker(1, "a b")],
        [broker(1, "hôte")],
        [broker(number) for number in range(MAX_BROKERS + 1)],
    ],
)
def test_a_reply_that_cannot_be_believed_changes_nothing(brokers: list[MetadataResponseBroker]) -> None:
    cluster = learned(broker(1))

    with pytest.raises(ProtocolError, match="brokers"):
        cluster.learn_metadata(MetadataResponse(brokers=brokers, cluster_id="other"), 1.0)
    assert cluster.node_ids() == [1]
    assert cluster.node(1) == Node("broker.example", 9092, 0.0)
    assert cluster.cluster_id == "id"


def test_many_replies_cannot_add_up_to_too_many_brokers() -> None:
    cluster = learned(*(broker(number) for number in range(MAX_BROKERS)))

    with pytest.raises(ProtocolError, match="brokers"):
        cluster.learn_nodes([broker(MAX_BROKERS)], 1.0)


def test_learns_topics_both_ways() -> None:
    cluster = ClusterView(topic_ttl_seconds=10.0)
    cluster.learn_metadata(metadata(["orders"]), 0.0)

    assert cluster.exists("orders", 10.0) is True
    assert cluster.name_of(topic_id("orders"), 10.0) == "orders"
    assert cluster.asked(topic_id("orders"), 10.0)
    assert cluster.exists("orders", 11.0) is None


def test_learns_what_does_not_exist() -> None:
    cluster = ClusterView()
    missing = [
        MetadataResponseTopic(error_code=ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, name="gone"),
        MetadataResponseTopic(error_code=ErrorCode.INVALID_TOPIC_EXCEPTION, name="a/b"),
        MetadataResponseTopic(error_code=ErrorCode.UNKNOWN_TOPIC_ID, name=None, topic_id=b"x" * 16),
        MetadataResponseTopic(error_code=ErrorCode.TOPIC_AUTHORIZATION_FAILED, name="hidden"),
        MetadataResponseTopic(error_code=ErrorCode.TOPIC_AUTHORIZATION_FAILED, name=None, topic_id=b"y" * 16),
    ]
    cluster.learn_metadata(MetadataResponse(topics=missing), 0.0)

    assert cluster.exists("gone", 0.0) is False
    assert cluster.exists("a/b", 0.0) is False
    assert cluster.exists("hidden", 0.0) is None
    assert cluster.asked(b"x" * 16, 0.0)
    assert not cluster.asked(b"y" * 16, 0.0)


def test_what_all_topics_are_is_believed_for_a_moment() -> None:
    cluster = ClusterView()
    orders = MetadataResponseTopic(name="orders", partitions=[MetadataResponsePartition() for _ in range(3)])
    assert cluster.every_topic(0.0) is None
    cluster.learn_every(MetadataResponse(topics=[orders, MetadataResponseTopic(name=None)]), 5.0)

    assert cluster.every_topic(4.0) == {"orders": 3}
    assert cluster.every_topic(5.0 + EVERY_SECONDS) == {"orders": 3}
    assert cluster.every_topic(5.1 + EVERY_SECONDS) is None


def test_topics_can_be_forgotten() -> None:
    cluster = ClusterView()
    cluster.learn_metadata(metadata(["orders", "refunds"]), 0.0)
    cluster.forget_id(topic_id("orders"))
    cluster.forget_names(["refunds"])

    assert cluster.exists("orders", 0.0) is None
    assert cluster.exists("refunds", 0.0) is None


def test_knows_what_each_broker_speaks_and_what_they_have_in_common() -> None:
    cluster = learned(broker(1), broker(2))
    assert cluster.versions_of(1) is None
    assert cluster.common_versions() is None

    cluster.learn_versions(1, NodeVersions({0: (0, 13)}))
    cluster.learn_versions(2, NodeVersions({0: (0, 11)}))
    assert cluster.versions_of(1) == NodeVersions({0: (0, 13)})
    assert cluster.common_versions() == NodeVersions({0: (0, 11)})

    cluster.learn_versions(2, broker_versions())
    cluster.learn_versions(2, broker_versions())
    assert cluster.common_versions() == NodeVersions({0: (0, 13)})


def test_what_a_broker_spoke_goes_with_the_broker() -> None:
    cluster = learned(broker(1), broker(2))
    cluster.learn_versions(2, NodeVersions({0: (0, 11)}))
    cluster.learn_metadata(MetadataResponse(brokers=[broker(1)]), NODE_TTL_SECONDS + 1)

    assert cluster.versions_of(2) is None
    assert cluster.common_versions() is None


def test_before_any_broker_was_heard_the_one_of_the_control_connection_speaks_for_all() -> None:
    view = ClusterView()
    first, other = NodeVersions({18: (0, 4)}), NodeVersions({18: (0, 3)})
    view.first_versions = first
    assert view.common_versions() is first
    view.learn_versions(1, other)
    assert view.common_versions() == other


def test_learns_how_large_batches_may_be() -> None:
    cluster = ClusterView()
    assert cluster.max_message_bytes("a", 0.0) is None
    cluster.learn_sizes(sizes("a", "1000"), 0.0)
    assert cluster.max_message_bytes("a", 0.0) == 1_000
    cluster.forget_message_bytes(["a", "b"])
    assert cluster.max_message_bytes("a", 0.0) is None
