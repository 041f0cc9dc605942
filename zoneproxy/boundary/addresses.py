"""Addresses: no reply tells a client where a broker of the upstream is (design: `ports` and `sni`).

Every field that carries a broker's host and port gets the listener's own instead. A broker outside the range that the
listener has bound is left out, or counts as not available. Free texts, which may name hosts too, see ``texts``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from zoneproxy.boundary.facts import Noticed
from zoneproxy.boundary.interceptor import GO_ON, Context, Forward, Outcome
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_cluster_response import DescribeClusterResponse
from zoneproxy.wire.messages.describe_configs_response import DescribeConfigsResponse
from zoneproxy.wire.messages.describe_quorum_response import DescribeQuorumResponse
from zoneproxy.wire.messages.find_coordinator_response import Coordinator, FindCoordinatorResponse
from zoneproxy.wire.messages.message import Message
from zoneproxy.wire.messages.metadata_response import MetadataResponse

NO_NODE = -1
BROKERS = 1  # DescribeCluster's endpoint type; 2 is controllers
BROKER_RESOURCE = 4  # DescribeConfigs' resource type (ConfigResource.Type)


class AddressInterceptor:
    """Rewrites replies; requests carry no addresses."""

    def __init__(self) -> None:
        self.apis = frozenset(_REWRITES)

    def request(self, message: Message, ctx: Context) -> Outcome:
        """See the module."""
        first_version, rewritten = _OUTCOMES[ctx.header.api_key]
        return rewritten if ctx.header.api_version >= first_version else GO_ON


# --- one broker ----------------------------------------------------------------------------------------------


class _Place(Protocol):
    """Where an address stands."""

    host: str
    port: int


class _Endpoint(_Place, Protocol):
    node_id: int


E = TypeVar("E", bound=_Endpoint)


def _advertise(node_id: int, place: _Place, ctx: Context) -> bool:
    """Put the listener's address in; False if it has none for that broker."""
    address = ctx.session.addresses.advertised(node_id)
    if address is None:
        ctx.facts.append(Noticed("node_out_of_range"))
        return False
    place.host, place.port = address
    return True


def _advertised(endpoints: list[E], ctx: Context) -> list[E]:
    """Learn brokers, then give back those that the listener has an address for, with it."""
    ctx.session.cluster.learn_nodes(endpoints, ctx.now)
    return [endpoint for endpoint in endpoints if _advertise(endpoint.node_id, endpoint, ctx)]


def _in_range(node_id: int, ctx: Context) -> int:
    return node_id if ctx.session.addresses.advertised(node_id) is not None else NO_NODE


# --- by API --------------------------------------------------------------------------------------------------


def _metadata(response: MetadataResponse, ctx: Context) -> bool:
    ctx.session.cluster.learn_metadata(response, ctx.now)
    response.brokers = [broker for broker in response.brokers if _advertise(broker.node_id, broker, ctx)]
    response.controller_id = _in_range(response.controller_id, ctx)
    return True


def _find_coordinator(response: FindCoordinatorResponse, ctx: Context) -> bool:
    if ctx.header.api_version < _COORDINATORS_FROM_VERSION:
        _coordinator(response, ctx)
    for coordinator in response.coordinators:
        _coordinator(coordinator, ctx)
    return True


def _coordinator(place: FindCoordinatorResponse | Coordinator, ctx: Context) -> None:
    if place.node_id < 0 or not place.host:  # there is none at the moment
        place.node_id, place.host, place.port = NO_NODE, "", -1
    elif not _advertised([place], ctx):
        place.node_id, place.host, place.port = NO_NODE, "", -1
        place.error_code, place.error_message = ErrorCode.COORDINATOR_NOT_AVAILABLE, None


def _describe_cluster(response: DescribeClusterResponse, ctx: Context) -> bool:
    controllers = response.endpoint_type != BROKERS  # they are no business of clients
    brokers = [] if controllers else response.brokers
    response.brokers = [broker for broker in brokers if _advertise(broker.broker_id, broker, ctx)]
    response.controller_id = NO_NODE if controllers else _in_range(response.controller_id, ctx)
    return True


class _HasEndpoints(Protocol):
    node_endpoints: list[Any]  # each API has a class of its own for them


def rewrite_node_endpoints(response: _HasEndpoints, ctx: Context) -> bool:
    """Where a new leader is (KIP-951): of use only with an address that the client can reach."""
    if not response.node_endpoints:
        return False
    response.node_endpoints = _advertised(response.node_endpoints, ctx)
    return True


def _describe_quorum(response: DescribeQuorumResponse, ctx: Context) -> bool:
    for node in response.nodes:
        node.listeners = []
    return bool(response.nodes)


class _HasValue(Protocol):
    name: str
    value: str | None


def _describe_configs(response: DescribeConfigsResponse, ctx: Context) -> bool:
    """Blank values of brokers that are addresses, and whatever else names a host of the upstream."""
    places: list[_HasValue] = []
    for result in response.results:
        if result.resource_type == BROKER_RESOURCE:
            for config in result.configs:
                places += [config, *config.synonyms]
    if not places:
        return False
    named = _hosts(ctx)
    for place in places:
        if place.value and (_ADDRESS_CONFIG.fullmatch(place.name) or named.search(place.value)):
            place.value = None
    return True


def _hosts(ctx: Context) -> re.Pattern[str]:
    """Finds the upstream's host names, each as a whole: a host `kafka` is not in `org.apache.kafka.common`."""
    hosts = "|".join(map(re.escape, sorted(ctx.session.cluster.hosts())))
    return re.compile(rf"(?<![\w.-])(?:{hosts})(?![\w.-])" if hosts else r"(?!)")


_COORDINATORS_FROM_VERSION = 4

_ADDRESS_CONFIG = re.compile(
    r"(advertised\.)?(listeners|host\.name|port)|controller\.quorum\..*|zookeeper\.connect|.*bootstrap\.servers"
)

Rewrite = Callable[[Any, Context], bool]

# API -> the first version in which there is something to rewrite, and how.
_REWRITES: dict[ApiKey, tuple[int, Rewrite]] = {
    ApiKey.METADATA: (0, _metadata),
    ApiKey.PRODUCE: (10, rewrite_node_endpoints),
    ApiKey.FETCH: (16, rewrite_node_endpoints),
    ApiKey.FIND_COORDINATOR: (0, _find_coordinator),
    ApiKey.DESCRIBE_CLUSTER: (0, _describe_cluster),
    ApiKey.DESCRIBE_QUORUM: (2, _describe_quorum),
    ApiKey.DESCRIBE_CONFIGS: (0, _describe_configs),
    ApiKey.SHARE_FETCH: (0, rewrite_node_endpoints),
    ApiKey.SHARE_ACKNOWLEDGE: (0, rewrite_node_endpoints),
}

_OUTCOMES: dict[int, tuple[int, Forward]] = {
    api: (first_version, Forward(rewrite)) for api, (first_version, rewrite) in _REWRITES.items()
}
