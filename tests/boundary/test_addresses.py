from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.boundary.kit import NOW, UPSTREAM_HOST, chain, context, finish, metadata, through_the_wire
from zoneproxy.boundary.addresses import AddressInterceptor
from zoneproxy.boundary.advertised import PortAddresses, SniAddresses
from zoneproxy.boundary.cluster import ClusterView
from zoneproxy.boundary.facts import Noticed
from zoneproxy.boundary.interceptor import Context, Forward
from zoneproxy.errors import ProtocolError
from zoneproxy.wire.codec import encode_response
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages import (
    describe_cluster_response,
    describe_configs_response,
    describe_quorum_response,
    fetch_response,
    find_coordinator_response,
    metadata_response,
    produce_response,
    share_acknowledge_response,
    share_fetch_response,
)
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_quorum_request import DescribeQuorumRequest
from zoneproxy.wire.messages.registry import APIS

OUT_OF_RANGE = 99
NOTICED = Noticed("node_out_of_range")


def rewritten(response: Any, ctx: Context) -> Any:
    """The response after the address step, as the client reads it; the upstream's host must not be in it."""
    outcome = AddressInterceptor().request(None, ctx)  # type: ignore[arg-type]  # requests are not looked at
    assert isinstance(outcome, Forward)
    message = through_the_wire(response, ctx)
    if outcome.then is not None:
        outcome.then(message, ctx)
    frame = encode_response(1, ctx.header.api_key, ctx.header.api_version, message)
    assert UPSTREAM_HOST.encode() not in frame
    assert b"inside.example" not in frame
    return through_the_wire(message, ctx)


def versions_of(api: ApiKey, first: int = 0) -> range:
    return range(max(first, APIS[api].min_version), APIS[api].max_version + 1)


# --- metadata ---


@pytest.mark.parametrize("version", versions_of(ApiKey.METADATA))
def test_metadata_lists_our_addresses_of_known_nodes(version: int) -> None:
    ctx = context("clerk", ApiKey.METADATA, version)
    response = rewritten(metadata(nodes=(1, 3)), ctx)

    assert [(b.node_id, b.host, b.port) for b in response.brokers] == [
        (1, "proxy.example", 9101),
        (3, "proxy.example", 9103),
    ]
    assert response.controller_id == (1 if version >= 1 else -1)


def test_metadata_is_learned_as_the_upstream_gave_it() -> None:
    cluster = ClusterView()
    rewritten(metadata(["open.a"], nodes=(1, 3)), context("clerk", ApiKey.METADATA, 12, cluster=cluster))

    node = cluster.node(3)
    assert node is not None
    assert (node.host, node.port, node.seen) == (UPSTREAM_HOST, 9003, NOW)
    assert cluster.exists("open.a", NOW)


def test_a_node_outside_the_range_is_never_advertised() -> None:
    ctx = context("clerk", ApiKey.METADATA, 12)
    response = rewritten(metadata(nodes=(OUT_OF_RANGE, 1)), ctx)

    assert [b.node_id for b in response.brokers] == [1]
    assert response.controller_id == -1
    assert ctx.facts == [NOTICED]


def test_with_sni_each_node_has_a_name() -> None:
    ctx = context("clerk", ApiKey.METADATA, 12, addresses=SniAddresses("payments", "kafka.example.com", 9093))
    response = rewritten(metadata(nodes=(OUT_OF_RANGE,)), ctx)

    assert [(b.host, b.port) for b in response.brokers] == [("b99.payments.kafka.example.com", 9093)]


def test_metadata_that_cannot_be_believed_ends_the_session() -> None:
    response = metadata(nodes=(1,))
    response.brokers.append(metadata_response.MetadataResponseBroker(node_id=1, host="other.example", port=1))

    with pytest.raises(ProtocolError, match="brokers"):
        rewritten(response, context("clerk", ApiKey.METADATA, 12))


# --- coordinators ---


@pytest.mark.parametrize("version", range(4))
def test_old_coordinators(version: int) -> None:
    ctx = context("operator", ApiKey.FIND_COORDINATOR, version)
    response = rewritten(
        find_coordinator_response.FindCoordinatorResponse(node_id=2, host=UPSTREAM_HOST, port=9000), ctx
    )

    assert (response.error_code, response.node_id, response.host, response.port) == (0, 2, "proxy.example", 9102)
    assert ctx.session.cluster.node(2) is not None


@pytest.mark.parametrize("version", [0, 3])
def test_an_old_coordinator_out_of_range_is_not_available(version: int) -> None:
    ctx = context("operator", ApiKey.FIND_COORDINATOR, version)
    response = rewritten(
        find_coordinator_response.FindCoordinatorResponse(node_id=OUT_OF_RANGE, host=UPSTREAM_HOST, port=9000), ctx
    )

    unavailable = ErrorCode.COORDINATOR_NOT_AVAILABLE
    assert (response.error_code, response.node_id, response.host, response.port) == (unavailable, -1, "", -1)
    assert ctx.facts == [NOTICED]


