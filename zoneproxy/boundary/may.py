"""Questions to the policy as the interceptors ask them, and the fact that a refusal leaves behind."""

from __future__ import annotations

from collections.abc import Iterable

from zoneproxy.boundary.facts import Denied
from zoneproxy.boundary.interceptor import Context
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey

CLUSTER_NAME = "kafka-cluster"  # how ACLs name the one cluster

_CLUSTER_OPERATIONS = (
    Operation.CREATE,
    Operation.ALTER,
    Operation.DESCRIBE,
    Operation.CLUSTER_ACTION,
    Operation.DESCRIBE_CONFIGS,
    Operation.ALTER_CONFIGS,
    Operation.IDEMPOTENT_WRITE,
)


def may_topic(ctx: Context, operation: Operation, topic: str) -> bool:
    """Whether access rules and flows allow it. Leaves no fact behind."""
    session = ctx.session
    return ctx.snapshot.topic_allowed(session.principal, session.zone, operation, topic, session.host)


def may_any_topic(ctx: Context, operation: Operation) -> bool:
    """Whether there could be a topic for which it is allowed."""
    session = ctx.session
    return ctx.snapshot.any_topic_allowed(session.principal, session.zone, operation, session.host)


def may_resource(ctx: Context, operation: Operation, kind: ResourceType, name: str) -> bool:
    """As ``may_topic``, for resources other than topics."""
    session = ctx.session
    return ctx.snapshot.resource_allowed(session.principal, session.zone, operation, kind, name, session.host)


def may_cluster(ctx: Context, operation: Operation) -> bool:
    """Whether it is allowed on the cluster as a whole."""
    return may_resource(ctx, operation, ResourceType.CLUSTER, CLUSTER_NAME)


def topic_operations(ctx: Context, topic: str) -> int:
    """authorizedOperations of a topic."""
    session = ctx.session
    return _bits(ctx.snapshot.topic_operations(session.principal, session.zone, topic, session.host))


def cluster_operations(ctx: Context) -> int:
    """authorizedOperations of the cluster: none for who may not describe it."""
    if not may_cluster(ctx, Operation.DESCRIBE):
        return 0
    return _bits(operation for operation in _CLUSTER_OPERATIONS if may_cluster(ctx, operation))


def denied(
    ctx: Context, operation: Operation, resource: str, error: ErrorCode, *, why: str = "acl", kind: str = "topic"
) -> None:
    """Leave a refusal behind as a fact."""
    ctx.facts.append(Denied(ApiKey(ctx.header.api_key).name, operation.name, kind, resource, error, why))


def _bits(operations: Iterable[Operation]) -> int:
    """One bit for each operation's code (KIP-430)."""
    return sum(1 << operation for operation in operations)
