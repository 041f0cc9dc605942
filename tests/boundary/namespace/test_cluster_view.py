from __future__ import annotations

import inspect

from tests.boundary.kit import NOW, UPSTREAM_HOST, broker_versions, metadata, sizes, topic_id
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.namespace.cluster_view import NamespacedView, view_within
from zoneproxy.policy.namespaces import Namespace

A, B = Namespace("a."), Namespace("b.")


def test_a_zone_without_a_namespace_sees_the_upstream_itself() -> None:
    cluster = ClusterView()
    assert view_within(cluster, None) is cluster


def test_names_are_the_namespaces_own() -> None:
    cluster = ClusterView()
    a, b = view_within(cluster, A), view_within(cluster, B)
    a.learn_metadata(metadata(["a.orders", "b.bills"]), NOW)
    assert a.name_of(topic_id("a.orders"), NOW) == "orders"
    assert a.name_of(topic_id("b.bills"), NOW) is None
    assert b.name_of(topic_id("b.bills"), NOW) == "bills"
    assert a.name_of(topic_id("nothing"), NOW) is None
    assert (a.exists("orders", NOW), b.exists("orders", NOW), a.exists("b.bills", NOW)) == (True, None, None)
    assert (a.asked(topic_id("b.bills"), NOW), a.asked(topic_id("nothing"), NOW)) == (True, False)


def test_forgetting_is_within_the_namespace() -> None:
    cluster = ClusterView()
    a, b = view_within(cluster, A), view_within(cluster, B)
    cluster.learn_metadata(metadata(["a.orders", "b.orders"]), NOW)
    a.forget_names(["orders"])
    assert (a.exists("orders", NOW), b.exists("orders", NOW)) == (None, True)
    b.forget_id(topic_id("b.orders"))
    assert b.exists("orders", NOW) is None


def test_sizes_of_topics_are_the_namespaces_own() -> None:
    cluster = ClusterView()
    a, b = view_within(cluster, A), view_within(cluster, B)
    a.learn_sizes(sizes("a.orders", "1000"), NOW)
    assert (a.max_message_bytes("orders", NOW), b.max_message_bytes("orders", NOW)) == (1_000, None)
    b.forget_message_bytes(["orders"])
    assert a.max_message_bytes("orders", NOW) == 1_000
    a.forget_message_bytes(["orders"])
    assert a.max_message_bytes("orders", NOW) is None


def test_all_topics_are_all_of_the_namespace() -> None:
    cluster = ClusterView()
    a = view_within(cluster, A)
    assert a.every_topic(NOW) is None
    a.learn_every(metadata(["a.orders", "b.bills", "__consumer_offsets"]), NOW)
    assert a.every_topic(NOW) == {"orders": 0}


def test_what_is_learned_is_the_upstreams() -> None:
    cluster = ClusterView()
    view = view_within(cluster, A)
    view.learn_nodes(metadata(nodes=[4]).brokers, NOW)
    view.learn_versions(4, broker_versions())
    cluster.auto_create_topics, cluster.cluster_id = False, "c"
    assert view.node(4) == cluster.node(4)
    assert (view.node_ids(), view.hosts()) == ([4], {UPSTREAM_HOST})
    assert (view.versions_of(4), view.common_versions()) == (broker_versions(), broker_versions())
    assert (view.auto_create_topics, view.cluster_id) == (False, "c")


def test_nothing_of_the_view_is_left_to_the_base_class() -> None:
    """It has no state of its own: what is not said here would not work."""
    public = {name for name, _ in inspect.getmembers(ClusterView, inspect.isfunction) if not name.startswith("_")}
    assert public <= vars(NamespacedView).keys()
