"""Produce, Fetch, and what clients ask to find topics and offsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.clients.batches import batch
from tests.clients.requests import make
from tests.clients.waiting import until
from tests.equivalence.cases import MINE, ODD, OTHER, Case, Turn, over
from zoneproxy.wire.error_codes import ErrorCode
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoneproxy.wire.messages.message import Message

_COMING = (ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, ErrorCode.LEADER_NOT_AVAILABLE)
_BATCH = batch([b"one", b"two"])
_UNKNOWN_NAMES = {"mine": ("mine.unheard-of",), "other": ("other.unheard-of",), "both": ("mine.new", "other.new")}


def _topic(turn: Turn, name: str, key: str = "topic", **more: Any) -> dict[str, Any]:
    """A topic by name and id; each version writes the one it has."""
    return {key: name, "topic_id": turn.side.id(name), **more}


def _produce(
    turn: Turn, names: Sequence[str], *, acks: int = -1, transactional_id: str | None = None
) -> dict[str, Any]:
    records = batch([b"x"], transactional=True, producer=(7, 0, 0)) if transactional_id else _BATCH
    topics = [_topic(turn, name, "name", partition_data=[{"index": 0, "records": records}]) for name in names]
    return {"acks": acks, "timeout_ms": 10000, "transactional_id": transactional_id, "topic_data": topics}


def _fetch(turn: Turn, names: Sequence[str], *, partitions: Sequence[int] = (0, 1), **more: Any) -> dict[str, Any]:
    where = [{"partition": n, "fetch_offset": 0, "partition_max_bytes": 1 << 20} for n in partitions]
    topics = [_topic(turn, name, partitions=where) for name in names]
    return {"max_wait_ms": 0, "min_bytes": 0, "max_bytes": 1 << 20, "session_epoch": -1, "topics": topics} | more


def _list_offsets(_: Turn, names: Sequence[str]) -> dict[str, Any]:
    partitions = [{"partition_index": n, "timestamp": -2} for n in (0, 9)]
    return {"replica_id": -1, "topics": [{"name": name, "partitions": partitions} for name in names]}


def _epochs(_: Turn, names: Sequence[str]) -> dict[str, Any]:
    partitions = [{"partition": n, "leader_epoch": 0} for n in (0, 9)]
    return {"replica_id": -1, "topics": [{"topic": name, "partitions": partitions} for name in names]}


def _metadata(turn: Turn, names: Sequence[str], *, create: bool = False) -> dict[str, Any]:
    bits = {"include_topic_authorized_operations": True} if turn.version >= 8 else {}
    if 8 <= turn.version <= 10:
        bits["include_cluster_authorized_operations"] = True
    topics = [{"name": turn.own(name) if create else name} for name in names]
    return {"topics": topics, "allow_auto_topic_creation": create or turn.version < 4, **bits}


def _await_creation(turn: Turn, reply: Any) -> None:
    """A topic is said not to be there while it comes into being, which it does at its own time."""
    coming = {topic["name"] for topic in reply["topics"] if topic["error_code"] in _COMING}

    def come() -> bool:
        turn.side.refresh()
        return coming <= turn.side.ids.keys()

    until(come, lambda: coming)


def _metadata_by_id(turn: Turn, names: Sequence[str]) -> dict[str, Any]:
    topics = [{"topic_id": turn.side.id(name), "name": None} for name in names]
    return {"topics": topics, "allow_auto_topic_creation": False, "include_topic_authorized_operations": True}


def _describe_partitions(_: Turn, names: Sequence[str], **more: Any) -> dict[str, Any]:
    return {"topics": [{"name": name} for name in names], "response_partition_limit": 2000, **more}


def _producers(_: Turn, names: Sequence[str]) -> dict[str, Any]:
    return {"topics": [{"name": name, "partition_indexes": [0, 9]} for name in names]}


def _idempotent(_: Turn, names: Sequence[str]) -> dict[str, Any]:
    return {"transactional_id": None, "transaction_timeout_ms": 60000}


_CREATORS = frozenset(
    {
        "nobody",
        "owner",
        "everything",
        "creator",
        "describer",
        "cluster-creator",
        "denied",
        "denied-to-describe",
        "admin",
    }
)
_BY_TOPIC = {
    ApiKey.PRODUCE: _produce,
    ApiKey.FETCH: _fetch,
    ApiKey.LIST_OFFSETS: _list_offsets,
    ApiKey.OFFSET_FOR_LEADER_EPOCH: _epochs,
    ApiKey.METADATA: _metadata,
    ApiKey.DESCRIBE_TOPIC_PARTITIONS: _describe_partitions,
    ApiKey.DESCRIBE_PRODUCERS: _producers,
}
_SESSIONS = (7, 99)  # Fetch: from this version on there are sessions (KIP-227)


def _session(turn: Turn, names: Sequence[str], *, forgotten: Sequence[str] = (), added: Sequence[str] = ()) -> Message:
    """Begin a fetch session with the topics, and go on with it: some are forgotten, others added."""
    first = make(ApiKey.FETCH, **_fetch(turn, names, session_epoch=0))
    reply = turn.side.raw(turn.user, first, turn.version)
    gone = [_topic(turn, name, partitions=[0]) for name in forgotten]
    more = _fetch(turn, added, session_id=reply.session_id, session_epoch=1, forgotten_topics_data=gone)
    return make(ApiKey.FETCH, **more)


_NAMED_NOT_CREATING = (4, 99)  # older versions create what they name
_TWO = {"": (MINE, OTHER)}

CASES = [
    *over(ApiKey.PRODUCE, _produce),
    *over(ApiKey.PRODUCE, lambda turn, names: _produce(turn, names, acks=1), word="acks=1", selections=_TWO),
    *over(
        ApiKey.PRODUCE,
        lambda turn, names: _produce(turn, names, acks=0),
        word="acks=0",
        selections={"other": (OTHER,)},
        users=frozenset({"nobody", "owner", "reader"}),
    ),
    *over(
        ApiKey.PRODUCE,
        lambda turn, names: _produce(turn, names, transactional_id="other.unowned"),
        word="transactional, other's id",
        users=frozenset({"nobody", "owner", "topics-owner", "writer", "reader", "denied-to-write"}),
    ),
    *over(ApiKey.FETCH, _fetch),
    *over(ApiKey.FETCH, lambda turn, names: _fetch(turn, names, isolation_level=1), word="committed", selections=_TWO),
    *over(
        ApiKey.FETCH, lambda turn, names: _fetch(turn, names, partitions=(0, 9)), word="no partition 9", selections=_TWO
    ),
    *over(ApiKey.FETCH, lambda turn, names: _fetch(turn, names), word="empty", selections={"": ()}),
    *(
        Case(
            ApiKey.FETCH,
            f"session {word}",
            lambda turn, change=change: _session(turn, (MINE, OTHER), **change),
            versions=_SESSIONS,
        )
        for word, change in {
            "as before": {},
            "with less": {"forgotten": (MINE,)},
            "with more": {"added": (OTHER, "mine.absent")},
        }.items()
    ),
    Case(
        ApiKey.FETCH,
        "session that nobody has",
        lambda turn: make(ApiKey.FETCH, **_fetch(turn, (), session_id=4711, session_epoch=3)),
        versions=_SESSIONS,
    ),
    *over(ApiKey.LIST_OFFSETS, _list_offsets),
    *over(ApiKey.OFFSET_FOR_LEADER_EPOCH, _epochs),
    *over(ApiKey.METADATA, _metadata, versions=_NAMED_NOT_CREATING),
    *over(ApiKey.METADATA, _metadata_by_id, word="by id", versions=(12, 99)),
    Case(
        ApiKey.METADATA,
        "all",
        lambda turn: make(
            ApiKey.METADATA,
            topics=None if turn.version else [],
            **{"include_topic_authorized_operations": True} if turn.version >= 8 else {},
        ),
    ),
    *over(ApiKey.DESCRIBE_TOPIC_PARTITIONS, _describe_partitions),
    *over(ApiKey.DESCRIBE_PRODUCERS, _producers),
    *over(ApiKey.DESCRIBE_TOPIC_PARTITIONS, _describe_partitions, word="all", selections={"": ()}),
    *over(
        ApiKey.DESCRIBE_TOPIC_PARTITIONS,
        lambda turn, names: _describe_partitions(
            turn, names, cursor={"topic_name": "mine.there", "partition_index": 1}
        ),
        word="cursor",
        selections={"all": (), "named": (MINE, OTHER)},
    ),
    *over(
        ApiKey.DESCRIBE_TOPIC_PARTITIONS,
        lambda turn, names: {
            "topics": [],
            "response_partition_limit": 1,
            "cursor": {"topic_name": "mine", "partition_index": 0},  # behind Kafka's internal topics
        },
        word="limit",
        selections={"": ()},
    ),
    *over(ApiKey.INIT_PRODUCER_ID, _idempotent, word="idempotent", selections={"": ()}),
    Case(
        ApiKey.DESCRIBE_CLUSTER,
        "",
        lambda turn: make(ApiKey.DESCRIBE_CLUSTER, include_cluster_authorized_operations=True),
    ),
    *(
        case
        for api, fields in _BY_TOPIC.items()
        for case in over(
            api,
            fields,
            selections=ODD,
            versions=(4, 99),
            users=None if api is not ApiKey.PRODUCE else frozenset({"nobody", "describer"}),
        )
    ),
    *over(
        ApiKey.METADATA,
        lambda turn, names: _metadata(turn, names, create=True),
        word="creating",
        afterwards=_await_creation,
        selections=_UNKNOWN_NAMES,
        users=_CREATORS,
    ),
]
