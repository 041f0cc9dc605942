"""Transactions: their partitions, their offsets, their ends, and who may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.clients.requests import make
from tests.equivalence import world
from tests.equivalence.cases import MINE, ODD, OTHER, SELECTIONS, Case, Turn, over
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ONE = {what: names for what, names in SELECTIONS.items() if what != "mixed"}
_RUNNING = "mine.running"
_TWO_PHASE = 6


def _begin(*names: str) -> Callable[[Turn], None]:
    """Have the ids known, without a transaction going on; each turn starts with a new epoch."""

    def prepare(turn: Turn) -> None:
        for name in names:
            turn.side.kept[name] = world.begin(turn.side, name)

    return prepare


def _of(turn: Turn, name: str) -> dict[str, Any]:
    producer_id, epoch = turn.side.kept.get(name, (4711, 0))
    return {"transactional_id": name, "producer_id": producer_id, "producer_epoch": epoch}


def _partitions(name: str) -> Callable[[Turn, Sequence[str]], dict[str, Any]]:
    def fields(turn: Turn, names: Sequence[str]) -> dict[str, Any]:
        own = {f"v3_and_below_{key}": value for key, value in _of(turn, name).items()}
        return own | {"v3_and_below_topics": [{"name": topic, "partitions": [0, 1]} for topic in names]}

    return fields


def _offsets(name: str, group: str) -> Callable[[Turn, Sequence[str]], dict[str, Any]]:
    def fields(turn: Turn, names: Sequence[str]) -> dict[str, Any]:
        partitions = [{"partition_index": n, "committed_offset": 1} for n in (0, 9)]
        topics = [{"name": topic, "partitions": partitions} for topic in names]
        return _of(turn, name) | {"group_id": group, "topics": topics}

    return fields


def _with_a_transaction(turn: Turn) -> None:
    """A transaction that goes on, over one's own topic and another's."""
    if _RUNNING in turn.side.kept:
        return
    turn.side.kept[_RUNNING] = producer_id, epoch = world.begin(turn.side, _RUNNING)
    topics = [{"name": name, "partitions": [0]} for name in (MINE, OTHER)]
    reply = turn.admin(
        ApiKey.ADD_PARTITIONS_TO_TXN,
        3,
        v3_and_below_transactional_id=_RUNNING,
        v3_and_below_producer_id=producer_id,
        v3_and_below_producer_epoch=epoch,
        v3_and_below_topics=topics,
    )
    assert not any(p.partition_error_code for t in reply.results_by_topic_v3_and_below for p in t.results_by_partition)


CASES = [
    *over(
        ApiKey.INIT_PRODUCER_ID,
        lambda _, names: {"transactional_id": names[0], "transaction_timeout_ms": 60000},
        word="transactional id",
        selections=_ONE,
    ),
    Case(
        ApiKey.INIT_PRODUCER_ID,
        "without a transactional id",
        lambda _: make(ApiKey.INIT_PRODUCER_ID, transactional_id=None, transaction_timeout_ms=60000),
    ),
    *over(ApiKey.ADD_PARTITIONS_TO_TXN, _partitions(MINE), prepare=_begin(MINE)),
    *over(
        ApiKey.ADD_PARTITIONS_TO_TXN,
        _partitions(OTHER),
        word="other's id,",
        prepare=_begin(OTHER),
        selections={"mine": (MINE,), "mixed": (MINE, OTHER)},
    ),
    *over(
        ApiKey.ADD_PARTITIONS_TO_TXN,
        _partitions(MINE),
        prepare=_begin(MINE),
        selections=ODD,
    ),
    *over(
        ApiKey.TXN_OFFSET_COMMIT,
        _offsets(MINE, "mine.odd"),
        prepare=_begin(MINE),
        selections=ODD,
    ),
    *(
        Case(
            ApiKey.ADD_OFFSETS_TO_TXN,
            f"{name} for group {group}",
            lambda turn, name=name, group=group: make(ApiKey.ADD_OFFSETS_TO_TXN, **_of(turn, name), group_id=group),
            prepare=_begin(name),
        )
        for name in (MINE, OTHER)
        for group in (MINE, OTHER)
    ),
    *over(ApiKey.TXN_OFFSET_COMMIT, _offsets(MINE, MINE), prepare=_begin(MINE)),
    *over(ApiKey.TXN_OFFSET_COMMIT, _offsets(MINE, OTHER), prepare=_begin(MINE), word="other's group"),
    *over(ApiKey.TXN_OFFSET_COMMIT, _offsets(OTHER, MINE), prepare=_begin(OTHER), word="other's id"),
    *(
        Case(
            ApiKey.END_TXN,
            f"{name} committed={committed}",
            lambda turn, name=name, committed=committed: make(ApiKey.END_TXN, **_of(turn, name), committed=committed),
            prepare=_begin(name),
        )
        for name in (MINE, OTHER)
        for committed in (True, False)
    ),
    *over(
        ApiKey.DESCRIBE_TRANSACTIONS,
        lambda _, names: {"transactional_ids": list(names)},
        selections=SELECTIONS | {"running": (_RUNNING, MINE)},
        prepare=_with_a_transaction,
    ),
    Case(ApiKey.LIST_TRANSACTIONS, "all", lambda _: make(ApiKey.LIST_TRANSACTIONS), prepare=_with_a_transaction),
    Case(
        ApiKey.LIST_TRANSACTIONS,
        "running",
        lambda _: make(ApiKey.LIST_TRANSACTIONS, state_filters=["Ongoing", "no such state"]),
    ),
    Case(
        ApiKey.LIST_TRANSACTIONS,
        "pattern",
        lambda _: make(ApiKey.LIST_TRANSACTIONS, transactional_id_pattern="(mine|other)[.]t.*"),
        versions=(2, 99),
    ),
]
