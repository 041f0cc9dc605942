"""Whose configuration it is, and which right goes with it: a topic's, a group's, or one on the cluster."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.may import CLUSTER_NAME, denied, may_resource
from zoneproxy.policy.model import Operation, ResourceType
from zoneproxy.wire.error_codes import ErrorCode


class ConfigResourceType(IntEnum):
    """Kafka's ConfigResource.Type."""

    TOPIC = 2
    BROKER = 4
    BROKER_LOGGER = 8
    CLIENT_METRICS = 16
    GROUP = 32


_NEEDS: Mapping[int, tuple[ResourceType, ErrorCode]] = {
    ConfigResourceType.TOPIC: (ResourceType.TOPIC, ErrorCode.TOPIC_AUTHORIZATION_FAILED),
    ConfigResourceType.GROUP: (ResourceType.GROUP, ErrorCode.GROUP_AUTHORIZATION_FAILED),
    ConfigResourceType.BROKER: (ResourceType.CLUSTER, ErrorCode.CLUSTER_AUTHORIZATION_FAILED),
    ConfigResourceType.BROKER_LOGGER: (ResourceType.CLUSTER, ErrorCode.CLUSTER_AUTHORIZATION_FAILED),
    ConfigResourceType.CLIENT_METRICS: (ResourceType.CLUSTER, ErrorCode.CLUSTER_AUTHORIZATION_FAILED),
}


def is_known(resource_type: int) -> bool:
    """Whether there are resources of that type; Kafka refuses others as invalid."""
    return resource_type in _NEEDS


def config_denial(ctx: Context, operation: Operation, resource_type: int, name: str) -> ErrorCode | None:
    """The error of a known type of resource, None if ``operation`` may be done to it."""
    kind, error = _NEEDS[resource_type]
    resource = CLUSTER_NAME if kind is ResourceType.CLUSTER else name
    if may_resource(ctx, operation, kind, resource):
        return None
    denied(ctx, operation, resource, error, kind=kind.name.lower())
    return error
