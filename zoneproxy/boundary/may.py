"""Questions to the policy as the interceptors ask them, and the fact that a refusal leaves behind."""

from __future__ import annotations

from collections.abc import Iterable

from zoneproxy.boundary.facts import Blocked, Denied, Noticed
from zoneproxy.boundary.interceptor import Context
from zoneproxy.policy.acl import SUPPORTED
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey

CLUSTER_NAME = "kafka-cluster"  # how ACLs name the one cluster
MOST_TOLD = 1_000
"""Of one request: it can name millions of things that may not be had, and to tell of each would hold up everybody."""

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
    return ctx.snapshot.topic_allowed(session.principal, session.zone, operation, topic, session.host, session.tls)


def may_any_topic(ctx: Context, operation: Operation) -> bool:
    """Whether there could be a topic for which it is allowed."""
    session = ctx.session
    return ctx.snapshot.any_topic_allowed(session.principal, session.zone, operation, session.host, session.tls)


def may_every_topic(ctx: Context, operation: Operation, prefix: str) -> bool:
    """Whether it is allowed for every topic there could be whose name begins so; reserved topics are none of them."""
    session = ctx.session
    return ctx.snapshot.every_topic_allowed(
        session.principal, session.zone, operation, prefix, session.host, session.tls
    )


def may_resource(ctx: Context, operation: Operation, kind: ResourceType, name: str) -> bool:
    """As ``may_topic``, for resources other than topics."""
    session = ctx.session
    return ctx.snapshot.resource_allowed(
        session.principal, session.zone, operation, kind, name, session.host, session.tls
    )


def may_cluster(ctx: Context, operation: Operation) -> bool:
    """Whether it is allowed on the cluster as a whole."""
    return may_resource(ctx, operation, ResourceType.CLUSTER, CLUSTER_NAME)


def topic_error(ctx: Context, operation: Operation, topic: str) -> ErrorCode | None:
    """Kafka's error if it is not allowed on a topic, which is left behind as a fact."""
    if may_topic(ctx, operation, topic):
        return None
    denied(ctx, operation, topic, ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    return ErrorCode.TOPIC_AUTHORIZATION_FAILED


def group_error(ctx: Context, operation: Operation, group: str) -> ErrorCode | None:
    """As ``topic_error``, for groups of all kinds."""
    if may_resource(ctx, operation, ResourceType.GROUP, group):
        return None
    denied(ctx, operation, group, ErrorCode.GROUP_AUTHORIZATION_FAILED, kind="group")
    return ErrorCode.GROUP_AUTHORIZATION_FAILED


def transactional_id_error(ctx: Context, operation: Operation, transactional_id: str) -> ErrorCode | None:
    """As ``topic_error``, for transactional ids."""
    if may_resource(ctx, operation, ResourceType.TRANSACTIONAL_ID, transactional_id):
        return None
    error = ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
    denied(ctx, operation, transactional_id, error, kind="transactional_id")
    return error


def cluster_error(ctx: Context, operation: Operation) -> ErrorCode | None:
    """As ``topic_error``, for the cluster as a whole."""
    if may_cluster(ctx, operation):
        return None
    denied(ctx, operation, CLUSTER_NAME, ErrorCode.CLUSTER_AUTHORIZATION_FAILED, kind="cluster")
    return ErrorCode.CLUSTER_AUTHORIZATION_FAILED


def topic_operations(ctx: Context, topic: str) -> int:
    """authorizedOperations of a topic."""
    session = ctx.session
    return _bits(ctx.snapshot.topic_operations(session.principal, session.zone, topic, session.host, session.tls))


def cluster_operations(ctx: Context) -> int:
    """authorizedOperations of the cluster: none for who may not describe it."""
    if not may_cluster(ctx, Operation.DESCRIBE):
        return 0
    return _bits(operation for operation in _CLUSTER_OPERATIONS if may_cluster(ctx, operation))


def group_operations(ctx: Context, group: str) -> int:
    """authorizedOperations of a group."""
    operations = SUPPORTED[ResourceType.GROUP]
    return _bits(operation for operation in operations if may_resource(ctx, operation, ResourceType.GROUP, group))


def denied(
    ctx: Context, operation: Operation, resource: str, error: ErrorCode, *, why: str = "acl", kind: str = "topic"
) -> None:
    """Leave a refusal behind as a fact."""
    leave(ctx, Denied(ApiKey(ctx.header.api_key).name, operation.name, kind, resource, error, why))


def leave(ctx: Context, refusal: Denied | Blocked) -> None:
    """Leave a fact behind that its client can cause any number of: ``MOST_TOLD`` at most, then that there are more."""
    if len(ctx.facts) < MOST_TOLD:
        ctx.facts.append(refusal)
    elif len(ctx.facts) == MOST_TOLD:
        ctx.facts.append(Noticed("more_refusals"))


def _bits(operations: Iterable[Operation]) -> int:
    """One bit for each operation's code (KIP-430)."""
    return sum(1 << operation for operation in operations)
