"""DescribeClientQuotas: DESCRIBE_CONFIGS on the cluster. AlterClientQuotas: ALTER_CONFIGS on the cluster."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import GO_ON, Context, Outcome, Reply
from zoneproxy.boundary.may import cluster_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES, ErrorCode
from zoneproxy.wire.messages import alter_client_quotas_response as altered
from zoneproxy.wire.messages.alter_client_quotas_request import AlterClientQuotasRequest
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_client_quotas_request import DescribeClientQuotasRequest
from zoneproxy.wire.messages.describe_client_quotas_response import DescribeClientQuotasResponse

_DENIED = ErrorCode.CLUSTER_AUTHORIZATION_FAILED


class DescribeClientQuotasInterceptor:
    """Authorises DescribeClientQuotas."""

    apis = frozenset({ApiKey.DESCRIBE_CLIENT_QUOTAS})

    def request(self, message: DescribeClientQuotasRequest, ctx: Context) -> Outcome:
        """See the module."""
        if not cluster_error(ctx, Operation.DESCRIBE_CONFIGS):
            return GO_ON
        return Reply(DescribeClientQuotasResponse(error_code=_DENIED, error_message=None, entries=None))


class AlterClientQuotasInterceptor:
    """Authorises AlterClientQuotas."""

    apis = frozenset({ApiKey.ALTER_CLIENT_QUOTAS})

    def request(self, message: AlterClientQuotasRequest, ctx: Context) -> Outcome:
        """See the module."""
        if not cluster_error(ctx, Operation.ALTER_CONFIGS):
            return GO_ON
        entries = [
            altered.EntryData(
                error_code=_DENIED,
                error_message=DEFAULT_MESSAGES[_DENIED],
                entity=[
                    altered.EntityData(entity_type=part.entity_type, entity_name=part.entity_name)
                    for part in entry.entity
                ],
            )
            for entry in message.entries
        ]
        return Reply(altered.AlterClientQuotasResponse(entries=entries))
