"""Room for the sessions that clients have broker state for: bounded for all of a worker's connections together.

Whoever finds no room goes on without a session, which costs time and nothing else.
"""

from __future__ import annotations

MAX_PARTITIONS = 300_000  # some 150 MB


class Room:
    """Counts the partitions that sessions hold."""

    __slots__ = ("_held",)

    def __init__(self) -> None:
        self._held = 0

    def lease(self) -> Lease:
        """A share of the room, still empty. It is given back when nobody holds the lease any longer."""
        return Lease(self)

    def change(self, difference: int) -> None:
        """So many more are held, or fewer."""
        self._held += difference

    @property
    def is_left(self) -> bool:
        """Whether all together hold no more than they may."""
        return self._held <= MAX_PARTITIONS


class Lease:
    """What one session holds."""

    __slots__ = ("_held", "_room")

    def __init__(self, room: Room) -> None:
        self._room = room
        self._held = 0

    def hold(self, partitions: int) -> bool:
        """Hold that many from now on. False: there is no room for it, and the session is to be given up."""
        self._room.change(partitions - self._held)
        self._held = partitions
        return self._room.is_left

    def __del__(self) -> None:
        self._room.change(-self._held)
