"""One client connection, the broker connection behind it, and the life of both.

All work is done in ``pump``, on whatever event made it possible: replies first, since they make room for requests.
What may be read on either side follows from what there is room for; nothing is ever dropped to make room.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from zoneproxy.boundary.interceptor import Context, SessionFacts
from zoneproxy.errors import ProtocolError
from zoneproxy.net.deadlines import Deadlines
from zoneproxy.net.in_flight import InFlightTable
from zoneproxy.net.link import Link
from zoneproxy.net.relogin import Relogin
from zoneproxy.net.replies import Replies
from zoneproxy.net.requests import Requests
from zoneproxy.net.strength import admits
from zoneproxy.net.upstream import Dialled, UpstreamError

if TYPE_CHECKING:
    from zoneproxy.net.observer import Connection, Side
    from zoneproxy.net.reauthentication import Reauthentication
    from zoneproxy.net.worker import Route, Worker
    from zoneproxy.policy.model import PeerFacts, Principal
    from zoneproxy.policy.snapshot import PolicySnapshot

# Messages handled before other connections have their turn, and the seconds after which none is begun: records that
# are looked through at once can take much longer than most messages.
TURN = 64
TURN_SECONDS = 0.005


class Session:
    """Begins when the client is known; is over when both connections are gone, and then calls ``gone``, once."""

    __slots__ = (
        "_again",
        "_closing",
        "_deadlines",
        "_dialling",
        "_discard",
        "_ending",
        "_ends",
        "_gone",
        "_opened",
        "_over",
        "_pumping",
        "_upstream_ended",
        "api_key",
        "client",
        "connection",
        "facts",
        "peer",
        "principal",
        "relogin",
        "replies",
        "requests",
        "route",
        "sasl",
        "snapshot",
        "table",
        "upstream",
        "worker",
    )

    def __init__(self, worker: Worker, route: Route, connection: Connection, gone: Callable[[Session], None]) -> None:
        self.worker = worker
        self.route = route
        self.connection = connection
        self.client = Link(self, worker.read_buffer, worker.bounds.max_unauthenticated_frame)
        self.upstream: Link | None = None
        self.table = InFlightTable(worker.bounds.max_in_flight_requests, worker.bounds.max_in_flight_bytes)
        self.principal: Principal | None = None
        self.facts: SessionFacts | None = None  # once the broker is there
        self.api_key = -1  # of the message last handled
        self.requests = Requests(self)
        self.relogin: Relogin | None = None  # where the broker wants the proxy to log in now and then
        self.replies = Replies(self)
        self.peer: PeerFacts | None = None
        self.sasl: Reauthentication | None = None
        self._ends: float | None = None  # when the client's certificate does, in seconds since the epoch
        self.snapshot: PolicySnapshot | None = None  # that the principal was found in
        self._dialling: asyncio.Task[Dialled] | None = None
        self._opened = worker.ticks()
        self._deadlines = Deadlines(worker.bounds, self._opened)
        self._pumping = False
        self._again = False  # a further turn is scheduled
        self._upstream_ended = False  # the broker sends nothing more
        self._ending: str | None = None  # why no more requests come, once that is so
        self._discard = False  # nor are those handled that wait
        self._closing: str | None = None  # why it is over, once that is so
        self._over = False
        self._gone = gone

    # --- life

    def begin(
        self,
        principal: Principal,
        peer: PeerFacts | None,
        snapshot: PolicySnapshot,
        sasl: Reauthentication | None = None,
        ends: float | None = None,
    ) -> None:
        """The client is ``principal`` under ``snapshot``, by what ``peer`` says: take its requests from now on.

        ``sasl`` where it has authenticated so; ``ends``: its certificate, in seconds since the epoch.
        """
        self.principal, self.peer, self.snapshot = principal, peer, snapshot
        self.sasl, self._ends = sasl, ends
        self.connection.principal = principal.name
        self.client.reader.cap = self.worker.bounds.max_frame
        self.worker.observer.connection_opened(self.connection)
        self.wake()
        self._leave()

    def dial(self) -> None:
        """Connect to the broker."""
        self._deadlines.first = False
        self._dialling = self.worker.loop.create_task(self.route.dialler.dial(self.connection.node))
        self._dialling.add_done_callback(self._dialled)

    def _dialled(self, task: asyncio.Task[Dialled]) -> None:
        self._dialling = None
        if task.cancelled():
            self._leave()
            return
        error = task.exception()
        if error is None:
            self._join(task.result())
        elif isinstance(error, UpstreamError):
            self.close("upstream_unreachable")
        else:
            self._fault(error)

    def _join(self, dialled: Dialled) -> None:
        """The broker is there."""
        link = dialled.link
        if self._closing is not None:
            link.abort()
            self._leave()
            return
        assert self.principal is not None
        self.facts = self.route.facts(self.principal, self.connection, dialled.versions)
        self.upstream = link
        if dialled.renew is not None and self.route.dialler.login is not None:
            self.relogin = Relogin(self, self.route.dialler.login, dialled)
        self._upstream_ended = link.lost
        self.replies.exhausted = False
        link.owner = self
        link.reader.cap = self.worker.bounds.max_frame
        self.wake()

    def end(self, reason: str) -> None:
        """Take no more requests; close when those in flight are answered and everything is written."""
        self._discard = True
        self._ending = self._ending or reason

    def drain(self) -> None:
        """``end``, from outside."""
        self.end("drained")
        self.wake()

    def close(self, reason: str, *, in_order: bool = False) -> None:
        """Close both connections once what was written to them has gone out. Does nothing the second time.

        ``in_order``: the client did nothing wrong, and is to get the last replies even if it is sending.
        """
        if self._closing is not None:
            return
        self._closing = reason
        self._deadlines.close(self.worker.ticks())
        self.requests.cancel()
        self.replies.cancel()
        if self._dialling is not None:
            self._dialling.cancel()
        if self.relogin is not None:
            self.relogin.cancel()
        if in_order:
            self.client.finish()
        else:
            self.client.close()
        if self.upstream is not None:
            self.upstream.close()
        self._leave()

    def abort(self, reason: str) -> None:
        """Close both connections now."""
        self.close(reason)
        self.client.abort()
        if self.upstream is not None:
            self.upstream.abort()

    def check(self, now: float) -> None:
        """Close what is overdue; ``now`` is ``Worker.ticks``."""
        reason = self._deadlines.overdue(now, self.client, self.upstream)
        if reason == "slow":
            self._violation("client", reason)
        elif reason == "idle":
            self.close(reason)
        elif reason is not None:
            self.abort(reason)
        elif self._ends is not None and self.worker.clock() >= self._ends:
            self.end("certificate_expired")
            self.wake()
        elif self.relogin is not None:
            self.relogin.check(now)

    def _leave(self) -> None:
        """Say goodbye when nothing is left."""
        if self._over or self._closing is None or self.principal is None:
            return
        if self._dialling is not None or not self.client.lost:
            return
        if self.upstream is None or self.upstream.lost:
            self._over = True
            seconds = self.worker.ticks() - self._opened
            self.worker.observer.connection_closed(self.connection, self._closing, seconds)
            self._gone(self)

    @property
    def held(self) -> int:
        """Bytes that wait in this session: to be taken, decided or looked through, and to be sent."""
        held = self.client.reader.held + self.client.unsent + self.requests.held + self.replies.held
        return held if self.upstream is None else held + self.upstream.reader.held + self.upstream.unsent

    # --- for requests and replies

    def takes_requests(self) -> bool:
        """Whether a further request can be handled now."""
        upstream = self.upstream
        return (
            (upstream.writable if upstream is not None else self._dialling is None)
            and self.table.room
            and self.client.writable
            and not (self._discard or self._upstream_ended)
            and (self.relogin is None or not self.relogin.holding)
        )

    def identify(self, snapshot: PolicySnapshot) -> bool:
        """Find out who the client is under another policy. False: nobody; the session is closed."""
        if not admits(snapshot.zones.get(self.route.zone), self.connection.tls, self.peer):
            self.close("encryption")
            return False
        principal = self.route.identify(snapshot, self.peer)
        if principal is None:
            self.close("principal_revoked")
            return False
        assert self.facts is not None
        self.principal, self.snapshot = principal, snapshot
        self.connection.principal = principal.name  # whoever reads the log asks for who it is now
        self.facts = replace(self.facts, principal=principal)
        return True

    def renew(self, peer: PeerFacts, principal: Principal) -> None:
        """The client has proved again that it is who it was; its groups may be others now."""
        assert self.facts is not None
        self.peer, self.principal = peer, principal
        self.facts = replace(self.facts, principal=principal)

    def tell(self, ctx: Context) -> None:
        """Pass on what was found worth telling."""
        facts, ctx.facts = ctx.facts, []
        self.worker.observer.facts(self.connection, ctx.header.api_key, facts)
        if self.worker.reporter is not None:
            self.worker.reporter.report(facts, self.connection, ctx)

    # --- work

    def wake(self) -> None:
        """Something has happened that may let either direction go on."""
        self.requests.idle = self.replies.idle = False
        self.pump()

    def pump(self) -> None:
        """Do all that can be done now, a turn's worth at most."""
        if self._pumping or self._closing is not None or self.principal is None:
            return
        self._pumping = True
        requests, replies = self.requests, self.replies
        left, until, more = TURN, 0.0, False
        side: Side = "client"
        try:
            while True:
                side = "upstream"
                if replies.idle or not replies.step():
                    side = "client"
                    if requests.idle or not requests.step():
                        break
                if (requests.idle and replies.idle) or self._closing is not None:
                    break
                now = self.worker.ticks()
                until = until or now + TURN_SECONDS
                left -= 1
                if not left or now >= until:
                    more = True
                    break
        except ProtocolError as error:
            self._violation(side, error.reason)
        except Exception as error:  # noqa: BLE001 the one place where a fault of ours becomes a closed connection
            self._fault(error)
        finally:
            self._pumping = False
        if self._closing is None:
            self._settle(more)

    def _settle(self, more: bool) -> None:
        """Write what has collected; read what there is room for."""
        client, upstream = self.client, self.upstream
        if client.dirty:
            client.flush()
        if upstream is not None and upstream.dirty:
            upstream.flush()
        if self._ending is not None or self._upstream_ended:
            reason = self._end_of_work()
            if reason is not None:
                self.close(reason, in_order=True)
                return
        on = not (more or self.requests.waiting) and self.takes_requests()
        if on is not client.reading:
            client.read(on)
        if upstream is not None:
            on = client.writable and not (more or self.replies.waiting)
            if on is not upstream.reading:
                upstream.read(on)
        if more and not self._again:
            self._again = True
            self.worker.loop.call_soon(self._next_turn)

    def _next_turn(self) -> None:
        self._again = False
        self.wake()

    def _end_of_work(self) -> str | None:
        """Why there is nothing more to do for this session, if so."""
        if self._upstream_ended and self.replies.exhausted and not self.replies.waiting:
            return "upstream_closed"
        if self._ending is None or self.requests.waiting or not (self._discard or self.requests.exhausted):
            return None
        return self._ending if self.client.lost or not len(self.table) else None

    # --- what the links tell

    def link_readable(self, link: Link) -> None:
        """See LinkOwner."""
        self._deadlines.touched = True
        if link is self.client:
            self.requests.exhausted = self.requests.idle = False
        else:
            self.replies.exhausted = self.replies.idle = False
        self.pump()

    def link_writable(self, link: Link) -> None:
        """See LinkOwner."""
        self.wake()

    def link_ended(self, link: Link) -> None:
        """See LinkOwner."""
        if link is self.client:
            self._ending = self._ending or ("truncated" if self._cut_short() else "client_closed")
        else:
            self._upstream_ended = True
        self.wake()

    def link_broken(self, link: Link, error: ProtocolError) -> None:
        """See LinkOwner."""
        self._violation("client" if link is self.client else "upstream", error.reason)

    def link_lost(self, link: Link, clean: bool) -> None:
        """See LinkOwner. A client that left in good order has its last requests forwarded (acks=0)."""
        if link is self.client and not clean:
            self.close("client_reset")
        self.link_ended(link)
        self._leave()

    def _cut_short(self) -> bool:
        return self.requests.exhausted and self.client.reader.partial

    # --- what goes wrong

    def _violation(self, side: Side, reason: str) -> None:
        self.close("protocol_error")
        self.worker.observer.protocol_error(self.connection, side, reason)

    def _fault(self, error: BaseException) -> None:
        self.close("internal_error")
        self.worker.observer.chain_error(self.connection, self.api_key, type(error).__name__)
