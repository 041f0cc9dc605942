"""Groups of the classic protocol and of KIP-848, and the offsets they commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.clients.requests import make
from tests.equivalence import world
from tests.equivalence.cases import EPOCHS, MINE, MINE_ABSENT, ODD, OTHER, SELECTIONS, Case, Turn, over
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Sequence

_GROUP, _TRANSACTION, _SHARE = 0, 1, 2  # the key types of FindCoordinator
_BATCHED = (4, 99)  # FindCoordinator: from this version on several keys in one request
_GROUPS_FROM = 8  # OffsetFetch: from this version on several groups in one request

_VICTIMS = ("mine.victim", "other.victim")
_SUBSCRIPTION = b"\0\1" + bytes(8)


def _offsets(turn: Turn, names: Sequence[str]) -> list[dict[str, Any]]:
    partitions = [{"partition_index": n, "committed_offset": 1, "committed_metadata": "note"} for n in (0, 9)]
    return [{"name": name, "topic_id": turn.side.id(name), "partitions": partitions} for name in names]


def _commit(group: str) -> Any:
    return lambda turn, names: {"group_id": group, "topics": _offsets(turn, names)}


def _committed(group: str) -> Any:
    def fields(turn: Turn, names: Sequence[str]) -> dict[str, Any]:
        topics = [{"name": name, "partition_indexes": [0, 9]} for name in names]
        if turn.version < _GROUPS_FROM:
            return {"group_id": group, "topics": topics}
        with_ids = [topic | {"topic_id": turn.side.id(topic["name"])} for topic in topics]
        return {"groups": [{"group_id": group, "topics": with_ids}]}

    return fields


def _all_committed(groups: Sequence[str]) -> Any:
    def ask(turn: Turn) -> Any:
        if turn.version < _GROUPS_FROM:
            return make(ApiKey.OFFSET_FETCH, group_id=groups[0], topics=None)
        return make(ApiKey.OFFSET_FETCH, groups=[{"group_id": name, "topics": None} for name in groups])

    return ask


def _delete_offsets(group: str) -> Any:
    return lambda _, names: {
        "group_id": group,
        "topics": [{"name": name, "partitions": [{"partition_index": n} for n in (0, 9)]} for name in names],
    }


def _restore(turn: Turn) -> None:
    for name in (*world.GROUPS, *_VICTIMS):
        world.commit(turn.side, name)


def _find(key_type: int, keys: Sequence[str]) -> Any:
    if len(keys) == 1:
        return lambda turn: make(
            ApiKey.FIND_COORDINATOR,
            key_type=key_type,
            **({"key": keys[0]} if turn.version < _BATCHED[0] else {"coordinator_keys": list(keys)}),
        )
    return lambda _: make(ApiKey.FIND_COORDINATOR, key_type=key_type, coordinator_keys=list(keys))


_KINDS = {"group": (_GROUP, 0), "transactional id": (_TRANSACTION, 1)}

_FINDING = [
    *(
        Case(ApiKey.FIND_COORDINATOR, f"{word} {name}", _find(kind, (name,)), versions=(since, 99))
        for word, (kind, since) in _KINDS.items()
        for name in (MINE, OTHER)
    ),
    *(
        Case(ApiKey.FIND_COORDINATOR, f"{word} mixed", _find(kind, SELECTIONS["mixed"]), versions=_BATCHED)
        for word, (kind, _) in _KINDS.items()
    ),
    Case(
        ApiKey.FIND_COORDINATOR,
        "share-group partition",
        lambda turn: make(
            ApiKey.FIND_COORDINATOR, key_type=_SHARE, coordinator_keys=["mine.there:AAAAAAAAAAAAAAAAAAAABw:0"]
        ),
        versions=(6, 99),
    ),
    Case(ApiKey.FIND_COORDINATOR, "of no known type", _find(7, (MINE,)), versions=(1, 99)),
]

# A member alone would keep others waiting: each request has a group for itself.
_OWN = {"mine": ("mine.own",), "other": ("other.own",)}


def _join(turn: Turn, names: Sequence[str], **more: Any) -> dict[str, Any]:
    return {
        "group_id": turn.own(names[0]),
        "session_timeout_ms": 1000,
        "rebalance_timeout_ms": 1000,
        "protocol_type": "consumer",
        "protocols": [{"name": "range", "metadata": _SUBSCRIPTION}],
        **more,
    }


def _heartbeat_848(
    turn: Turn, names: Sequence[str], *, group: str = "mine.new", regex: str | None = None
) -> dict[str, Any]:
    member = {} if turn.version == 0 else {"member_id": "AAAAAAAAAAAAAAAAAAAABw"}
    return {
        "group_id": turn.own(group),
        "member_epoch": 0,
        "rebalance_timeout_ms": 60000,
        "subscribed_topic_names": list(names),
        "subscribed_topic_regex": regex,
        "topic_partitions": [],
        **member,
    }


def _in_group(api: ApiKey, **fields: Any) -> list[Case]:
    return over(api, lambda _, names: {"group_id": names[0], "member_id": "nobody", **fields}, selections=_ONE_GROUP)


_ONE_GROUP = {what: names for what, names in SELECTIONS.items() if what != "mixed"}


def _leave(turn: Turn, names: Sequence[str]) -> dict[str, Any]:
    if turn.version < 3:
        return {"group_id": names[0], "member_id": "nobody"}
    return {"group_id": names[0], "members": [{"member_id": "nobody"}, {"group_instance_id": "static"}]}


def _describe(turn: Turn, names: Sequence[str]) -> dict[str, Any]:
    return {"groups": list(names), "include_authorized_operations": turn.version >= 3}


def _with_members(turn: Turn) -> None:
    """A KIP-848 group whose members are assigned one's own topic, another's, or both."""
    for group, names in _ASSIGNED.items():
        reply = turn.admin(
            ApiKey.CONSUMER_GROUP_HEARTBEAT,
            1,
            group_id=group,
            member_id="AAAAAAAAAAAAAAAAAAAACA",
            member_epoch=0,
            rebalance_timeout_ms=600000,
            subscribed_topic_names=names,
            topic_partitions=[],
        )
        assert reply.error_code == 0, reply


_ASSIGNED = {"mine.assigned": [MINE], "mine.mixed": [MINE, OTHER], "other.assigned": [OTHER]}
_DESCRIBED = {"mine": ("mine.assigned",), "mixed": ("mine.mixed",), "all": (*_ASSIGNED, *SELECTIONS["mixed"])}

CASES = [
    *_FINDING,
    *over(ApiKey.OFFSET_COMMIT, _commit(MINE)),
    *over(ApiKey.OFFSET_COMMIT, _commit(OTHER), word="other's group,"),
    *over(ApiKey.OFFSET_FETCH, _committed(MINE), prepare=_restore),
    *over(ApiKey.OFFSET_FETCH, _committed(OTHER), word="other's group,"),
    Case(ApiKey.OFFSET_FETCH, "all of mine", _all_committed((MINE,)), versions=(2, 99)),
    Case(ApiKey.OFFSET_FETCH, "all of other", _all_committed((OTHER,)), versions=(2, 99)),
    Case(ApiKey.OFFSET_FETCH, "all of mixed", _all_committed(SELECTIONS["mixed"]), versions=(_GROUPS_FROM, 99)),
    *over(ApiKey.OFFSET_DELETE, _delete_offsets(MINE), prepare=_restore),
    *over(ApiKey.OFFSET_DELETE, _delete_offsets(OTHER), prepare=_restore, word="other's group,"),
    *(
        case
        for api, fields in {
            ApiKey.OFFSET_COMMIT: _commit("mine.odd"),
            ApiKey.OFFSET_FETCH: _committed("mine.odd"),
            ApiKey.OFFSET_DELETE: _delete_offsets("mine.odd"),
        }.items()
        for case in over(api, fields, selections=ODD, prepare=_restore)
    ),
    *over(ApiKey.OFFSET_DELETE, _delete_offsets(MINE_ABSENT), word="absent group,"),
    *over(ApiKey.JOIN_GROUP, _join, selections=_OWN),
    *over(
        ApiKey.JOIN_GROUP,
        lambda turn, names: _join(turn, names, group_instance_id="static"),
        word="static",
        selections=_OWN,
        versions=(5, 99),
    ),
    *over(
        ApiKey.JOIN_GROUP, lambda turn, names: _join(turn, names, member_id="gone"), word="lost member", selections=_OWN
    ),
    *_in_group(ApiKey.HEARTBEAT, generation_id=3),
    *over(ApiKey.LEAVE_GROUP, _leave, selections=_ONE_GROUP),
    *_in_group(ApiKey.SYNC_GROUP, generation_id=3, protocol_type="consumer", protocol_name="range", assignments=[]),
    *over(ApiKey.DESCRIBE_GROUPS, _describe, selections=SELECTIONS | {"twice": (MINE, OTHER, MINE)}),
    Case(ApiKey.LIST_GROUPS, "all", lambda _: make(ApiKey.LIST_GROUPS)),
    Case(
        ApiKey.LIST_GROUPS,
        "empty ones",
        lambda _: make(ApiKey.LIST_GROUPS, states_filter=["Empty"]),
        versions=(4, 99),
    ),
    *over(
        ApiKey.DELETE_GROUPS,
        lambda _, names: {"groups_names": list(names)},
        selections=SELECTIONS | {"victims": (*_VICTIMS, MINE_ABSENT), "twice": (*_VICTIMS, *_VICTIMS)},
        prepare=_restore,
    ),
    *over(ApiKey.CONSUMER_GROUP_HEARTBEAT, _heartbeat_848),
    *over(
        ApiKey.CONSUMER_GROUP_HEARTBEAT,
        lambda turn, names: _heartbeat_848(turn, names, group="other.new"),
        word="other's group,",
        selections={"mine": (MINE,)},
    ),
    *over(
        ApiKey.CONSUMER_GROUP_HEARTBEAT,
        lambda turn, names: _heartbeat_848(turn, names) | {"member_epoch": 7, "member_id": "AAAAAAAAAAAAAAAAAAAACQ"},
        word="lost member,",
        selections={"mine": (MINE,), "other": (OTHER,)},
    ),
    *over(
        ApiKey.CONSUMER_GROUP_HEARTBEAT,
        lambda turn, names: _heartbeat_848(turn, (), group="mine.pattern", regex=names[0]),
        word="pattern",
        selections={pattern: (pattern,) for pattern in (r"mine\..*", r"(mine|other)\..*")},
        versions=(1, 99),
    ),
    *over(
        ApiKey.CONSUMER_GROUP_DESCRIBE,
        lambda _, names: {"group_ids": list(names), "include_authorized_operations": True},
        selections=_DESCRIBED,
        masked=EPOCHS,
        prepare=_with_members,
    ),
]
