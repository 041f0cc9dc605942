"""What concerns a whole upstream is not for those who have only a part of it: it would change others, or show them."""

from __future__ import annotations

from typing import Any, Final

from zoneproxy.boundary.interceptor import Context, Reply
from zoneproxy.boundary.may import CLUSTER_NAME, denied
from zoneproxy.boundary.namespace.special import NOTHING, Special
from zoneproxy.boundary.namespace.translation import Names
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.alter_client_quotas_request import AlterClientQuotasRequest
from zoneproxy.wire.messages.alter_client_quotas_response import (
    AlterClientQuotasResponse,
    EntityData,
    EntryData,
)
from zoneproxy.wire.messages.describe_client_quotas_response import DescribeClientQuotasResponse
from zoneproxy.wire.messages.describe_quorum_response import DescribeQuorumResponse
from zoneproxy.wire.messages.elect_leaders_request import ElectLeadersRequest
from zoneproxy.wire.messages.elect_leaders_response import ElectLeadersResponse

WHY: Final = "Several zones share this cluster: what concerns all of it is not for one of them."

_ERROR = ErrorCode.CLUSTER_AUTHORIZATION_FAILED


def _tell(ctx: Context, operation: Operation) -> None:
    denied(ctx, operation, CLUSTER_NAME, _ERROR, why="namespace", kind="cluster")


def describe_quotas(_message: Any, _names: Names, ctx: Context) -> Reply:
    """DescribeClientQuotas: users and client ids are everybody's."""
    _tell(ctx, Operation.DESCRIBE_CONFIGS)
    return Reply(DescribeClientQuotasResponse(error_code=_ERROR, error_message=WHY, entries=None))


def alter_quotas(message: AlterClientQuotasRequest, _names: Names, ctx: Context) -> Reply:
    """AlterClientQuotas."""
    _tell(ctx, Operation.ALTER_CONFIGS)
    entries = [
        EntryData(
            error_code=_ERROR,
            error_message=WHY,
            entity=[EntityData(entity_type=e.entity_type, entity_name=e.entity_name) for e in entry.entity],
        )
        for entry in message.entries
    ]
    return Reply(AlterClientQuotasResponse(entries=entries))


def describe_quorum(_message: Any, _names: Names, ctx: Context) -> Reply:
    """DescribeQuorum."""
    _tell(ctx, Operation.DESCRIBE)
    return Reply(DescribeQuorumResponse(error_code=_ERROR, error_message=WHY if ctx.header.api_version > 1 else None))


def elect_leaders(message: ElectLeadersRequest, _names: Names, ctx: Context) -> Special | Reply:
    """ElectLeaders: null means all partitions of the cluster. Before version 1 a reply says no errors for the whole."""
    if message.topic_partitions is not None:
        return NOTHING
    _tell(ctx, Operation.ALTER)
    return Reply(ElectLeadersResponse(error_code=_ERROR if ctx.header.api_version else ErrorCode.NONE))
