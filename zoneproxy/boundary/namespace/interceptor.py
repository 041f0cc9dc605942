"""The namespace in the chain: below it names are physical, above it virtual.

Only zones with a namespace have it in their chain. An API that was not looked through for names is closed to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from zoneproxy.boundary.interceptor import GO_ON, Close, Context, Forward, Outcome
from zoneproxy.boundary.namespace import configs, listings, members, patterns, refusals
from zoneproxy.boundary.namespace.coordinators import find_coordinator
from zoneproxy.boundary.namespace.special import NOTHING, Handle, Special
from zoneproxy.boundary.namespace.translation import Names, NameTooLong
from zoneproxy.boundary.namespace.walk import request_steps, response_steps, to_physical, to_virtual
from zoneproxy.wire.messages.api_keys import ApiKey

_SPECIAL: Final[Mapping[int, Handle]] = {
    ApiKey.METADATA: listings.metadata,
    ApiKey.FIND_COORDINATOR: find_coordinator,
    ApiKey.JOIN_GROUP: members.join_group,
    ApiKey.SYNC_GROUP: members.sync_group,
    ApiKey.DESCRIBE_GROUPS: members.describe_groups,
    ApiKey.DESCRIBE_CONFIGS: configs.describe,
    ApiKey.ALTER_CONFIGS: configs.alter,
    ApiKey.INCREMENTAL_ALTER_CONFIGS: configs.alter,
    ApiKey.LIST_CONFIG_RESOURCES: configs.list_resources,
    ApiKey.DESCRIBE_LOG_DIRS: listings.describe_log_dirs,
    ApiKey.ELECT_LEADERS: refusals.elect_leaders,
    ApiKey.DESCRIBE_CLIENT_QUOTAS: refusals.describe_quotas,
    ApiKey.ALTER_CLIENT_QUOTAS: refusals.alter_quotas,
    ApiKey.DESCRIBE_QUORUM: refusals.describe_quorum,
    ApiKey.LIST_TRANSACTIONS: patterns.list_transactions,
    ApiKey.CONSUMER_GROUP_HEARTBEAT: patterns.consumer_heartbeat,
    ApiKey.CONSUMER_GROUP_DESCRIBE: patterns.consumer_describe,
    ApiKey.DESCRIBE_TOPIC_PARTITIONS: listings.describe_topic_partitions,
    ApiKey.STREAMS_GROUP_HEARTBEAT: patterns.streams_heartbeat,
}

_BY_THE_DEFINITIONS: Final = frozenset(
    {
        ApiKey.PRODUCE,
        ApiKey.FETCH,
        ApiKey.LIST_OFFSETS,
        ApiKey.OFFSET_COMMIT,
        ApiKey.OFFSET_FETCH,
        ApiKey.HEARTBEAT,
        ApiKey.LEAVE_GROUP,
        ApiKey.LIST_GROUPS,
        ApiKey.CREATE_TOPICS,
        ApiKey.DELETE_TOPICS,
        ApiKey.DELETE_RECORDS,
        ApiKey.INIT_PRODUCER_ID,
        ApiKey.OFFSET_FOR_LEADER_EPOCH,
        ApiKey.ADD_PARTITIONS_TO_TXN,
        ApiKey.ADD_OFFSETS_TO_TXN,
        ApiKey.END_TXN,
        ApiKey.TXN_OFFSET_COMMIT,
        ApiKey.ALTER_REPLICA_LOG_DIRS,
        ApiKey.CREATE_PARTITIONS,
        ApiKey.DELETE_GROUPS,
        ApiKey.ALTER_PARTITION_REASSIGNMENTS,
        ApiKey.LIST_PARTITION_REASSIGNMENTS,
        ApiKey.OFFSET_DELETE,
        ApiKey.DESCRIBE_CLUSTER,
        ApiKey.DESCRIBE_PRODUCERS,
        ApiKey.DESCRIBE_TRANSACTIONS,
        ApiKey.SHARE_GROUP_HEARTBEAT,
        ApiKey.SHARE_GROUP_DESCRIBE,
        ApiKey.SHARE_FETCH,
        ApiKey.SHARE_ACKNOWLEDGE,
        ApiKey.STREAMS_GROUP_DESCRIBE,
        ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
        ApiKey.ALTER_SHARE_GROUP_OFFSETS,
        ApiKey.DELETE_SHARE_GROUP_OFFSETS,
    }
)
"""All names in them, if there are any, are where Kafka's definitions say so."""

TRANSLATED: Final = _BY_THE_DEFINITIONS | frozenset(ApiKey(key) for key in _SPECIAL)
"""What there is for zones with a namespace, if an interceptor above lets it through."""

# Nobody above holds on to these requests, which hold records or many topics; so they are not put back.
_NOT_PUT_BACK: Final = frozenset({ApiKey.PRODUCE, ApiKey.FETCH})


class NamespaceInterceptor:
    """See the module."""

    apis = frozenset(ApiKey)

    def request(self, message: Any, ctx: Context) -> Outcome:
        """See the module. ``ctx.session.namespace`` is not None."""
        key, version, namespace = ctx.header.api_key, ctx.header.api_version, ctx.session.namespace
        if namespace is None or key not in TRANSLATED:
            return Close("no_namespaces")
        names, steps = Names(namespace, key), request_steps(key, version)
        try:
            edited = to_physical(message, steps, names)
            special = _SPECIAL[key](message, names, ctx) if key in _SPECIAL else NOTHING
        except NameTooLong:
            return Close("name_too_long")
        if not isinstance(special, Special):
            to_virtual(message, steps, names)
            return special
        if special is NOTHING and not response_steps(key, version):
            return _EDITED if edited else GO_ON
        kept = message if edited and key not in _NOT_PUT_BACK else None
        return Forward(_Back(kept, names, special).then, edited or special.edited)


_EDITED = Forward(edited=True)


@dataclass(frozen=True, slots=True)
class _Back:
    """What is done to the reply, and to the request for those above who look at it again."""

    request: Any
    names: Names
    special: Special

    def then(self, response: Any, ctx: Context) -> bool:
        key, version = ctx.header.api_key, ctx.header.api_version
        if self.special.before is not None:
            self.special.before(response)
        to_virtual(response, response_steps(key, version), self.names)
        if self.request is not None:
            to_virtual(self.request, request_steps(key, version), self.names)
        if self.special.after is not None:
            self.special.after(response)
        return True
