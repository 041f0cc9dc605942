"""Share groups and streams groups."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tests.clients.waiting import until
from tests.equivalence.cases import EPOCHS, MINE, OTHER, SELECTIONS, Case, Turn, over
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MEMBER, _ITSELF = "AAAAAAAAAAAAAAAAAAAABw", "AAAAAAAAAAAAAAAAAAAACA"
_ASSIGNED = {"mine.shared": [MINE], "mine.shared-mixed": [MINE, OTHER], "other.shared": [OTHER]}
_DESCRIBED = {
    "mine": ("mine.shared",),
    "mixed": ("mine.shared-mixed",),
    "all": (*_ASSIGNED, *SELECTIONS["mixed"]),
}
_STREAMS = {"mine.streams": [MINE], "mine.streams-mixed": [MINE, OTHER], "other.streams": [OTHER]}


def _beat(turn: Turn, names: Sequence[str], *, group: str = "mine.new-share", epoch: int = 0) -> dict[str, Any]:
    return {
        "group_id": turn.own(group),
        "member_id": _MEMBER,
        "member_epoch": epoch,
        "subscribed_topic_names": list(names),
    }


def _with_members(turn: Turn) -> None:
    for group, names in _ASSIGNED.items():
        reply = turn.admin(
            ApiKey.SHARE_GROUP_HEARTBEAT,
            1,
            group_id=group,
            member_id=_ITSELF,
            member_epoch=0,
            subscribed_topic_names=names,
        )
        assert reply.error_code == 0, reply


def _fetch(turn: Turn, names: Sequence[str], *, group: str = "mine.shared") -> dict[str, Any]:
    """All records that there are, for which a broker waits if it has to.

    Of two topics only one has any: it is a broker's own choice which of them it hands out first.
    """
    has_records = _with_most(names)
    topics = [
        {
            "topic_id": turn.side.id(name),
            "partitions": [{"partition_index": 1 - (name == has_records), "acknowledgement_batches": []}],
        }
        for name in names
    ]
    return {
        "group_id": turn.own(group),
        "member_id": _MEMBER,
        "share_session_epoch": 0,
        "max_wait_ms": 5000,
        "min_bytes": 1,
        "max_records": 100,
        "batch_size": 100,
        "topics": topics,
    }


def _fetches(word: str, selections: dict[str, tuple[str, ...]], group: str) -> Iterator[Case]:
    for what, names in selections.items():
        its_own = f"{group}-{what.replace(' ', '-')}"  # how often a record was handed out is told, too
        yield from over(
            ApiKey.SHARE_FETCH,
            partial(_fetch, group=its_own),
            word=word,
            selections={what: names},
            prepare=partial(_with_records, names=names, group=its_own),
        )


def _with_records(turn: Turn, names: Sequence[str], group: str) -> None:
    """A group that was handed all its records and gave them back: its broker has loaded them, which takes its own time.

    All of them, since a broker gives them back a moment after it has said so: meanwhile it would hand out the others.
    """
    there = [name for name in names if name in turn.side.ids]
    if not there:
        return
    member = {"group_id": turn.own(group), "member_id": _ITSELF}
    for epoch, subscribed in ((0, there), (-1, None)):  # in and out again
        turn.admin(ApiKey.SHARE_GROUP_HEARTBEAT, 1, **member, member_epoch=epoch, subscribed_topic_names=subscribed)
    replies: list[Any] = []

    def begins_at_the_start() -> bool:
        topics = [{"topic_name": name, "partitions": [{"partition_index": 0, "start_offset": 0}]} for name in there]
        replies.append(turn.admin(ApiKey.ALTER_SHARE_GROUP_OFFSETS, 0, group_id=turn.own(group), topics=topics))
        partitions = [partition for topic in replies[-1].responses for partition in topic.partitions]
        return not replies[-1].error_code and not any(partition.error_code for partition in partitions)

    end = _end_of(turn, _with_most(there))
    fields = _fetch(turn, there, group=group) | member | {"max_wait_ms": 500}
    epoch = 0

    def holds_all_records() -> bool:
        nonlocal epoch
        more = {"share_session_epoch": epoch} | ({"topics": []} if epoch else {})
        replies.append(turn.admin(ApiKey.SHARE_FETCH, 1, **fields | more))
        epoch = 0 if replies[-1].error_code else epoch + 1
        partitions = [partition for topic in replies[-1].responses for partition in topic.partitions]
        return any(held.last_offset + 1 >= end for partition in partitions for held in partition.acquired_records)

    until(begins_at_the_start, lambda: replies[-1])
    until(holds_all_records, lambda: (end, replies[-1]))
    turn.admin(ApiKey.SHARE_ACKNOWLEDGE, 1, **member, share_session_epoch=-1, topics=[])  # gives all of them back


def _with_most(names: Sequence[str]) -> str:
    """The topic of which all records are asked for."""
    return MINE if MINE in names else OTHER


def _end_of(turn: Turn, name: str) -> int:
    """The offset behind the last record of the partition that is asked for."""
    topics = [{"name": name, "partitions": [{"partition_index": 0, "timestamp": -1}]}]
    (topic,) = turn.admin(ApiKey.LIST_OFFSETS, 7, replica_id=-1, topics=topics).topics
    end: int = topic.partitions[0].offset
    return end


def _acknowledge(turn: Turn, names: Sequence[str], *, group: str = "mine.shared") -> dict[str, Any]:
    batches = [{"first_offset": 0, "last_offset": 0, "acknowledge_types": [1]}]
    topics = [
        {"topic_id": turn.side.id(name), "partitions": [{"partition_index": 1, "acknowledgement_batches": batches}]}
        for name in names
    ]
    return {"group_id": group, "member_id": _MEMBER, "share_session_epoch": 1, "topics": topics}


# Asked for a partition that is not there, Kafka takes half a minute to say so.
def _described(group: str) -> Callable[[Turn, Sequence[str]], dict[str, Any]]:
    return lambda _, names: {
        "groups": [{"group_id": group, "topics": [{"topic_name": name, "partitions": [0]} for name in names]}]
    }


def _alter(group: str) -> Callable[[Turn, Sequence[str]], dict[str, Any]]:
    partitions = [{"partition_index": 0, "start_offset": 0}]
    return lambda _, names: {
        "group_id": group,
        "topics": [{"topic_name": name, "partitions": partitions} for name in names],
    }


def _streams(
    turn: Turn, names: Sequence[str], *, group: str = "mine.new-streams", internal: Sequence[str] = (), epoch: int = 0
) -> dict[str, Any]:
    subtopology = {
        "subtopology_id": "0",
        "source_topics": list(names),
        "source_topic_regex": [],
        "state_changelog_topics": [
            {"name": name, "partitions": 0, "replication_factor": 1, "topic_configs": []} for name in internal
        ],
        "repartition_sink_topics": [],
        "repartition_source_topics": [],
        "copartition_groups": [],
    }
    return {
        "group_id": turn.own(group),
        "member_id": _MEMBER,
        "member_epoch": epoch,
        "rebalance_timeout_ms": 60000,
        "topology": {"epoch": 0, "subtopologies": [subtopology]},
        "active_tasks": [],
        "standby_tasks": [],
        "warmup_tasks": [],
        "process_id": "process",
        "client_tags": [],
    }


def _with_streams(turn: Turn) -> None:
    for group, names in _STREAMS.items():
        fields = _streams(turn, names) | {"group_id": group, "member_id": _ITSELF}
        reply = turn.admin(ApiKey.STREAMS_GROUP_HEARTBEAT, 0, **fields)
        assert reply.error_code == 0, reply


CASES = [
    *over(ApiKey.SHARE_GROUP_HEARTBEAT, _beat),
    *over(
        ApiKey.SHARE_GROUP_HEARTBEAT,
        lambda turn, names: _beat(turn, names, group="other.new-share"),
        word="other's group,",
        selections={"mine": (MINE,), "other": (OTHER,)},
    ),
    *over(
        ApiKey.SHARE_GROUP_DESCRIBE,
        lambda _, names: {"group_ids": list(names), "include_authorized_operations": True},
        selections=_DESCRIBED,
        masked=EPOCHS,
        prepare=_with_members,
    ),
    *_fetches("", SELECTIONS | {"both": (MINE, OTHER)}, "mine.shared"),
    *_fetches("other's group,", {"mine": (MINE,), "other": (OTHER,)}, "other.shared"),
    *over(ApiKey.SHARE_ACKNOWLEDGE, _acknowledge),
    *over(
        ApiKey.SHARE_ACKNOWLEDGE,
        lambda turn, names: _acknowledge(turn, names, group="other.shared"),
        word="other's group,",
        selections={"mine": (MINE,), "other": (OTHER,)},
    ),
    *over(ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS, _described("mine.shared"), prepare=_with_members),
    *over(ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS, _described("other.shared"), word="other's group,"),
    *over(
        ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
        lambda _, names: {"groups": [{"group_id": name, "topics": None} for name in names]},
        word="all topics of",
        selections={"all": (*_ASSIGNED, *SELECTIONS["mixed"])},
    ),
    *over(ApiKey.ALTER_SHARE_GROUP_OFFSETS, _alter("mine.shared-empty")),
    *over(ApiKey.ALTER_SHARE_GROUP_OFFSETS, _alter("other.shared-empty"), word="other's group,"),
    *over(
        ApiKey.DELETE_SHARE_GROUP_OFFSETS,
        lambda _, names: {"group_id": "mine.shared", "topics": [{"topic_name": name} for name in names]},
        prepare=_with_members,
    ),
    *over(
        ApiKey.DELETE_SHARE_GROUP_OFFSETS,
        lambda _, names: {"group_id": "other.shared", "topics": [{"topic_name": name} for name in names]},
        word="other's group,",
    ),
    *over(ApiKey.STREAMS_GROUP_HEARTBEAT, _streams),
    *over(
        ApiKey.STREAMS_GROUP_HEARTBEAT,
        lambda turn, names: _streams(turn, names, group="other.new-streams"),
        word="other's group,",
        selections={"mine": (MINE,)},
    ),
    *over(
        ApiKey.STREAMS_GROUP_HEARTBEAT,
        lambda turn, names: _streams(turn, names, group="mine.internal", internal=["mine.store-changelog"]),
        word="internal topic,",
        selections={"mine": (MINE,)},
    ),
    *over(
        ApiKey.STREAMS_GROUP_HEARTBEAT,
        lambda turn, names: _streams(turn, names, group="mine.foreign", internal=["other.store-changelog"]),
        word="other's internal topic,",
        selections={"mine": (MINE,)},
    ),
    *over(
        ApiKey.STREAMS_GROUP_DESCRIBE,
        lambda _, names: {"group_ids": list(names), "include_authorized_operations": True},
        selections={
            "mine": ("mine.streams",),
            "mixed": ("mine.streams-mixed",),
            "all": (*_STREAMS, *SELECTIONS["mixed"]),
        },
        masked=EPOCHS,
        prepare=_with_streams,
    ),
]
