"""CreateAcls and DeleteAcls: refused, with a sentence that says where the rules are instead.

31 without ALTER on the cluster, as Kafka has it; to the others POLICY_VIOLATION, whose text Kafka's tools print.
"""

from __future__ import annotations

from zoneproxy.boundary.interceptor import Context, Outcome, Reply
from zoneproxy.boundary.may import cluster_error
from zoneproxy.policy.model import Operation
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES, ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.create_acls_request import CreateAclsRequest
from zoneproxy.wire.messages.create_acls_response import AclCreationResult, CreateAclsResponse
from zoneproxy.wire.messages.delete_acls_request import DeleteAclsRequest
from zoneproxy.wire.messages.delete_acls_response import DeleteAclsFilterResult, DeleteAclsResponse


class CreateAclsInterceptor:
    """Refuses CreateAcls."""

    apis = frozenset({ApiKey.CREATE_ACLS})

    def request(self, message: CreateAclsRequest, ctx: Context) -> Outcome:
        """See the module."""
        error, text = _refusal(ctx)
        results = [AclCreationResult(error_code=error, error_message=text) for _ in message.creations]
        return Reply(CreateAclsResponse(results=results))


class DeleteAclsInterceptor:
    """Refuses DeleteAcls."""

    apis = frozenset({ApiKey.DELETE_ACLS})

    def request(self, message: DeleteAclsRequest, ctx: Context) -> Outcome:
        """See the module."""
        error, text = _refusal(ctx)
        results = [DeleteAclsFilterResult(error_code=error, error_message=text) for _ in message.filters]
        return Reply(DeleteAclsResponse(filter_results=results))


def _refusal(ctx: Context) -> tuple[ErrorCode, str]:
    error = cluster_error(ctx, Operation.ALTER)
    if error is not None:
        return error, DEFAULT_MESSAGES[error]
    zone = ctx.snapshot.zones.get(ctx.session.zone)
    owner = f" {zone.owner} answers for zone {zone.name}." if zone is not None else ""
    return (
        ErrorCode.POLICY_VIOLATION,
        f"The rules for access here are in the policy files of zoneproxy, and are changed there.{owner}",
    )
