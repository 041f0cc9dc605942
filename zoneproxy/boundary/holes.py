"""Holes that batches which were kept from the broker leave in the sequences of idempotent producers.

A broker that has no state for a producer accepts whatever sequence comes first. So if the first of five batches in
flight is blocked here, the other four would be stored under their old numbers; the client then renumbers what is
left, and other records under numbers already seen are taken for duplicates: acknowledged and not stored. The same
happens if the first is denied, and a new policy allows the others; or if its topic's id could not be looked up, and
theirs can. Therefore, after a refusal, whatever it was for, later batches of that producer, epoch and partition are
answered OUT_OF_ORDER_SEQUENCE_NUMBER, as a broker that knows the producer would, until one arrives with the refused
base sequence, or the first one of a new epoch, sequence 0. (Java begins a new epoch after every refusal, and sends new
batches of it before it sends again what was answered in the old one.)

Batches that come before the hole in the sequence are retries of what was sent earlier: the broker knows them.

Producer ids are numbers that anybody can guess, so holes are kept for each principal: nobody can hold up another's
producers, or have their holes forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

MAX_HOLES = 16_384  # of one principal, ~10 MiB; one for each producer and partition that has not gone on
FIRST = 0  # the sequence that every epoch begins with (KIP-360)
SEQUENCES = 1 << 31  # sequences are 0..2^31-1 and wrap round to 0 (KIP-98)


def is_after(sequence: int, base: int) -> bool:
    """Whether ``sequence`` comes later than ``base``, less than half of the circle ahead."""
    return 0 < (sequence - base) % SEQUENCES < SEQUENCES // 2


class Sequenced(NamedTuple):
    """Where a batch of an idempotent producer stands. ``topic``: its id in hex, or its name where there are no ids."""

    producer_id: int
    epoch: int
    topic: str
    partition: int
    base_sequence: int
    principal: str = ""


class ProducerHoles:
    """Shared by all sessions of one upstream in one worker: a producer may reconnect, or find a new leader.

    Bounded for each principal: at the bound its hole that was asked about longest ago is forgotten.
    """

    def __init__(self, max_holes: int = MAX_HOLES) -> None:
        self._max = max_holes
        self._holes: dict[str, OrderedDict[_Key, Sequenced]] = {}

    @property
    def count(self) -> int:
        """How many holes there are; mostly none."""
        return sum(map(len, self._holes.values())) if self._holes else 0

    def out_of_order(self, batch: Sequenced) -> bool:
        """Whether a batch must be answered OUT_OF_ORDER_SEQUENCE_NUMBER."""
        holes = self._holes.get(batch.principal)
        hole = holes.get(_key(batch)) if holes else None
        if holes is None or hole is None:
            return False
        holes.move_to_end(_key(batch))
        if batch.epoch > hole.epoch:
            return batch.base_sequence != FIRST
        return batch.epoch == hole.epoch and is_after(batch.base_sequence, hole.base_sequence)

    def note(self, batch: Sequenced) -> None:
        """A batch was kept from the broker. The earliest hole of an epoch stands for all later ones.

        Of an epoch that is newer than a hole, the broker has not seen anything yet.
        """
        holes = self._holes.setdefault(batch.principal, OrderedDict())
        hole = holes.get(_key(batch))
        if hole is None or _earlier(batch, hole):
            holes[_key(batch)] = batch
        elif batch.epoch > hole.epoch:
            holes[_key(batch)] = batch._replace(base_sequence=FIRST)
        holes.move_to_end(_key(batch))
        while len(holes) > self._max:
            holes.popitem(last=False)

    def fill(self, batch: Sequenced) -> None:
        """A batch is forwarded: if it is the one that was missing, or begins a new epoch, the sequence goes on."""
        holes = self._holes.get(batch.principal)
        hole = holes.get(_key(batch)) if holes else None
        if hole is not None and (hole == batch or batch.epoch > hole.epoch):
            self._close(batch)

    def _close(self, batch: Sequenced) -> None:
        holes = self._holes[batch.principal]
        del holes[_key(batch)]
        if not holes:
            del self._holes[batch.principal]


_Key = tuple[int, str, int]


def _key(batch: Sequenced) -> _Key:
    return batch.producer_id, batch.topic, batch.partition


def _earlier(batch: Sequenced, hole: Sequenced) -> bool:
    return batch.epoch == hole.epoch and is_after(hole.base_sequence, batch.base_sequence)