@pytest.mark.parametrize("version", versions_of(ApiKey.FIND_COORDINATOR, 4))
def test_coordinators_by_key(version: int) -> None:
    def coordinator(node: int, host: str = UPSTREAM_HOST) -> find_coordinator_response.Coordinator:
        return find_coordinator_response.Coordinator(key=f"g{node}", node_id=node, host=host, port=9000)

    missing = coordinator(-1, "")
    missing.error_code = ErrorCode.COORDINATOR_LOAD_IN_PROGRESS
    nameless = coordinator(-1)
    ctx = context("operator", ApiKey.FIND_COORDINATOR, version)
    response = rewritten(
        find_coordinator_response.FindCoordinatorResponse(
            coordinators=[coordinator(2), coordinator(OUT_OF_RANGE), missing, nameless]
        ),
        ctx,
    )

    assert [(c.key, c.node_id, c.host, c.port, c.error_code) for c in response.coordinators] == [
        ("g2", 2, "proxy.example", 9102, 0),
        ("g99", -1, "", -1, ErrorCode.COORDINATOR_NOT_AVAILABLE),
        ("g-1", -1, "", -1, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS),
        ("g-1", -1, "", -1, 0),
    ]


# --- the cluster ---


@pytest.mark.parametrize("version", versions_of(ApiKey.DESCRIBE_CLUSTER))
def test_describe_cluster(version: int) -> None:
    brokers = [
        describe_cluster_response.DescribeClusterBroker(broker_id=node, host=UPSTREAM_HOST, port=9000)
        for node in (1, OUT_OF_RANGE)
    ]
    response = rewritten(
        describe_cluster_response.DescribeClusterResponse(brokers=brokers, controller_id=1, cluster_id="id"),
        context("operator", ApiKey.DESCRIBE_CLUSTER, version),
    )

    assert [(b.broker_id, b.host, b.port) for b in response.brokers] == [(1, "proxy.example", 9101)]
    assert response.controller_id == 1
    assert response.cluster_authorized_operations == -(1 << 31)


@pytest.mark.parametrize("version", [1, 2])
def test_controllers_are_no_business_of_clients(version: int) -> None:
    broker = describe_cluster_response.DescribeClusterBroker(broker_id=1, host=UPSTREAM_HOST, port=9000)
    response = rewritten(
        describe_cluster_response.DescribeClusterResponse(brokers=[broker], controller_id=1, endpoint_type=2),
        context("operator", ApiKey.DESCRIBE_CLUSTER, version),
    )

    assert response.brokers == []
    assert response.controller_id == -1


def test_controllers_listeners_are_blanked() -> None:
    listener = describe_quorum_response.Listener(name="CONTROLLER", host=UPSTREAM_HOST, port=9093)
    answer = describe_quorum_response.DescribeQuorumResponse(
        nodes=[describe_quorum_response.Node(node_id=1, listeners=[listener])]
    )
    response = rewritten(answer, context("operator", ApiKey.DESCRIBE_QUORUM, 2))

    assert [(node.node_id, node.listeners) for node in response.nodes] == [(1, [])]


# --- where a new leader is (KIP-951) ---

ENDPOINTS: list[tuple[ApiKey, int, Any, Any]] = [
    (ApiKey.PRODUCE, 10, produce_response.ProduceResponse, produce_response.NodeEndpoint),
    (ApiKey.FETCH, 16, fetch_response.FetchResponse, fetch_response.NodeEndpoint),
    (ApiKey.SHARE_FETCH, 0, share_fetch_response.ShareFetchResponse, share_fetch_response.NodeEndpoint),
    (
        ApiKey.SHARE_ACKNOWLEDGE,
        0,
        share_acknowledge_response.ShareAcknowledgeResponse,
        share_acknowledge_response.NodeEndpoint,
    ),
]


@pytest.mark.parametrize(("api", "first", "response", "endpoint"), ENDPOINTS)
def test_node_endpoints(api: ApiKey, first: int, response: Any, endpoint: Any) -> None:
    for version in versions_of(api, first):
        ctx = context("operator", api, version)
        answer = response(
            node_endpoints=[endpoint(node_id=node, host=UPSTREAM_HOST, port=9000) for node in (1, OUT_OF_RANGE)]
        )

        assert [(e.node_id, e.host, e.port) for e in rewritten(answer, ctx).node_endpoints] == [
            (1, "proxy.example", 9101)
        ]
        assert ctx.session.cluster.node(1) is not None
        assert ctx.facts == [NOTICED]


@pytest.mark.parametrize(("api", "first", "response", "endpoint"), ENDPOINTS)
def test_replies_without_node_endpoints_are_left_as_they_are(
    api: ApiKey, first: int, response: Any, endpoint: Any
) -> None:
    ctx = context("operator", api, max(first, APIS[api].min_version))
    outcome = AddressInterceptor().request(None, ctx)  # type: ignore[arg-type]  # requests are not looked at

    assert isinstance(outcome, Forward)
    assert outcome.then is not None
    assert outcome.then(response(), ctx) is False


