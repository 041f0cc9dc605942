"""Topics, configurations, the cluster, and the rules themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.clients.requests import make
from tests.equivalence.cases import MINE, MINE_ABSENT, ODD, OTHER, OTHER_ABSENT, SELECTIONS, Case, Turn, over
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoneproxy.wire.messages.message import Message

_TOPIC, _GROUP, _BROKER, _BROKER_LOGGER, _CLIENT_METRICS = 2, 32, 4, 8, 16  # ConfigResource.Type
_STRUCTS_FROM = 6  # DeleteTopics: before that a list of names
_VICTIMS = ("mine.victim", "other.victim")
_DELETING = {
    "victims": _VICTIMS,
    "mine": _VICTIMS[:1],
    "other": _VICTIMS[1:],
    "absent": ("mine.absent", "other.absent"),
}
_TWICE = {"twice": ("mine.absent", "other.absent", "mine.absent")}
_DELETERS = frozenset(
    {
        "nobody",
        "owner",
        "everything",
        "topics-owner",
        "deleter",
        "describer",
        "cleaner",
        "denied",
        "denied-to-describe",
        "from-here",
        "from-elsewhere",
        "exact",
        "cluster-alterer",
        "admin",
    }
)


def _victims(turn: Turn) -> None:
    turn.side.make_topics(_VICTIMS, partitions=1)


def _absent(turn: Turn) -> None:
    """Topics that an earlier request may have made are not to be there, whether brokers know of them yet or not."""
    absent = [{"name": name} for name in (MINE_ABSENT, OTHER_ABSENT)]
    turn.admin(ApiKey.DELETE_TOPICS, 6, topics=absent, timeout_ms=20000)


def _create(_: Turn, names: Sequence[str], **more: Any) -> dict[str, Any]:
    configs = [{"name": "retention.ms", "value": "86400000"}]
    topics = [{"name": name, "num_partitions": 1, "replication_factor": 1, "configs": configs} for name in names]
    return {"topics": topics, "timeout_ms": 10000, **more}


def _delete(turn: Turn, names: Sequence[str]) -> dict[str, Any]:
    if turn.version < _STRUCTS_FROM:
        return {"topic_names": list(names), "timeout_ms": 10000}
    return {"topics": [{"name": name} for name in names], "timeout_ms": 10000}


def _delete_by_id(turn: Turn, names: Sequence[str]) -> dict[str, Any]:
    return {"topics": [{"name": None, "topic_id": turn.side.id(name)} for name in names], "timeout_ms": 10000}


def _delete_records(_: Turn, names: Sequence[str]) -> dict[str, Any]:
    partitions = [{"partition_index": n, "offset": 0} for n in (0, 9)]
    return {"topics": [{"name": name, "partitions": partitions} for name in names], "timeout_ms": 10000}


def _grow(count: int) -> Any:
    def fields(_: Turn, names: Sequence[str]) -> dict[str, Any]:
        topics = [{"name": name, "count": count, "assignments": None} for name in names]
        return {"topics": topics, "timeout_ms": 10000, "validate_only": count != 1}

    return fields


# --- configurations ------------------------------------------------------------------------------------------

_RESOURCES = {
    "topics": [(_TOPIC, name) for name in SELECTIONS["mixed"]],
    "groups": [(_GROUP, MINE), (_GROUP, OTHER), (_GROUP, "")],
    "this broker": [(_BROKER, "1")],
    "all brokers": [(_BROKER, "")],
    "another broker": [(_BROKER, "2")],
    "loggers": [(_BROKER_LOGGER, "1")],
    "client metrics": [(_CLIENT_METRICS, "mine.metrics")],
    "everything": [
        (_TOPIC, MINE),
        (_TOPIC, OTHER),
        (_GROUP, MINE),
        (_GROUP, OTHER),
        (_BROKER, ""),
        (_CLIENT_METRICS, "x"),
    ],
}
_KEYS = {
    _TOPIC: ["retention.ms", "cleanup.policy"],
    _GROUP: ["consumer.session.timeout.ms"],
    _BROKER: ["log.retention.ms", "num.network.threads"],
    _BROKER_LOGGER: ["kafka"],
    _CLIENT_METRICS: None,
}
_CHANGES = {
    _TOPIC: ("retention.ms", "90000000"),
    _GROUP: ("consumer.session.timeout.ms", "50000"),
    _BROKER: ("log.retention.ms", "90000000"),
    _BROKER_LOGGER: ("kafka.no.such.logger", "INFO"),
    _CLIENT_METRICS: ("interval.ms", "1000"),
}


def _described(what: str) -> Case:
    resources = [
        {"resource_type": kind, "resource_name": name, "configuration_keys": _KEYS[kind]}
        for kind, name in _RESOURCES[what]
    ]
    return Case(ApiKey.DESCRIBE_CONFIGS, what, lambda _: make(ApiKey.DESCRIBE_CONFIGS, resources=resources))


def _changed(api: ApiKey, what: str) -> Case:
    """To what it is afterwards on both sides, so that the order in which users are asked does not count."""
    resources = []
    for kind, name in _RESOURCES[what]:
        key, value = _CHANGES[kind]
        config = {"name": key, "value": value} | (
            {"config_operation": 0} if api == ApiKey.INCREMENTAL_ALTER_CONFIGS else {}
        )
        resources.append({"resource_type": kind, "resource_name": name, "configs": [config]})
    return Case(api, what, lambda _: make(api, resources=resources))


# --- the cluster ---------------------------------------------------------------------------------------------


def _topics_or_all(names: Sequence[str] | None, key: str, partitions: str) -> list[dict[str, Any]] | None:
    return None if names is None else [{key: name, partitions: [0, 9]} for name in names]


def _acls(turn: Turn, **filters: Any) -> Message:
    fields = {
        "resource_type_filter": 1,
        "resource_name_filter": None,
        "pattern_type_filter": 1 if turn.version else 3,
        "principal_filter": None,
        "host_filter": None,
        "operation": 1,
        "permission_type": 1,
    }
    return make(ApiKey.DESCRIBE_ACLS, **fields | filters)


_MATCH, _PREFIXED = 2, 4  # ResourcePatternFilter's pattern types
_FILTERS: dict[str, dict[str, Any]] = {
    "all": {},
    "of one user": {"principal_filter": "User:owner"},
    "of topics": {"resource_type_filter": 2},
    "that match a topic": {
        "resource_type_filter": 2,
        "resource_name_filter": "mine.there",
        "pattern_type_filter": _MATCH,
    },
    "of a prefix": {"resource_name_filter": "mine.", "pattern_type_filter": _PREFIXED},
    "denials": {"permission_type": 2},
    "of one operation": {"operation": 3},
    "of one host": {"host_filter": "127.0.0.1"},
    "none": {"principal_filter": "User:stranger"},
}
_ACL = {
    "resource_type": 2,
    "resource_name": "mine.there",
    "resource_pattern_type": 3,
    "principal": "User:nobody",
    "host": "*",
    "operation": 3,
    "permission_type": 3,
}
_NO_ACL = {
    "resource_type_filter": 2,
    "resource_name_filter": "no-such-topic",
    "pattern_type_filter": 3,
    "principal_filter": "User:nobody",
    "host_filter": None,
    "operation": 3,
    "permission_type": 3,
}

_QUOTA = {
    "entity": [{"entity_type": "client-id", "entity_name": "somebody"}],
    "ops": [{"key": "producer_byte_rate", "value": 1e9, "remove": False}],
}


def _forbidden(api: ApiKey) -> Case:
    """A value that would have a broker read a file."""
    config = {"name": "retention.ms", "value": "${file:/etc/passwd:root}"}
    config |= {"config_operation": 0} if api == ApiKey.INCREMENTAL_ALTER_CONFIGS else {}
    resource = {"resource_type": _TOPIC, "resource_name": MINE, "configs": [config]}
    return Case(api, "forbidden", lambda _: make(api, resources=[resource]))


CASES = [
    *map(_forbidden, (ApiKey.ALTER_CONFIGS, ApiKey.INCREMENTAL_ALTER_CONFIGS)),
    *over(ApiKey.CREATE_TOPICS, _create, prepare=_absent),
    *over(
        ApiKey.CREATE_TOPICS,
        lambda turn, names: _create(turn, names, validate_only=True),
        word="validate only",
        selections={"mixed": SELECTIONS["mixed"]},
        prepare=_absent,
    ),
    *over(ApiKey.DELETE_TOPICS, _delete, selections=_DELETING, prepare=_victims, users=_DELETERS),
    *over(
        ApiKey.DELETE_TOPICS,
        _delete_by_id,
        word="by id",
        selections=_DELETING,
        prepare=_victims,
        versions=(_STRUCTS_FROM, 99),
        users=_DELETERS,
    ),
    *over(ApiKey.CREATE_TOPICS, _create, selections=ODD | _TWICE, prepare=_absent),
    *over(
        ApiKey.DELETE_TOPICS, _delete, selections={"twice": (*_VICTIMS, *_VICTIMS)}, prepare=_victims, users=_DELETERS
    ),
    *over(ApiKey.DELETE_RECORDS, _delete_records),
    *over(ApiKey.DELETE_RECORDS, _delete_records, selections=ODD),
    *over(ApiKey.CREATE_PARTITIONS, _grow(1), selections=ODD),
    *over(ApiKey.CREATE_PARTITIONS, _grow(1), word="not more"),
    *over(ApiKey.CREATE_PARTITIONS, _grow(4), word="validate only", versions=(1, 99)),
    *map(_described, _RESOURCES),
    *(_changed(ApiKey.ALTER_CONFIGS, what) for what in _RESOURCES if what not in ("loggers", "reserved")),
    *(_changed(ApiKey.INCREMENTAL_ALTER_CONFIGS, what) for what in _RESOURCES if what != "reserved"),
    *over(
        ApiKey.ELECT_LEADERS,
        lambda _, names: {"topic_partitions": _topics_or_all(names, "topic", "partitions"), "timeout_ms": 10000},
    ),
    Case(ApiKey.ELECT_LEADERS, "all", lambda _: make(ApiKey.ELECT_LEADERS, topic_partitions=None, timeout_ms=10000)),
    *over(
        ApiKey.ALTER_PARTITION_REASSIGNMENTS,
        lambda _, names: {
            "topics": [{"name": name, "partitions": [{"partition_index": 0, "replicas": [1]}]} for name in names]
        },
    ),
    *over(
        ApiKey.LIST_PARTITION_REASSIGNMENTS,
        lambda _, names: {"topics": _topics_or_all(names, "name", "partition_indexes")},
    ),
    Case(ApiKey.LIST_PARTITION_REASSIGNMENTS, "all", lambda _: make(ApiKey.LIST_PARTITION_REASSIGNMENTS, topics=None)),
    *over(
        ApiKey.ALTER_REPLICA_LOG_DIRS,
        lambda _, names: {
            "dirs": [{"path": "/no/such/dir", "topics": [{"name": name, "partitions": [0]} for name in names]}]
        },
    ),
    *over(
        ApiKey.DESCRIBE_LOG_DIRS, lambda _, names: {"topics": [{"topic": name, "partitions": [0, 9]} for name in names]}
    ),
    Case(ApiKey.DESCRIBE_LOG_DIRS, "all", lambda _: make(ApiKey.DESCRIBE_LOG_DIRS, topics=None)),
    Case(
        ApiKey.DESCRIBE_CLIENT_QUOTAS,
        "all",
        lambda _: make(ApiKey.DESCRIBE_CLIENT_QUOTAS, components=[], strict=False),
    ),
    Case(ApiKey.ALTER_CLIENT_QUOTAS, "one", lambda _: make(ApiKey.ALTER_CLIENT_QUOTAS, entries=[_QUOTA])),
    *over(
        ApiKey.DESCRIBE_QUORUM,
        lambda _, names: {"topics": [{"topic_name": name, "partitions": [{"partition_index": 0}]} for name in names]},
        selections={"": ("__cluster_metadata",)},
        masked=frozenset({"high_watermark"}),
    ),
    *(
        Case(
            ApiKey.DESCRIBE_CLUSTER,
            "with operations" if bits else "",
            lambda _, bits=bits: make(ApiKey.DESCRIBE_CLUSTER, include_cluster_authorized_operations=bits),
        )
        for bits in (False, True)
    ),
    Case(
        ApiKey.LIST_CONFIG_RESOURCES,
        "all",
        lambda turn: make(ApiKey.LIST_CONFIG_RESOURCES, resource_types=[]),
    ),
    Case(
        ApiKey.LIST_CONFIG_RESOURCES,
        "topics and groups",
        lambda turn: make(ApiKey.LIST_CONFIG_RESOURCES, resource_types=[_TOPIC, _GROUP]),
        versions=(1, 99),
    ),
    *(
        Case(ApiKey.DESCRIBE_ACLS, word, lambda turn, filters=filters: _acls(turn, **filters))
        for word, filters in _FILTERS.items()
    ),
    Case(
        ApiKey.CREATE_ACLS,
        "one",
        lambda _: make(ApiKey.CREATE_ACLS, creations=[_ACL]),
        users=frozenset({"nobody", "owner", "cluster-describer"}),
    ),
    Case(ApiKey.DELETE_ACLS, "none", lambda _: make(ApiKey.DELETE_ACLS, filters=[_NO_ACL])),
]
