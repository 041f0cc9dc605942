"""What became of fetched batches, kept, so that ten consumer groups do not cost ten scans.

A batch is known by its bytes (BLAKE2), where it stands, and the compiled controls; what comes out depends on nothing
else, except where controls are about who asks or sign what they let through: that is not kept. Neither is what could
come out otherwise the next time, nor what goes to the quarantine.

Hashing is twice as fast as scanning what is not compressed, and so would make it a third dearer for topics that are
read once. Such a batch is hashed when it is seen again; what is compressed is hashed at once, as that costs little
beside opening it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.facts import Blocked, Fact, Filtered, Found, Transformed
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.tally import FINDING, REMAINDER
from zoneproxy.wire.batch import Whole
from zoneproxy.wire.buffer import Buffer

MAX_SEEN = 65_536  # batches that were seen once; at the bound all are forgotten
OVERHEAD = 1_024  # bytes that an entry takes besides its batch, about
_FACT = 256  # bytes of one fact, about
_DIGEST = 32

Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Treated:
    """What became of one batch. ``piece`` takes its place; None: it goes on as it came."""

    piece: bytes | None
    facts: Sequence[Fact]
    blocked: int
    reason: str

    @property
    def size(self) -> int:
        """Bytes of memory, about."""
        return OVERHEAD + len(self.piece or b"") + _FACT * len(self.facts)

    @property
    def stays_true(self) -> bool:
        """Whether it will come out the same the next time.

        What could not be looked into may be able to, then: a schema may have come, a limit may have been raised.
        """
        return all(
            isinstance(fact, (Found, Transformed, Filtered))
            or (isinstance(fact, Blocked) and fact.reason in (FINDING, REMAINDER))
            for fact in self.facts
        )


class FetchCache:
    """Of one worker. Holds ``max_bytes`` at most, and lets go first what was not used longest."""

    def __init__(self, max_bytes: int, alone: AbstractContextManager[object] | None = None) -> None:
        """0: it keeps nothing. ``alone`` is entered around each use, if there is more than one thread (a lock)."""
        self.size = 0  # bytes
        self._max_bytes = max_bytes
        self._kept: OrderedDict[Key, Treated] = OrderedDict()
        self._seen: set[Key] = set()
        self._alone = alone or nullcontext()

    def key(self, batch: Whole, plan: ControlPlan, crossing: Crossing) -> Key | None:
        """What is known of the batch goes by this; None: nothing is, and nothing will be kept."""
        if not self._max_bytes or plan.per_principal or plan.signs:
            return None
        header = batch.header
        zones = crossing.from_zone, crossing.to_zone
        place = (plan, crossing.observe, *zones, crossing.topic, crossing.partition, header.base_offset)
        if not header.codec and not self._seen_before((*place, header.batch_length, header.crc)):
            return None
        return (*place, len(batch.view), blake2b(batch.view, digest_size=_DIGEST).digest())

    def get(self, key: Key) -> Treated | None:
        """What became of the batch before."""
        with self._alone:
            known = self._kept.get(key)
            if known is not None:
                self._kept.move_to_end(key)
            return known

    def put(self, key: Key, treated: Treated) -> None:
        """Keep what became of the batch, if there is room for it at all."""
        if treated.size > self._max_bytes or not treated.stays_true:
            return
        with self._alone:
            before = self._kept.pop(key, None)
            self.size += treated.size - (before.size if before else 0)
            self._kept[key] = treated
            while self.size > self._max_bytes:
                self.size -= self._kept.popitem(last=False)[1].size

    def _seen_before(self, key: Key) -> bool:
        with self._alone:
            if key in self._seen:
                return True
            if len(self._seen) >= MAX_SEEN:
                self._seen.clear()
            self._seen.add(key)
            return False


def as_kept(piece: Buffer, batch: Whole) -> bytes | None:
    """What is kept of ``piece``, which takes the place of ``batch``: not what holds on to a whole reply."""
    return None if piece is batch.view else bytes(piece)
