"""The requests of one session that have no answer yet, in the order in which the client asked.

Kafka answers a connection's requests strictly in order (KIP-219 and before): clients match by order and check the
correlation id. So an answer given here waits behind those that the broker still owes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoneproxy.errors import ProtocolError

if TYPE_CHECKING:
    from zoneproxy.boundary.interceptor import Context, Then


@dataclass(slots=True)
class InFlight:
    """One request. Times are ``Worker.ticks``."""

    ctx: Context
    thens: Sequence[Then]
    size: int  # bytes it counts for in the budget
    arrived: float  # when the request was whole
    forwarded: float  # when it was written to the broker, or answered here
    reply: bytes | bytearray | None = None  # the answer, if it was given here
    taken: Callable[[bytes | bytearray], None] | None = None  # takes the broker's reply: the request was ours


class InFlightTable:
    """Bounded: while there is no ``room``, its owner takes no further requests.

    One request that is larger than the whole budget goes alone.
    """

    __slots__ = ("_max_bytes", "_max_requests", "_queue", "_size", "own", "room")

    def __init__(self, max_requests: int, max_bytes: int) -> None:
        self._max_requests = max_requests
        self._max_bytes = max_bytes
        self._queue: deque[InFlight] = deque()
        self._size = 0
        self.own = 0  # answers given here that wait
        self.room = True  # one more may be added

    def __len__(self) -> int:
        return len(self._queue)

    def add(self, request: InFlight) -> None:
        """A request was forwarded, or answered here."""
        self._queue.append(request)
        if request.reply is not None:
            self.own += 1
        self._size = size = self._size + request.size
        self.room = size < self._max_bytes and len(self._queue) < self._max_requests

    def awaited(self, correlation_id: int) -> InFlight:
        """The request that a broker's reply with this id answers; it stays until ``done``.

        Raises ProtocolError (``unasked_reply``, ``correlation_id``) if it is not the next one's.
        """
        queue = self._queue
        if not queue or (head := queue[0]).reply is not None:
            raise ProtocolError("unasked_reply")
        if head.ctx.header.correlation_id != correlation_id:
            raise ProtocolError("correlation_id")
        return head

    def done(self) -> InFlight:
        """Remove the oldest request: it is answered."""
        head = self._queue.popleft()
        if head.reply is not None:
            self.own -= 1
        self._size = size = self._size - head.size
        self.room = size < self._max_bytes
        return head

    def ready(self) -> bool:
        """Whether the oldest request was answered here, so that its answer may go."""
        return bool(self._queue) and self._queue[0].reply is not None
