"""DescribeCluster: for everybody, but what may be done to the cluster is told by our rules, and only when asked for."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import Context, Forward, Outcome, Then
from zoneproxy.boundary.may import cluster_operations
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_cluster_request import DescribeClusterRequest
from zoneproxy.wire.messages.describe_cluster_response import DescribeClusterResponse

NOT_ASKED_FOR = -(1 << 31)  # authorizedOperations (KIP-430)


class DescribeClusterInterceptor:
    """See the module. The brokers' addresses are rewritten further down the chain."""

    apis = frozenset({ApiKey.DESCRIBE_CLUSTER})

    def request(self, message: DescribeClusterRequest, ctx: Context) -> Outcome:
        """See the module."""
        return _TOLD if message.include_cluster_authorized_operations else _NOT_TOLD


def _then(asked_for: bool) -> Then:
    def then(response: DescribeClusterResponse, ctx: Context) -> bool:
        tells = asked_for and not response.error_code
        response.cluster_authorized_operations = cluster_operations(ctx) if tells else NOT_ASKED_FOR
        return True

    return then


_TOLD, _NOT_TOLD = Forward(_then(asked_for=True)), Forward(_then(asked_for=False))