@pytest.mark.parametrize(("api", "version"), [(ApiKey.PRODUCE, 9), (ApiKey.FETCH, 15), (ApiKey.DESCRIBE_QUORUM, 1)])
def test_versions_without_addresses_are_not_even_decoded(api: ApiKey, version: int) -> None:
    assert AddressInterceptor().request(None, context("operator", api, version)) == Forward()  # type: ignore[arg-type]


# --- configurations ---


def test_addresses_in_configurations_of_brokers_are_blanked() -> None:
    def config(name: str, value: str) -> describe_configs_response.DescribeConfigsResourceResult:
        synonym = describe_configs_response.DescribeConfigsSynonym(name=name, value=value)
        return describe_configs_response.DescribeConfigsResourceResult(name=name, value=value, synonyms=[synonym])

    cluster = ClusterView()
    cluster.learn_metadata(metadata(), NOW)
    hidden = [
        "listeners",
        "advertised.listeners",
        "controller.quorum.voters",
        "controller.quorum.bootstrap.servers",
        "zookeeper.connect",
        "rlmm.config.remote.log.metadata.common.client.bootstrap.servers",
        "super.users",
    ]
    configs = [config(name, f"x://{UPSTREAM_HOST}:9092") for name in hidden] + [config("log.retention.ms", "5")]
    result = describe_configs_response.DescribeConfigsResult(resource_type=4, resource_name="1", configs=configs)
    response = rewritten(
        describe_configs_response.DescribeConfigsResponse(results=[result]),
        context("operator", ApiKey.DESCRIBE_CONFIGS, 4, cluster=cluster),
    )

    (result,) = response.results
    assert [(c.name, c.value, [s.value for s in c.synonyms]) for c in result.configs] == [
        *((name, None, [None]) for name in hidden),
        ("log.retention.ms", "5", ["5"]),
    ]


def test_a_host_is_looked_for_as_a_whole_name() -> None:
    cluster = ClusterView()
    short = metadata_response.MetadataResponseBroker(node_id=1, host="kafka", port=9092)
    cluster.learn_metadata(metadata_response.MetadataResponse(brokers=[short]), NOW)
    values = {"a": "org.apache.kafka.common", "b": "kafka-logs", "c": "kafka", "d": "kafka:9092", "e": "x@kafka"}
    configs = [
        describe_configs_response.DescribeConfigsResourceResult(name=name, value=value)
        for name, value in values.items()
    ]
    result = describe_configs_response.DescribeConfigsResult(resource_type=4, configs=configs)
    response = rewritten(
        describe_configs_response.DescribeConfigsResponse(results=[result]),
        context("operator", ApiKey.DESCRIBE_CONFIGS, 4, cluster=cluster),
    )

    assert [c.value for c in response.results[0].configs] == ["org.apache.kafka.common", "kafka-logs", None, None, None]


def test_while_no_host_is_known_names_of_settings_decide() -> None:
    configs = [
        describe_configs_response.DescribeConfigsResourceResult(name=name, value="x:1")
        for name in ("listeners", "other")
    ]
    result = describe_configs_response.DescribeConfigsResult(resource_type=4, configs=configs)
    response = rewritten(
        describe_configs_response.DescribeConfigsResponse(results=[result]),
        context("operator", ApiKey.DESCRIBE_CONFIGS, 4),
    )

    assert [c.value for c in response.results[0].configs] == [None, "x:1"]


def test_configurations_of_topics_are_left_alone() -> None:
    config = describe_configs_response.DescribeConfigsResourceResult(name="listeners", value="compact")
    result = describe_configs_response.DescribeConfigsResult(resource_type=2, resource_name="t", configs=[config])
    response = rewritten(
        describe_configs_response.DescribeConfigsResponse(results=[result]),
        context("operator", ApiKey.DESCRIBE_CONFIGS, 4),
    )

    assert response.results[0].configs[0].value == "compact"


# --- the table ---

ADDRESS_FIELDS = {"host", "listeners"}
NOT_OF_BROKERS = {
    ApiKey.DESCRIBE_ACLS,  # hosts of clients
    ApiKey.DELETE_ACLS,
    ApiKey.STREAMS_GROUP_HEARTBEAT,  # endpoints of applications
    ApiKey.STREAMS_GROUP_DESCRIBE,
}


def carries_addresses(module: Any) -> bool:
    return any(
        ADDRESS_FIELDS & set(getattr(cls, "__slots__", ())) for cls in vars(module).values() if isinstance(cls, type)
    )


def test_every_reply_that_has_a_place_for_a_host_is_in_the_table() -> None:
    apis = {ApiKey(key) for key, api in APIS.items() if carries_addresses(sys.modules[api.response.__module__])}

    assert apis - NOT_OF_BROKERS == AddressInterceptor().apis - {ApiKey.DESCRIBE_CONFIGS}


def test_the_chain_has_the_address_step() -> None:
    ctx = context("operator", ApiKey.DESCRIBE_QUORUM, 2)
    routed = finish(chain().request(DescribeQuorumRequest(), ctx), ctx)

    assert len(routed.thens) == 1
    assert PortAddresses("h", 1).advertised(0) == ("h", 1)
