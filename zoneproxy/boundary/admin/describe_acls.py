"""DescribeAcls: DESCRIBE on the cluster. Answered from the policy: what Kafka's own tools list is what is in force."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import Close, Context, Eventually, Outcome, Reply, Waiting, Work
from zoneproxy.boundary.may import cluster_error
from zoneproxy.policy.bindings import Binding, bindings, work
from zoneproxy.policy.model import Operation
from zoneproxy.policy.patterns import PatternKind
from zoneproxy.policy.snapshot import PolicySnapshot
from zoneproxy.wire.error_codes import DEFAULT_MESSAGES, ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey
from zoneproxy.wire.messages.describe_acls_request import DescribeAclsRequest
from zoneproxy.wire.messages.describe_acls_response import AclDescription, DescribeAclsResource, DescribeAclsResponse

# Kafka's codes of ResourceType, PatternType, AclOperation and AclPermissionType have these two in common.
_UNKNOWN, _ANY = 0, 1
_MATCH, _LITERAL, _PREFIXED = 2, 3, 4
_DENY, _ALLOW = 2, 3

_WILDCARD = "*"

MAX_LISTED = 1_000_000
"""How many entries are looked at for one reply: with roles that many principals share there can be any number."""
_TOO_MANY = f"There are more than {MAX_LISTED} rules here: ask for those of one principal."


class DescribeAclsInterceptor:
    """Answers DescribeAcls."""

    apis = frozenset({ApiKey.DESCRIBE_ACLS})

    def request(self, message: DescribeAclsRequest, ctx: Context) -> Eventually[Outcome]:
        """See the module. For a filter of a type that is not known there is no reply in Kafka either."""
        if _UNKNOWN in (
            message.resource_type_filter,
            message.pattern_type_filter,
            message.operation,
            message.permission_type,
        ):
            return Close("invalid_request")
        error = cluster_error(ctx, Operation.DESCRIBE)
        if error is not None:
            return Reply(DescribeAclsResponse(error_code=error, error_message=DEFAULT_MESSAGES[error]))
        return _list(message, ctx)


def _list(message: DescribeAclsRequest, ctx: Context) -> Waiting[Outcome]:
    response = DescribeAclsResponse(error_code=ErrorCode.NONE)

    def job() -> None:
        found = _resources(message, ctx.snapshot, ctx.session.zone)
        if found is None:
            response.error_code, response.error_message = ErrorCode.POLICY_VIOLATION, _TOO_MANY
        else:
            response.resources = found

    yield (Work([job], work(ctx.snapshot)),)
    return Reply(response)


def _resources(message: DescribeAclsRequest, snapshot: PolicySnapshot, zone: str) -> list[DescribeAclsResource] | None:
    """None: there are too many to look at."""
    found: dict[tuple[int, str, int], dict[tuple[str, str, int, int], None]] = {}
    for number, binding in enumerate(bindings(snapshot, zone, message.principal_filter)):
        if number == MAX_LISTED:
            return None
        resource = (int(binding.resource), *_pattern(binding))
        entry = (binding.principal, binding.host, int(binding.operation), _ALLOW if binding.allow else _DENY)
        if _matches_resource(message, *resource) and _matches_entry(message, *entry):
            found.setdefault(resource, {})[entry] = None
    return [
        DescribeAclsResource(
            resource_type=type_,
            resource_name=name,
            pattern_type=pattern,
            acls=[
                AclDescription(principal=principal, host=host, operation=operation, permission_type=permission)
                for principal, host, operation, permission in entries
            ],
        )
        for (type_, name, pattern), entries in found.items()
    ]


def _pattern(binding: Binding) -> tuple[str, int]:
    kind = binding.pattern.kind
    if kind is PatternKind.ANY:
        return _WILDCARD, _LITERAL
    return binding.pattern.name, _PREFIXED if kind is PatternKind.PREFIX else _LITERAL


# --- filters (KIP-290) ---------------------------------------------------------------------------------------


def _matches_resource(message: DescribeAclsRequest, type_: int, name: str, pattern: int) -> bool:
    """Kafka's ResourcePatternFilter.matches."""
    wanted, asked = message.pattern_type_filter, message.resource_name_filter
    if message.resource_type_filter not in (_ANY, type_) or wanted not in (_ANY, _MATCH, pattern):
        return False
    if asked is None or asked == name:
        return True
    if wanted != _MATCH:
        return False
    return name == _WILDCARD if pattern == _LITERAL else asked.startswith(name)


def _matches_entry(message: DescribeAclsRequest, principal: str, host: str, operation: int, permission: int) -> bool:
    """Kafka's AccessControlEntryFilter.matches."""
    return (
        message.principal_filter in (None, principal)
        and message.host_filter in (None, host)
        and message.operation in (_ANY, operation)
        and message.permission_type in (_ANY, permission)
    )
