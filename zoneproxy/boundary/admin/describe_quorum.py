"""DescribeQuorum: DESCRIBE on the cluster. Where the controllers are is left out further down the chain."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Outcome, Reply
from zoneproxy.boundary.may import cluster_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES, ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_quorum_request import DescribeQuorumRequest
from zoneproxy.wire.messages.describe_quorum_response import DescribeQuorumResponse

_DENIED = ErrorCode.CLUSTER_AUTHORIZATION_FAILED


class DescribeQuorumInterceptor:
    """Authorises DescribeQuorum."""

    apis = frozenset({ApiKey.DESCRIBE_QUORUM})

    def request(self, message: DescribeQuorumRequest, ctx: Context) -> Outcome:
        """See the module."""
        if not cluster_error(ctx, Operation.DESCRIBE):
            return GO_ON
        return Reply(DescribeQuorumResponse(error_code=_DENIED, error_message=DEFAULT_MESSAGES[_DENIED]))
