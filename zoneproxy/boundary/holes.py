"""Holes that blocked batches leave in the sequences of idempotent producers.

A broker that has no state for a producer accepts whatever sequence comes first. So if the first of five batches in
flight is blocked here, the other four would be stored under their old numbers; the client then renumbers what is
left, and other records under numbers already seen are taken for duplicates: acknowledged and not stored. Therefore,
after a block, later batches of that producer, epoch and partition are answered OUT_OF_ORDER_SEQUENCE_NUMBER, as a
broker that knows the producer would, until one arrives with the blocked base sequence, or a new epoch.

Batches that come before the hole in the sequence are retries of what was sent earlier: the broker knows them.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

MAX_HOLES = 65_536  # ~20 MiB at worst; one for each producer and partition that was blocked and has not gone on
SEQUENCES = 1 << 31  # sequences are 0..2^31-1 and wrap round to 0 (KIP-98)


def is_after(sequence: int, base: int) -> bool:
    """Whether ``sequence`` comes later than ``base``, less than half of the circle ahead."""
    return 0 < (sequence - base) % SEQUENCES < SEQUENCES // 2


class Sequenced(NamedTuple):
    """Where a batch of an idempotent producer stands."""

    producer_id: int
    epoch: int
    topic: str
    partition: int
    base_sequence: int


class ProducerHoles:
    """Shared by all sessions of one upstream in one worker: a producer may reconnect, or find a new leader.

    Bounded: at the bound the hole that was asked about longest ago is forgotten.
    """

    def __init__(self, max_holes: int = MAX_HOLES) -> None:
        self._max = max_holes
        self._holes: OrderedDict[tuple[int, str, int], Sequenced] = OrderedDict()

    @property
    def count(self) -> int:
        """How many holes there are; mostly none."""
        return len(self._holes)

    def out_of_order(self, batch: Sequenced) -> bool:
        """Whether a batch must be answered OUT_OF_ORDER_SEQUENCE_NUMBER. A new epoch ends the hole."""
        hole = self._holes.get(_key(batch)) if self._holes else None
        if hole is None:
            return False
        if batch.epoch > hole.epoch:
            del self._holes[_key(batch)]
            return False
        self._holes.move_to_end(_key(batch))
        return batch.epoch == hole.epoch and is_after(batch.base_sequence, hole.base_sequence)

    def note(self, batch: Sequenced) -> None:
        """A batch was kept from the broker. The earliest hole of an epoch stands for all later ones."""
        hole = self._holes.get(_key(batch))
        if hole is None or batch.epoch > hole.epoch or _earlier(batch, hole):
            self._holes[_key(batch)] = batch
        self._holes.move_to_end(_key(batch))
        while len(self._holes) > self._max:
            self._holes.popitem(last=False)

    def fill(self, batch: Sequenced) -> None:
        """A batch is forwarded: if it is the one that was missing, the sequence goes on."""
        if self._holes and self._holes.get(_key(batch)) == batch:
            del self._holes[_key(batch)]


def _key(batch: Sequenced) -> tuple[int, str, int]:
    return batch.producer_id, batch.topic, batch.partition


def _earlier(batch: Sequenced, hole: Sequenced) -> bool:
    return batch.epoch == hole.epoch and is_after(hole.base_sequence, batch.base_sequence)
