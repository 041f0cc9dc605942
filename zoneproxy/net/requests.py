"""From client to broker: a frame becomes a message, the chain decides, and it goes on, is answered, or ends it all.

Strictly one after the other: while a request waits for something, those behind it stay in the reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoneproxy.boundary.facts import Noticed
from zoneproxy.boundary.interceptor import Context
from zoneproxy.net.driver import Driver
from zoneproxy.net.in_flight import InFlight
from zoneproxy.wire.codec import Decoded, decode_request, encode_request, encode_response, read_request_header

if TYPE_CHECKING:
    from zoneproxy.boundary.chain import Routed
    from zoneproxy.net.observer import Decision
    from zoneproxy.net.session import Session
    from zoneproxy.wire.messages.message import Message


class _Request:
    """A request that is being decided."""

    __slots__ = ("arrived", "ctx", "decoded", "frame")

    def __init__(self, frame: bytes | bytearray, ctx: Context, arrived: float) -> None:
        self.frame = frame
        self.ctx = ctx
        self.arrived = arrived
        self.decoded: Decoded[Message] | None = None


class Requests:
    """The way of one session's requests."""

    __slots__ = ("_driver", "_first", "_request", "_session", "exhausted", "idle")

    def __init__(self, session: Session) -> None:
        self._session = session
        self._driver: Driver[Routed] = Driver(session.route.needs, session.wake)
        self._request: _Request | None = None  # is being decided
        self._first: bytes | bytearray | None = None  # waits for the upstream connection
        self.exhausted = True  # all whole frames that have come were taken
        self.idle = True  # there is nothing to do until something happens

    @property
    def waiting(self) -> bool:
        """Whether a request that was taken from the reader is not decided yet."""
        return self._first is not None or self._driver.busy

    @property
    def held(self) -> int:
        """Bytes of the frame that is not decided yet."""
        frame = self._first if self._request is None else self._request.frame
        return 0 if frame is None else len(frame)

    def cancel(self) -> None:
        """Give up what is being decided."""
        self._driver.cancel()
        self._first = None

    def step(self) -> bool:
        """Go one step; False if nothing can be done now. Raises ProtocolError for bytes that are no request."""
        session = self._session
        self.idle = True
        if self._driver.busy:
            return self._go_on()
        if not session.takes_requests:
            return False
        reader = session.client.reader
        frame = self._first or reader.next_frame()
        self.idle = self.exhausted = reader.drained
        if frame is None:
            return False
        if session.facts is None:
            self._first = frame
            session.dial()
            return False
        self._first = None
        self._decide(frame)
        return True

    def _go_on(self) -> bool:
        """Act on what had to be waited for, if that is over."""
        if not self._driver.finished:
            return False
        routed = self._driver.take()
        assert self._request is not None
        self.idle = self.exhausted
        self._act(self._request, routed)
        return True

    def _decide(self, frame: bytes | bytearray) -> None:
        session = self._session
        worker = session.worker
        standing = session.standing()
        if standing is None:
            return
        facts, snapshot = standing
        header = read_request_header(frame)
        session.api_key = header.api_key
        ctx = Context(facts, header, snapshot, worker.clock())
        self._request = request = _Request(frame, ctx, worker.ticks())
        routed = worker.chain.admit(ctx)
        if routed is None:
            request.decoded = decoded = decode_request(frame, header)
            result = self._driver.start(worker.chain.request(decoded.message, ctx))
            if result is None:
                return
            routed = result[0]
        self._act(request, routed)

    def _act(self, request: _Request, routed: Routed) -> None:
        self._request = None
        session = self._session
        ctx = request.ctx
        decision: Decision = "replied"
        if routed.forward:
            decision = "forwarded"
            self._forward(request, routed)
        elif routed.reply is not None:
            self._answer(request, routed.reply, routed.reply_version)
        elif routed.close is not None:
            decision = "closed"
        if ctx.facts:
            session.tell(ctx)
        session.worker.observer.request_decided(session.connection, ctx.header.api_key, len(request.frame), decision)
        if routed.close is not None:
            session.end(routed.close)

    def _forward(self, request: _Request, routed: Routed) -> None:
        """Write the request to the broker, in the client's own bytes if they say no more than was understood."""
        session = self._session
        decoded = request.decoded
        assert decoded is not None
        assert session.upstream is not None
        data = request.frame
        if routed.edited or not decoded.exact:
            data = encode_request(request.ctx.header, decoded.message)
            _note(request.ctx, decoded)
        if routed.expects_reply:
            size, arrived = len(request.frame), request.arrived
            session.table.add(InFlight(request.ctx, routed.thens, size, arrived, session.worker.ticks()))
        session.upstream.send(data)

    def _answer(self, request: _Request, reply: Message, version: int | None) -> None:
        """Answer here, behind whatever the broker still owes."""
        header = request.ctx.header
        data = encode_response(
            header.correlation_id, header.api_key, header.api_version if version is None else version, reply
        )
        size = max(len(request.frame), len(data))
        now = self._session.worker.ticks()
        self._session.table.add(InFlight(request.ctx, (), size, request.arrived, now, reply=data))
        self._session.replies.idle = False


def _note(ctx: Context, decoded: Decoded[Message]) -> None:
    if decoded.trailing:
        ctx.facts.append(Noticed("trailing_bytes_cut"))
    if decoded.unknown_tags:
        ctx.facts.append(Noticed("unknown_tags_dropped"))
