"""From broker to client: strictly in the order of the requests, through what the chain left to do, and out.

Replies are as hostile as requests: one that nobody asked for, or out of turn, ends the session, for nobody could
say any more which bytes belong to whom.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from zoneproxy.errors import ProtocolError
from zoneproxy.net.driver import Driver
from zoneproxy.net.in_flight import InFlight
from zoneproxy.wire.codec import Decoded, decode_response, encode_response

if TYPE_CHECKING:
    from zoneproxy.net.session import Session
    from zoneproxy.wire.messages.message import Message


_CORRELATION_ID = Struct(">i").unpack_from


class Replies:
    """The way of one session's replies."""

    __slots__ = ("_arrived", "_decoded", "_driver", "_frame", "_keep", "_session", "exhausted", "idle", "waiting")

    def __init__(self, session: Session) -> None:
        self._session = session
        self._driver: Driver[bool] = Driver(session.route.needs, session.wake)
        self._frame: bytes | bytearray = b""
        self._decoded: Decoded[Message] | None = None
        self._keep = False  # tagged fields that we do not know
        self._arrived = 0.0
        self.exhausted = True  # all whole frames that have come were taken
        self.idle = True  # there is nothing to do until something happens
        self.waiting = False  # a reply that was taken from the reader has not gone out yet

    @property
    def held(self) -> int:
        """Bytes of the frame that has not gone out yet."""
        return len(self._frame)

    def cancel(self) -> None:
        """Give up what is being worked on."""
        self._driver.cancel()
        self.waiting = False

    def step(self) -> bool:
        """Go one step; False if nothing can be done now. Raises ProtocolError for bytes that are no due reply."""
        session = self._session
        if self._driver.busy:
            self.idle = not self._driver.finished
            if self.idle:
                return False
            self.waiting = False
            self._finish(self._driver.take())
            return True
        table = session.table
        if table.own and table.ready():
            self._own()
            return True
        upstream = session.upstream
        self.idle = True
        if upstream is None or not session.client.writable:
            return False
        reader = upstream.reader
        frame = reader.next_frame()
        self.exhausted = reader.drained
        if frame is None:
            return False
        self.idle = reader.drained and not table.own
        self._take(frame)
        return True

    def _take(self, frame: bytes | bytearray) -> None:
        session = self._session
        if len(frame) < 8:
            raise ProtocolError("truncated")
        request = session.table.awaited(_CORRELATION_ID(frame, 4)[0])
        if request.taken is not None:
            session.table.done()
            request.taken(frame)
            return
        ctx, chain = request.ctx, session.worker.chain
        self._arrived = session.worker.ticks()
        thens = request.thens
        if thens and chain.passes(frame, thens, ctx):
            self._send(session.table.done(), frame)
            return
        self._keep = chain.keeps_unknown_tags(ctx)
        if self._keep and not thens:
            self._send(session.table.done(), frame)
            return
        session.api_key = ctx.header.api_key
        self._frame = frame
        self._decoded = decoded = decode_response(frame, ctx.header.api_key, ctx.header.api_version)
        edited = chain.reply(decoded.message, thens, ctx)
        if isinstance(edited, bool):
            self._finish(edited)
        elif (result := self._driver.start(edited)) is not None:
            self._finish(result[0])
        else:
            self.waiting = True

    def _finish(self, edited: bool) -> None:
        """Send the reply, in the broker's own bytes if they say no more than what the client may know."""
        session = self._session
        frame, decoded = self._frame, self._decoded
        self._frame, self._decoded = b"", None
        request = session.table.done()
        header = request.ctx.header
        assert decoded is not None
        keep = self._keep
        if edited or not (decoded.exact or (keep and not decoded.trailing)):
            frame = encode_response(
                header.correlation_id, header.api_key, header.api_version, decoded.message, keep_unknown_tags=keep
            )
        if request.ctx.facts:
            session.tell(request.ctx)
        self._send(request, frame)

    def _own(self) -> None:
        """Send an answer that was given here; its turn has come."""
        request = self._session.table.done()
        assert request.reply is not None
        self._arrived = self._session.worker.ticks()
        self._send(request, request.reply)

    def _send(self, request: InFlight, data: bytes | bytearray) -> None:
        session = self._session
        session.client.send(data)
        requests, worker = session.requests, session.worker
        requests.idle = requests.exhausted  # there is room for one more
        seconds = worker.ticks() - request.arrived
        added = seconds + request.forwarded - self._arrived  # without the time in which the broker had it
        worker.observer.request_answered(
            session.connection, request.ctx.header.api_key, len(data), seconds, added if added > 0.0 else 0.0
        )
