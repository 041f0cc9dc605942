"""Consumer groups through the proxy: both protocols, rebalances, committed offsets."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer

from tests.clients.members import (
    AioKafkaMember,
    ConfluentMember,
    JavaMember,
    KafkaPythonMember,
    Member,
    until,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.clients.admin import Direct
    from tests.clients.reach import Reach

PARTITIONS = 4
EACH = 25


def fill(reach: Reach, topic: str, first: int) -> set[bytes]:
    """Produce EACH records into each partition; their values, which count from ``first``."""
    producer = Producer(reach.confluent(linger_ms=5))
    values = [b"%d" % n for n in range(first, first + PARTITIONS * EACH)]
    for n, value in enumerate(values):
        producer.produce(topic, value, partition=n % PARTITIONS)
    assert producer.flush(30) == 0
    return set(values)


@pytest.mark.parametrize(
    ("kind", "protocol"),
    [
        (ConfluentMember, "classic"),
        (ConfluentMember, "consumer"),
        (KafkaPythonMember, "classic"),
        (AioKafkaMember, "classic"),
        (JavaMember, "classic"),
        (JavaMember, "consumer"),
    ],
)
def test_members_share_the_partitions_and_take_over(
    kind: type[Member], protocol: str, insider: Reach, direct: Direct, tmp_path: Path
) -> None:
    topic = direct.topic(partitions=PARTITIONS)
    group = f"group-{uuid.uuid4().hex[:8]}"
    JavaMember.folder = tmp_path
    before = fill(insider, topic, 0)

    with kind(insider, group, topic, protocol) as first:
        until(lambda: first.has(PARTITIONS) and set(first.values) == before, first)
        with kind(insider, group, topic, protocol) as second:
            until(lambda: first.has(PARTITIONS // 2) and second.has(PARTITIONS // 2), first, second)
            assert first.partitions | second.partitions == frozenset(range(PARTITIONS))
            during = fill(insider, topic, 1000)
            until(lambda: during <= {*first.values, *second.values}, first, second)
            assert len(second.values) >= EACH * PARTITIONS // 2
        until(lambda: first.has(PARTITIONS), first)
        after = fill(insider, topic, 2000)
        until(lambda: after <= set(first.values), first)

    assert direct.committed(group, topic, PARTITIONS) == dict.fromkeys(range(PARTITIONS), 3 * EACH)
