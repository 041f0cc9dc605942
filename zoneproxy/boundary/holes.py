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

MAX_HOLES = 65_536  # ~20 MiB at worst; one for each producer and partition that was blocked and has not gone on
SEQUENCES = 1 << 31  # sequences are 0..2^31-1 and wrap round to 0 (KIP-98)


def is_after(sequence: int, base: int) -> bool:
    """Whether ``sequence`` comes later than ``base``, less than half of the circle ahead."""
    return 0 < (sequence - base) % SEQUENCES < SEQUENCES // 2


class ProducerHoles:
    """Shared by all sessions of one upstream in one worker: a producer may reconnect, or find a new leader.

    Bounded: at the bound the hole that was asked about longest ago is forgotten.
    """

    def __init__(self, max_holes: int = MAX_HOLES) -> None:
        self._max = max_holes
        self._holes: OrderedDict[tuple[int, str, int], tuple[int, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._holes)

    def out_of_order(self, producer_id: int, epoch: int, topic: str, partition: int, base_sequence: int) -> bool:
        """Whether a batch must be answered OUT_OF_ORDER_SEQUENCE_NUMBER. A new epoch ends the hole."""
        if not self._holes:
            return False
        key = (producer_id, topic, partition)
        hole = self._holes.get(key)
        if hole is None:
            return False
        if epoch > hole[0]:
            del self._holes[key]
            return False
        self._holes.move_to_end(key)
        return epoch == hole[0] and is_after(base_sequence, hole[1])

    def note(self, producer_id: int, epoch: int, topic: str, partition: int, base_sequence: int) -> None:
        """A batch was kept from the broker. The earliest hole of an epoch stands for all later ones."""
        key = (producer_id, topic, partition)
        hole = self._holes.get(key)
        if hole is None or epoch > hole[0] or (epoch == hole[0] and is_after(hole[1], base_sequence)):
            self._holes[key] = (epoch, base_sequence)
        self._holes.move_to_end(key)
        while len(self._holes) > self._max:
            self._holes.popitem(last=False)

    def fill(self, producer_id: int, epoch: int, topic: str, partition: int, base_sequence: int) -> None:
        """A batch is forwarded: if it is the one that was missing, the sequence goes on."""
        if self._holes and self._holes.get((producer_id, topic, partition)) == (epoch, base_sequence):
            del self._holes[(producer_id, topic, partition)]
