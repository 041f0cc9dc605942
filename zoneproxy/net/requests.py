"""From client to broker: a frame becomes a message, the chain decides, and it goes on, is answered, or ends it all.

Strictly one after the other: while a request waits for something, those behind it stay in the reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from zoneproxy.boundary.chain import Routed
from zoneproxy.boundary.facts import Noticed
from zoneproxy.boundary.glass import note_broken_glass
from zoneproxy.boundary.interceptor import Context
from zoneproxy.net.driver import Driver, Run
from zoneproxy.net.in_flight import InFlight
from zoneproxy.wire.codec import Decoded, decode_request, encode_request, encode_response, read_request_header

if TYPE_CHECKING:
    from zoneproxy.boundary.interceptor import SessionFacts
    from zoneproxy.net.observer import Decision
    from zoneproxy.net.session import Session
    from zoneproxy.policy.snapshot import PolicySnapshot
    from zoneproxy.wire.messages.message import Message


class _Request(NamedTuple):
    """A request that waits to be decided."""

    frame: bytes | bytearray
    ctx: Context
    arrived: float
    decoded: Decoded[Message]


class Requests:
    """The way of one session's requests."""

    __slots__ = ("_at_work", "_driver", "_first", "_request", "_session", "exhausted", "idle", "waiting")

    def __init__(self, session: Session) -> None:
        self._session = session
        self._driver: Driver[Routed] = Driver(session.route.needs, session.wake)
        self._at_work = self._driver  # the one that was started last
        self._request: _Request | None = None  # is being decided
        self._first: bytes | bytearray | None = None  # waits for the upstream connection
        self.exhausted = True  # all whole frames that have come were taken
        self.idle = True  # there is nothing to do until something happens
        self.waiting = False  # a request that was taken from the reader is not decided yet

    @property
    def held(self) -> int:
        """Bytes of the frame that is not decided yet."""
        frame = self._first if self._request is None else self._request.frame
        return 0 if frame is None else len(frame)

    def cancel(self) -> None:
        """Give up what is being decided."""
        self._at_work.cancel()
        self._first = None
        self.waiting = False

    def step(self) -> bool:
        """Go one step; False if nothing can be done now. Raises ProtocolError for bytes that are no request."""
        session = self._session
        self.idle = True
        if self._at_work.busy:
            return self._go_on()
        if not session.takes_requests():
            return False
        reader = session.client.reader
        frame = self._first or reader.next_frame()
        self.idle = self.exhausted = reader.drained
        if frame is None:
            return False
        if session.facts is None:
            self._first = frame
            self.waiting = True
            session.dial()
            return False
        self._first = None
        self.waiting = False
        self._decide(frame)
        return True

    def _go_on(self) -> bool:
        """Act on what had to be waited for, if that is over."""
        if not self._at_work.finished:
            return False
        routed = self._at_work.take()
        request, self._request = self._request, None
        self.waiting = False
        assert request is not None
        self.idle = self.exhausted
        self._act(request.frame, request.ctx, request.arrived, request.decoded, routed)
        return True

    def _decide(self, frame: bytes | bytearray) -> None:
        session = self._session
        worker = session.worker
        now = worker.clock()
        snapshot = worker.policy.snapshot.at(now)
        if snapshot is not session.snapshot and not session.identify(snapshot):
            return
        facts, sasl = session.facts, session.sasl
        assert facts is not None
        arrived = worker.ticks()
        known = worker.chain.recall(frame, facts, snapshot, now)
        if known is not None and (sasl is None or not sasl.refuses(known[0].header.api_key, now)):
            ctx, routed = known
            session.api_key = ctx.header.api_key
            self._pass_on(frame, len(frame), ctx, routed, arrived)
            return
        self._decide_anew(frame, facts, snapshot, now, arrived)

    def _decide_anew(
        self, frame: bytes | bytearray, facts: SessionFacts, snapshot: PolicySnapshot, now: float, arrived: float
    ) -> None:
        session = self._session
        worker, sasl = session.worker, session.sasl
        header = read_request_header(frame)
        session.api_key = header.api_key
        ctx = Context(facts, header, snapshot, now)
        if snapshot.glass_is_broken:
            note_broken_glass(ctx)
        if sasl is not None and (refused := sasl.refuses(header.api_key, now)):
            session.close(refused)
            return
        decoded = None
        for_sasl = sasl is not None and sasl.takes(header)
        routed = None if for_sasl else worker.chain.admit(ctx)
        if routed is None:
            decoded = decode_request(frame, header)
            outcome: Routed | Run[Routed]
            if for_sasl:
                assert sasl is not None
                self._at_work, outcome = sasl.driver, sasl.request(decoded.message, ctx)
            else:
                self._at_work, outcome = self._driver, worker.chain.request(decoded.message, ctx)
            if isinstance(outcome, Routed):
                routed = outcome
                worker.chain.remember(frame, decoded, ctx, routed)
            elif (result := self._at_work.start(outcome)) is not None:
                routed = result[0]
            else:
                self._request = _Request(frame, ctx, arrived, decoded)
                self.waiting = True
                return
        self._act(frame, ctx, arrived, decoded, routed)

    def _act(
        self,
        frame: bytes | bytearray,
        ctx: Context,
        arrived: float,
        decoded: Decoded[Message] | None,
        routed: Routed,
    ) -> None:
        session = self._session
        decision: Decision = "replied"
        if routed.forward:
            assert decoded is not None
            data = frame
            if routed.edited or not decoded.exact:
                # The client's own bytes go on only if they say no more than was understood.
                data = encode_request(ctx.header, decoded.message)
                _note(ctx, decoded)
            self._pass_on(data, len(frame), ctx, routed, arrived)
            return
        if routed.reply is not None:
            self._answer(len(frame), ctx, arrived, routed.reply, routed.reply_version)
        elif routed.close is not None:
            decision = "closed"
        if ctx.facts:
            session.tell(ctx)
        session.worker.observer.request_decided(session.connection, ctx.header.api_key, len(frame), decision)
        if routed.close is not None:
            session.end(routed.close)

    def _pass_on(self, data: bytes | bytearray, size: int, ctx: Context, routed: Routed, arrived: float) -> None:
        """Send ``data`` to the broker: what has become of a request of ``size`` bytes."""
        session = self._session
        if routed.expects_reply:
            session.table.add(InFlight(ctx, routed.thens, size, arrived, session.worker.ticks()))
        assert session.upstream is not None
        session.upstream.send(data)
        if ctx.facts:
            session.tell(ctx)
        session.worker.observer.request_decided(session.connection, ctx.header.api_key, size, "forwarded")

    def _answer(self, size: int, ctx: Context, arrived: float, reply: Message, version: int | None) -> None:
        """Answer a request of ``size`` bytes here, behind whatever the broker still owes."""
        session, header = self._session, ctx.header
        data = encode_response(
            header.correlation_id, header.api_key, header.api_version if version is None else version, reply
        )
        session.table.add(InFlight(ctx, (), max(size, len(data)), arrived, session.worker.ticks(), reply=data))
        session.replies.idle = False


def _note(ctx: Context, decoded: Decoded[Message]) -> None:
    if decoded.trailing:
        ctx.facts.append(Noticed("trailing_bytes_cut"))
    if decoded.unknown_tags:
        ctx.facts.append(Noticed("unknown_tags_dropped"))
