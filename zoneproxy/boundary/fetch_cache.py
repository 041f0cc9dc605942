"""What became of fetched batches, kept, so that ten consumer groups do not cost ten scans.

A batch is known by its bytes (BLAKE2), where it stands, and the compiled controls; what comes out depends on nothing
else, except where controls are about who asks or sign what they let through: that is not kept. Neither is what could
come out otherwise the next time, nor what goes to the quarantine.

Hashing takes half as long as scanning what is not compressed, and comparing a tenth of that. So of such a batch a copy
is held, as long as there is room, and whoever reads it next is given what became of it if all bytes are the same. Of
those that were read again the hash is taken when they have to make room. What is compressed is hashed at once: that
costs little beside opening it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from zoneproxy.boundary.crossing import Crossing
from zoneproxy.boundary.facts import Blocked, Fact, Filtered, Found, Transformed
from zoneproxy.boundary.plan import ControlPlan
from zoneproxy.boundary.tally import FINDING, REMAINDER
from zoneproxy.wire.batch import Whole
from zoneproxy.wire.buffer import Buffer

MAX_SEEN = 65_536  # batches of which no copy could be held; at the bound all are forgotten
COPIES = 4  # one part in so many of all room is for copies
OVERHEAD = 1_024  # bytes that an entry takes besides its batch, about
_FACT = 256  # bytes of one fact, about
_DIGEST = 32


class Key(NamedTuple):
    """What is known of a batch goes by this. Without a ``digest`` only together with the bytes of the batch."""

    place: tuple[object, ...]
    digest: bytes | None = None


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


@dataclass(slots=True)
class _Copy:
    """A batch as it came, and what became of it. ``again``: it was read once more."""

    batch: bytes
    treated: Treated
    again: bool = False

    @property
    def size(self) -> int:
        return len(self.batch) + self.treated.size


class FetchCache:
    """Of one worker. Holds ``max_bytes`` at most, and lets go first what was not used longest."""

    def __init__(self, max_bytes: int, alone: AbstractContextManager[object] | None = None) -> None:
        """0: it keeps nothing. ``alone`` is entered around each use, if there is more than one thread (a lock)."""
        self.size = 0  # bytes
        self._max_bytes = max_bytes
        self._kept: OrderedDict[Key, Treated] = OrderedDict()
        self._copies: OrderedDict[Key, _Copy] = OrderedDict()
        self._size_of_copies = 0
        self._seen: set[Key] = set()
        self._alone = alone or nullcontext()

    def key(self, batch: Whole, plan: ControlPlan, crossing: Crossing) -> Key | None:
        """What is known of the batch goes by this; None: nothing is, and nothing will be kept."""
        if not self._max_bytes or plan.per_principal or plan.signs:
            return None
        header = batch.header
        zones = crossing.from_zone, crossing.to_zone
        where = (plan, crossing.observe, *zones, crossing.topic, crossing.partition, header.base_offset)
        key = Key((*where, header.batch_length, header.crc))
        return _hashed(key, batch.view) if header.codec or self._was_seen(key) else key

    def get(self, key: Key, batch: Whole) -> Treated | None:
        """What became of the batch before."""
        with self._alone:
            if key.digest is not None:
                known = self._kept.get(key)
                if known is not None:
                    self._kept.move_to_end(key)
                return known
            copy = self._copies.get(key)
        if copy is None or copy.batch != bytes(batch.view):
            return None
        with self._alone:
            copy.again = True
            if key in self._copies:
                self._copies.move_to_end(key)
        return copy.treated

    def put(self, key: Key, treated: Treated, batch: Whole) -> None:
        """Keep what became of the batch, if there is room for it at all."""
        if not treated.stays_true:
            return
        if key.digest is not None:
            self._keep(key, treated)
            return
        for other, copy in self._hold(key, _Copy(bytes(batch.view), treated)):
            self._keep(_hashed(other, copy.batch), copy.treated)

    def _hold(self, key: Key, copy: _Copy) -> list[tuple[Key, _Copy]]:
        """Hold a copy; those that were read again and have to make room for it."""
        read_again = []
        with self._alone:
            before = self._copies.pop(key, None)
            self._grow_copies(copy.size - (before.size if before else 0))
            self._copies[key] = copy
            while self._size_of_copies > self._max_bytes // COPIES:
                other, out = self._copies.popitem(last=False)
                self._grow_copies(-out.size)
                self._note_seen(other)
                if out.again:
                    read_again.append((other, out))
            self._make_room()
        return read_again

    def _keep(self, key: Key, treated: Treated) -> None:
        if treated.size > self._max_bytes:
            return
        with self._alone:
            before = self._kept.pop(key, None)
            self.size += treated.size - (before.size if before else 0)
            self._kept[key] = treated
            self._make_room()

    def _make_room(self) -> None:
        while self.size > self._max_bytes:  # copies alone are never so many
            self.size -= self._kept.popitem(last=False)[1].size

    def _grow_copies(self, size: int) -> None:
        self._size_of_copies += size
        self.size += size

    def _was_seen(self, key: Key) -> bool:
        with self._alone:
            return key in self._seen

    def _note_seen(self, key: Key) -> None:
        """No copy of it can be held: it is to be hashed the next time."""
        if len(self._seen) >= MAX_SEEN:
            self._seen.clear()
        self._seen.add(key)


def _hashed(key: Key, batch: Buffer) -> Key:
    return Key(key.place, blake2b(batch, digest_size=_DIGEST).digest())


def as_kept(piece: Buffer, batch: Whole) -> bytes | None:
    """What is kept of ``piece``, which takes the place of ``batch``: not what holds on to a whole reply."""
    return None if piece is batch.view else bytes(piece)
