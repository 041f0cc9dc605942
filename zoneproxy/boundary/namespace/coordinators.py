"""FindCoordinator: its keys are groups, transactional ids, or share partitions that begin with their group."""

from __future__ import annotations

from zoneproxy.boundary.interceptor import Context
from zoneproxy.boundary.namespace.special import Special
from zoneproxy.boundary.namespace.translation import Names
from zoneproxy.boundary.namespace.walk import GROUP, TRANSACTIONAL_ID
from zoneproxy.wire.messages.find_coordinator_request import FindCoordinatorRequest
from zoneproxy.wire.messages.find_coordinator_response import Coordinator, FindCoordinatorResponse

KEYS_FROM_VERSION = 4
TRANSACTION = 1  # CoordinatorType; 0 is group, 2 is share (``group:topic id:partition``)


def find_coordinator(message: FindCoordinatorRequest, names: Names, ctx: Context) -> Special:
    """See the module."""
    entity = TRANSACTIONAL_ID if message.key_type == TRANSACTION else GROUP
    if ctx.header.api_version < KEYS_FROM_VERSION:
        key, message.key = message.key, names.physical(entity, message.key)
    else:
        key, message.coordinator_keys[:] = "", [names.physical(entity, each) for each in message.coordinator_keys]

    def after(response: FindCoordinatorResponse) -> None:
        own = []
        for coordinator in response.coordinators:
            virtual = names.virtual(entity, coordinator.key)
            if virtual is not None:
                coordinator.key = virtual
                own.append(coordinator)
        response.coordinators = own
        _put_back(message, key, own, names, entity)

    return Special(after=after)


def _put_back(message: FindCoordinatorRequest, key: str, own: list[Coordinator], names: Names, entity: str) -> None:
    message.key = key
    message.coordinator_keys[:] = [names.virtual(entity, each) or "" for each in message.coordinator_keys]
