"""What there is on both sides before anybody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.clients.batches import batch
from tests.clients.requests import make
from tests.clients.waiting import until
from tests.equivalence.cases import MINE, OTHER
from zoneproxy.wire.messages.api_keys import ApiKey

if TYPE_CHECKING:
    from tests.equivalence.sides import Side

GROUPS = ("mine.there", "other.there")
TRANSACTIONS = ("mine.there", "other.there")

# The key types of FindCoordinator with a key of each; a share partition is a group, a topic id and a partition.
_KEYS = {0: "any", 1: "any", 2: "any:AAAAAAAAAAAAAAAAAAAABw:0"}


def furnish(side: Side) -> None:
    """Topics with records, groups with offsets, transactional ids, and the internal topics these live in."""
    wait_for_coordinators(side)
    side.make_topics((MINE, OTHER))
    for name in (MINE, OTHER):
        one = {"topic_id": side.id(name), "partition_data": [{"index": 0, "records": batch([b"one", b"two"])}]}
        produce = make(ApiKey.PRODUCE, acks=-1, timeout_ms=10000, topic_data=[one])
        until(lambda produce=produce: _stored(side.admin(produce, 13)))  # a new leader may still refuse
    for name in GROUPS:
        commit(side, name)
    for name in TRANSACTIONS:
        begin(side, name)


def _stored(reply: Any) -> bool:
    return reply.responses[0].partition_responses[0].error_code == 0


def commit(side: Side, group: str, offset: int = 1) -> None:
    """Have a group without members commit an offset for two topics."""
    partitions = [{"partition_index": 0, "committed_offset": offset}]
    topics = [{"name": name, "partitions": partitions} for name in (MINE, OTHER)]
    reply = side.admin(make(ApiKey.OFFSET_COMMIT, group_id=group, topics=topics), 9)
    assert all(p.error_code == 0 for topic in reply.topics for p in topic.partitions), reply


def begin(side: Side, transactional_id: str) -> tuple[int, int]:
    """Make a transactional id known, and end its transaction; its producer id and epoch."""
    init = make(ApiKey.INIT_PRODUCER_ID, transactional_id=transactional_id, transaction_timeout_ms=600000)
    replies: list[Any] = []
    # An earlier transaction takes a moment to end.
    until(lambda: (replies.append(side.admin(init, 4)) or replies[-1]).error_code == 0, lambda: replies[-1])
    return replies[-1].producer_id, replies[-1].producer_epoch


def wait_for_coordinators(side: Side) -> None:
    """Have Kafka make its internal topics, and wait until it has loaded them."""
    for key_type, key in _KEYS.items():
        find = make(ApiKey.FIND_COORDINATOR, key_type=key_type, coordinator_keys=[key])
        until(lambda find=find: side.admin(find, 6).coordinators[0].error_code == 0)
    until(lambda: side.admin(make(ApiKey.LIST_GROUPS), 5).error_code == 0)
    until(lambda: side.admin(make(ApiKey.LIST_TRANSACTIONS), 1).error_code == 0)
    init = make(ApiKey.INIT_PRODUCER_ID, transactional_id=TRANSACTIONS[0], transaction_timeout_ms=600000)
    until(lambda: side.admin(init, 4).error_code == 0)


def tidy(side: Side) -> None:
    """Delete what requests have made, so that one API's leftovers are not in another's way."""
    side.refresh()
    extra = [{"name": name} for name in side.ids if name not in (MINE, OTHER) and not name.startswith("__")]
    if extra:
        side.admin(make(ApiKey.DELETE_TOPICS, topics=extra, timeout_ms=20000), 6)
    until(lambda: _no_classic_groups(side))  # their members are gone after a second


def _no_classic_groups(side: Side) -> bool:
    """Delete all groups that requests have made, as far as they are empty; whether no classic one is left."""
    groups = {one.group_id: one.group_type for one in side.admin(make(ApiKey.LIST_GROUPS), 5).groups}
    made = [name for name in groups if name not in GROUPS]
    if made:
        side.admin(make(ApiKey.DELETE_GROUPS, groups_names=made), 2)
    return all(groups[name] != "classic" for name in made)
